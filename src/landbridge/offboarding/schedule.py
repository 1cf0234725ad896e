"""Asking for the erasure of a client account, and taking it back while there is time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from landbridge.kit.clock import now
from landbridge.offboarding.errors import (
    AccountInUse,
    AccountNameNotConfirmed,
    ErasureNotScheduled,
)

GRACE_DAYS: Final = 14
MAX_DAYS: Final = 365
NAMED_FLOWS: Final = 5

_UNDER_WAY: Final = text(
    "select id, flow_type, status from app.flows"
    " where status in ('initialized', 'running', 'waiting', 'paused') order by created_at, id"
)
_STATE: Final = text("select requested_by, requested_at, erase_at, reason from app.offboardings")
_NAME: Final = text("select name from app.client_accounts")
_REQUEST: Final = text(
    "insert into app.offboardings (requested_by, erase_at, reason)"
    " values (:by, :erase_at, :reason)"
    " on conflict (client_account_id) do update set requested_by = excluded.requested_by,"
    " requested_at = now(), erase_at = excluded.erase_at, reason = excluded.reason"
)
_UNDO: Final = text("delete from app.offboardings")


class Scheduled(BaseModel):
    """An erasure that was asked for and can still be taken back."""

    requested_by: UUID
    requested_at: datetime
    erase_at: datetime
    reason: str


class UnderWay(BaseModel):
    """A flow that has not ended."""

    id: UUID
    flow_type: str
    status: str


Open = Session | Connection
"""A transaction in which the client account is open."""


def scheduled(account: Open) -> Scheduled | None:
    """The erasure that is scheduled, if one is."""
    row = account.execute(_STATE).mappings().one_or_none()
    return None if row is None else Scheduled(**row)


def under_way(account: Open) -> list[UnderWay]:
    """The flows that stand against an erasure, oldest first."""
    return [UnderWay(**row) for row in account.execute(_UNDER_WAY).mappings()]


def require_quiet(account: Open) -> None:
    """Refuse while flows have not ended.

    Raises:
        AccountInUse: naming the first of them.
    """
    flows = under_way(account)
    if flows:
        named = ", ".join(f"{f.flow_type} {f.id} ({f.status})" for f in flows[:NAMED_FLOWS])
        more = f" and {len(flows) - NAMED_FLOWS} more" if len(flows) > NAMED_FLOWS else ""
        raise AccountInUse(flows=named + more, flow_ids=[str(f.id) for f in flows])


def require_name(account: Open, typed: str) -> str:
    """The name of the account, which must have been typed exactly.

    Raises:
        AccountNameNotConfirmed: it was not.
    """
    name = str(account.execute(_NAME).scalar_one())
    if typed.strip() != name:
        raise AccountNameNotConfirmed
    return name


def request(
    account: Open, *, by: UUID, name: str, reason: str, days: int = GRACE_DAYS
) -> Scheduled:
    """Schedule the erasure of the open account. Until then everything can be read and taken out,
    and no flow can be started.

    Args:
        account: the open account.
        by: the user who asks.
        name: the account's name, as it was typed.
        reason: why; kept in the audit log.
        days: until it happens.

    Raises:
        AccountNameNotConfirmed: the name is another.
        AccountInUse: flows have not ended.
    """
    require_name(account, name)
    require_quiet(account)
    when = now() + timedelta(days=days)
    account.execute(_REQUEST, {"by": by, "erase_at": when, "reason": reason})
    return Scheduled(requested_by=by, requested_at=now(), erase_at=when, reason=reason)


def undo(account: Open) -> None:
    """Take the erasure back.

    Raises:
        ErasureNotScheduled: there is none.
    """
    if scheduled(account) is None:
        raise ErasureNotScheduled
    account.execute(_UNDO)
