"""Client accounts and their engagements."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class ClientAccount(Base):
    """A customer whose data nobody else may see."""

    __tablename__ = "client_accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    four_eyes: Mapped[bool] = mapped_column(server_default=FetchedValue())


class BreakGlass(TenantOwned, Base):
    """An operator's access to a client account: who, as what, why, and until when at most."""

    __tablename__ = "break_glass"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    email: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str]
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Engagement(TenantOwned, Base):
    """One piece of work for a client account: a migration project with its own inventory."""

    __tablename__ = "engagements"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
