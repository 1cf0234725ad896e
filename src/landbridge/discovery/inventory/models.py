"""Tables of the inventory."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class Asset(TenantOwned, Base):
    """One asset of an engagement; sizes in MiB. Written in bulk by the inventory phase."""

    __tablename__ = "assets"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    asset_type: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(server_default=FetchedValue())
    environment: Mapped[str]
    criticality: Mapped[str | None]
    os_name: Mapped[str | None]
    os_version: Mapped[str | None]
    cpu_cores: Mapped[int | None]
    memory_mb: Mapped[int | None]
    storage_mb: Mapped[int | None]
    power_state: Mapped[str | None]
    status: Mapped[str | None]
    attributes: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    content_hash: Mapped[bytes]
    first_seen_flow_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class AssetConflict(TenantOwned, Base):
    """Sources disagree about an attribute, or (attribute `identity`) two assets may be one."""

    __tablename__ = "asset_conflicts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    asset_id: Mapped[UUID]
    attribute: Mapped[str]
    candidates: Mapped[list[Any]]
    chosen: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[str] = mapped_column(default="open")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class InventoryEdit(TenantOwned, Base):
    """An edit by hand: attribute → value, set on all selected assets; null clears."""

    __tablename__ = "inventory_edits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    changes: Mapped[dict[str, Any]]
    selection: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    assets: Mapped[int]
    status: Mapped[str] = mapped_column(default="made")
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
    restored: Mapped[int | None]
    kept: Mapped[int | None]


class InventoryEditValue(TenantOwned, Base):
    """What an edit changed about one attribute of one asset. Written in bulk."""

    __tablename__ = "inventory_edit_values"

    edit_id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(primary_key=True)
    attribute: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(default="current")
