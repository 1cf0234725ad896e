"""Tables of dependency analysis."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class Dependency(TenantOwned, Base):
    """One edge: `from` needs `to`. Confidence is per mille; port 0 means none is known."""

    __tablename__ = "dependencies"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    from_asset_id: Mapped[UUID]
    to_asset_id: Mapped[UUID]
    kind: Mapped[str]
    port: Mapped[int] = mapped_column(default=0)
    protocol: Mapped[str] = mapped_column(default="")
    confidence: Mapped[int]
    observations: Mapped[int]
    evidence: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(default="suggested")
