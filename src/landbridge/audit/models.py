"""Tables of the audit log. The database alone writes them; a session only reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned


class AuditEntry(TenantOwned, Base):
    """One thing that somebody did. The columns after `entry` are made from it."""

    __tablename__ = "audit_entries"

    began: Mapped[datetime] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    entry: Mapped[Any] = mapped_column(JSON, nullable=False)
    action: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    actor_id: Mapped[UUID | None] = mapped_column(server_default=FetchedValue())
    object_type: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    object_id: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    engagement_id: Mapped[UUID | None] = mapped_column(server_default=FetchedValue())
    trace_id: Mapped[str | None] = mapped_column(server_default=FetchedValue())


class AuditLink(TenantOwned, Base):
    """The seal of one transaction; `seq` has no gaps."""

    __tablename__ = "audit_links"

    seq: Mapped[int] = mapped_column(primary_key=True)
    began: Mapped[datetime]
    xid: Mapped[int]
    n: Mapped[int]
    root: Mapped[bytes]
    hash: Mapped[bytes]


class AuditCheckpoint(TenantOwned, Base):
    """A signed statement of what the chain was at `seq`, as a C2SP note."""

    __tablename__ = "audit_checkpoints"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    note: Mapped[str]
