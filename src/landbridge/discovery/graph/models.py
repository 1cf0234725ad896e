"""Tables of the grouping of an engagement's assets."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class AssetGrouping(TenantOwned, Base):
    """What the groups of an engagement were made with; the newest replaces the one before."""

    __tablename__ = "asset_groupings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    flow_id: Mapped[UUID]
    wanted: Mapped[int]
    resolution: Mapped[float]
    modularity: Mapped[float]
    assets: Mapped[int]
    edges: Mapped[int]
    groups: Mapped[int]
    circles: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class AssetGroup(TenantOwned, Base):
    """Assets that move together; number 0 holds the shared services."""

    __tablename__ = "asset_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    grouping_id: Mapped[UUID]
    number: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    size: Mapped[int]
    circle: Mapped[int]
    inside: Mapped[int]
    outside: Mapped[int]
    reasons: Mapped[list[Any]]


class AssetGroupMember(TenantOwned, Base):
    """An asset of a group; confidence is per mille."""

    __tablename__ = "asset_group_members"

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(primary_key=True)
    circle: Mapped[UUID | None]
    confidence: Mapped[int]
    why: Mapped[str] = mapped_column(default="")


class AssetGroupEdge(TenantOwned, Base):
    """How many edges lead from the assets of one group to those of another."""

    __tablename__ = "asset_group_edges"

    from_group_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_group_id: Mapped[UUID] = mapped_column(primary_key=True)
    edges: Mapped[int]
