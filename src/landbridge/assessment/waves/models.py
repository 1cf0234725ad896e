"""Tables of the plan of waves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class WavePlan(TenantOwned, Base):
    """The plan of an engagement; the newest replaces the one before."""

    __tablename__ = "wave_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    flow_id: Mapped[UUID]
    settings: Mapped[dict[str, Any]]
    hash: Mapped[str]
    waves: Mapped[int]
    items: Mapped[int]
    assets: Mapped[int]
    staying: Mapped[int]
    edges: Mapped[int]
    violations: Mapped[list[Any]]
    violations_total: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class PlannedWave(TenantOwned, Base):
    """A wave; number 0 holds what does not move."""

    __tablename__ = "waves"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    number: Mapped[int]
    items: Mapped[int]
    assets: Mapped[int]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class WaveItem(TenantOwned, Base):
    """An environment of an application, or an asset without application, in its wave."""

    __tablename__ = "wave_items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    wave_id: Mapped[UUID]
    application_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    environment: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    assets: Mapped[int]
    criticality: Mapped[str | None]
    strategy: Mapped[str | None]
    unit: Mapped[str]
    reasons: Mapped[list[Any]]


class WaveAsset(TenantOwned, Base):
    """An asset of an item."""

    __tablename__ = "wave_assets"

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(primary_key=True)
