"""Tables of migration strategies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class StrategyRules(TenantOwned, Base):
    """A version of an account's rules; `content` is None for the shipped ones."""

    __tablename__ = "strategy_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int]
    content: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Recommendation(TenantOwned, Base):
    """What is recommended for an application or an asset without one, and what a person decided.
    `rules_version` 0 means the shipped rules.
    """

    __tablename__ = "recommendations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    subject: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    strategy: Mapped[str | None]
    confidence: Mapped[int]
    rule: Mapped[str | None]
    arithmetic: Mapped[str]
    rules_version: Mapped[int]
    facts: Mapped[dict[str, Any]]
    alternatives: Mapped[list[Any]]
    missing: Mapped[list[Any]]
    flow_id: Mapped[UUID]
    assessed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    decided_strategy: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
