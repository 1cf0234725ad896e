"""What a client account has that failed for good and could be tried again: flows that ended failed,
and messages of webhooks that were given up. One list, and one way to replay many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.identity.permissions import Action, allows, require
from landbridge.kit.pagination import DEFAULT_LIMIT, InvalidCursor, Page, decode_cursor, page_of
from landbridge.webhooks import again

AT_ONCE: Final = 100
"""The most that is replayed in one request."""


class Kind(StrEnum):
    """What failed."""

    FLOW = "flow"
    WEBHOOK_DELIVERY = "webhook_delivery"


class DeadLetter(BaseModel):
    """One thing that failed for good.

    Attributes:
        name: the type of a flow, the kind of event of a message.
        code: of the last failure, with its title and remedy.
        engagement_id: of a flow.
        webhook_id: of a message.
    """

    kind: Kind
    id: UUID
    name: str
    failed_at: datetime
    code: str | None
    title: str | None
    remedy: str | None
    engagement_id: UUID | None
    webhook_id: UUID | None


class Named(BaseModel):
    """A dead letter, by its kind and id."""

    kind: Kind
    id: UUID


class Outcome(BaseModel):
    """What became of a replay: it goes on, or why it does not."""

    kind: Kind
    id: UUID
    replayed: bool
    code: str | None = None
    detail: str | None = None


_DEAD: Final = """
  select 'flow' as kind, f.id, f.flow_type as name, f.finished_at as failed_at, r.error,
         f.engagement_id, cast(null as uuid) as webhook_id
    from app.flows f left join lateral (
      select p.error from app.phase_runs p where p.flow_id = f.id and p.status = 'failed'
       order by p.finished_at desc limit 1) r on true
   where f.status = 'failed'
  union all
  select 'webhook_delivery', d.id, d.kind, d.finished_at, a.error, null, d.webhook_id
    from app.webhook_deliveries d left join lateral (
      select t.error from app.webhook_attempts t where t.delivery_id = d.id
       order by t.number desc limit 1) a on true
   where d.status = 'failed' and :webhooks"""
_LIST: Final = text(f"""
select kind, id, name, failed_at, error->>'code' as code, error->>'title' as title,
       error->>'remedy' as remedy, engagement_id, webhook_id
  from ({_DEAD}) x
 where (cast(:kind as text) is null or kind = :kind)
   and (cast(:code as text) is null or error->>'code' = :code)
   and (cast(:at as timestamptz) is null or (failed_at, id) < (:at, cast(:last as uuid)))
 order by failed_at desc, id desc limit :limit""")
_COUNT: Final = text(f"select kind, count(*) as n from ({_DEAD}) x group by kind")


def listed(
    session: TenantSession,
    *,
    kind: Kind | None = None,
    code: str | None = None,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[DeadLetter]:
    """One page, what failed last first. Messages are shown to who may see webhooks.

    Raises:
        InvalidCursor: the cursor was made for another list.
    """
    at, last = _position(cursor) if cursor else (None, None)
    values = {**_who(session), "kind": kind, "code": code, "at": at, "last": last}
    rows = session.execute(_LIST, {**values, "limit": limit + 1}).mappings()
    found = [DeadLetter(**row) for row in rows]
    return page_of(found, limit, lambda d: (d.failed_at.isoformat(), str(d.id)))


def counts(session: TenantSession) -> dict[str, int]:
    """How many there are of each kind."""
    return {row.kind: row.n for row in session.execute(_COUNT, _who(session))}


def replay(
    session: TenantSession, orchestrator: MasterFlowOrchestrator, letters: Sequence[Named]
) -> list[Outcome]:
    """Try each again, as its own page would: a flow from its failed phases, with all before them
    kept; a message with the same id. One that is refused keeps none of the others.
    """
    return [_replayed(session, orchestrator, letter) for letter in letters[:AT_ONCE]]


def _replayed(
    session: TenantSession, orchestrator: MasterFlowOrchestrator, letter: Named
) -> Outcome:
    try:
        with session.begin_nested():
            if letter.kind is Kind.FLOW:
                require(session, Action.CONTROL_FLOW)
                orchestrator.retry(session, letter.id)
            else:
                require(session, Action.MANAGE_WEBHOOKS)
                again.send_again(session, letter.id)
    except LandbridgeError as error:
        if error.status >= 500:
            raise
        told: dict[str, Any] = {"code": error.code, "detail": error.detail}
        return Outcome(kind=letter.kind, id=letter.id, replayed=False, **told)
    return Outcome(kind=letter.kind, id=letter.id, replayed=True)


def _who(session: TenantSession) -> dict[str, bool]:
    return {"webhooks": allows(session.role, Action.VIEW_WEBHOOKS)}


def _position(cursor: str) -> tuple[str, str]:
    at, last = decode_cursor(cursor, 2)
    try:
        if datetime.fromisoformat(at).tzinfo is None:
            raise InvalidCursor
        return at, str(UUID(last))
    except (TypeError, ValueError, AttributeError):
        raise InvalidCursor from None
