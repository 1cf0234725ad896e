"""The table of suggested applications."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class SuggestedApplication(TenantOwned, Base):
    """An application for an asset without one; confidences are per mille."""

    __tablename__ = "suggested_applications"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    application_id: Mapped[UUID]
    confidence: Mapped[int]
    next_best: Mapped[int]
    reasons: Mapped[list[Any]]
    flow_id: Mapped[UUID]
    suggested_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    status: Mapped[str] = mapped_column(default="suggested")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
