"""Table of assessment: findings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class FindingStatus(StrEnum):
    """The life of a finding."""

    OPEN = "open"
    ACCEPTED = "accepted"  # a person accepted the risk, with a reason
    RESOLVED = "resolved"  # its cause is gone


class StoredFinding(TenantOwned, Base):
    """One finding of an engagement; `cache_key` is the same in every run that finds it."""

    __tablename__ = "findings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    code: Mapped[str]
    severity: Mapped[str]
    title: Mapped[str]
    detail: Mapped[str]
    remedy: Mapped[str]
    data: Mapped[dict[str, Any]]
    cache_key: Mapped[str]
    status: Mapped[str] = mapped_column(default=FindingStatus.OPEN)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
