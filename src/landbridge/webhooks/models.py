"""Tables of webhooks. Their secrets are in a table that no login reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class Webhook(TenantOwned, Base):
    """One subscription: an address and the kinds of events it is told.

    Attributes:
        shown_as: the address without what it may keep secret; made by the database.
        failing_since: start of the first failed attempt since the last success.
    """

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    url: Mapped[str]
    shown_as: Mapped[str] = mapped_column(FetchedValue(), server_onupdate=FetchedValue())
    description: Mapped[str] = mapped_column(default="")
    kinds: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    enabled: Mapped[bool] = mapped_column(default=True)
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Delivery(TenantOwned, Base):
    """One message to one subscription; its id is the message's `webhook-id`.

    Attributes:
        attempts: how often it was tried in all; numbers the attempts.
        tries: how often since it was born or last sent again; chooses the next pause.
        data: what a message without a flow says.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID]
    kind: Mapped[str]
    flow_id: Mapped[UUID | None]
    seq: Mapped[int | None]
    flow_status: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    attempts: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    finished_at: Mapped[datetime | None]


class Attempt(TenantOwned, Base):
    """One request; without an end it is under way, or its worker died.

    Attributes:
        response: the beginning of the answer's body, as text; never interpreted.
        error: the problem body of why it was not delivered.
    """

    __tablename__ = "webhook_attempts"

    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    finished_at: Mapped[datetime | None]
    status_code: Mapped[int | None]
    response: Mapped[str | None]
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
