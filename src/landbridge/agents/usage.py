"""What was asked, and what it took: by engagement, flow, phase, task or model; and call by call."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.agents import ledger
from landbridge.agents.policies import limits_of
from landbridge.database.session import TenantSession
from landbridge.kit.pagination import DEFAULT_LIMIT, InvalidCursor, Page, decode_cursor, page_of


class By(StrEnum):
    """What usage is summed by."""

    ENGAGEMENT = "engagement"
    FLOW = "flow"
    PHASE = "phase"
    TASK = "task"
    MODEL = "model"


_KEYS: Final = {
    By.ENGAGEMENT: "coalesce(e.name, '')",
    By.FLOW: "coalesce(c.flow_id::text, '')",
    By.PHASE: "coalesce(c.phase, '')",
    By.TASK: "c.task",
    By.MODEL: "c.model",
}
_SUMS: Final = """
count(*) as calls, count(*) filter (where c.outcome = 'cached') as cached,
count(*) filter (where c.outcome in ('refused', 'denied')) as refused,
coalesce(sum(c.requests), 0)::bigint as requests,
coalesce(sum(c.input_tokens), 0)::bigint as input_tokens,
coalesce(sum(c.output_tokens), 0)::bigint as output_tokens,
coalesce(sum(c.cost_micros), 0)::bigint as cost_micros
  from app.agent_calls c left join app.engagements e on e.id = c.engagement_id
 where c.asked_at > now() - make_interval(days => :days)"""
_CALLS: Final = """
select id, engagement_id, flow_id, phase, task, model, outcome, code, requests, input_tokens,
  cached_tokens, output_tokens, cost_micros, milliseconds, withheld, asked_at
  from app.agent_calls"""


class Sums(BaseModel):
    """What questions took together.

    Attributes:
        key: what they have in common; empty where it is not known.
        cached: answered from what was answered before.
        refused: not answered, or not even asked.
        requests: sent to the provider.
        cost_micros: millionths of a US dollar, spent or reserved.
    """

    key: str
    calls: int
    cached: int
    refused: int
    requests: int
    input_tokens: int
    output_tokens: int
    cost_micros: int


class AccountUsage(BaseModel):
    """Of a client account over some days.

    Attributes:
        month_micros: spent or reserved in this calendar month (UTC), of `budget_micros`.
    """

    days: int
    total: Sums
    by: By
    groups: list[Sums]
    month_micros: int
    budget_micros: int
    calls_per_minute: int


class Call(BaseModel):
    """One question, without its text."""

    id: UUID
    engagement_id: UUID | None
    flow_id: UUID | None
    phase: str | None
    task: str
    model: str
    outcome: str
    code: str | None
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_micros: int
    milliseconds: int
    withheld: int
    asked_at: datetime


def usage(session: TenantSession, days: int = 30, by: By = By.TASK) -> AccountUsage:
    """Of the open account, over the last days; the most expensive first."""
    named = {"days": days}
    total = session.execute(text(f"select '' as key, {_SUMS}"), named).mappings().one()
    groups = session.execute(
        text(f"select {_KEYS[by]} as key, {_SUMS} group by 1 order by 8 desc, 1 limit 200"), named
    )
    limits = limits_of(session)
    return AccountUsage(
        days=days,
        total=Sums(**total),
        by=by,
        groups=[Sums(**row) for row in groups.mappings()],
        month_micros=ledger.spent_this_month(session),
        budget_micros=limits.monthly_micros,
        calls_per_minute=limits.calls_per_minute,
    )


def calls(
    session: TenantSession, *, limit: int = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[Call]:
    """The questions of the open account, newest first.

    Raises:
        InvalidCursor: the cursor was not made for this list.
    """
    after = decode_cursor(cursor, 2) if cursor else None
    named: dict[str, object] = {"limit": limit + 1}
    where = ""
    if after is not None:
        try:
            named |= {"at": datetime.fromisoformat(str(after[0])), "id": UUID(str(after[1]))}
        except ValueError:
            raise InvalidCursor from None
        where = " where (asked_at, id) < (:at, :id)"
    query = text(f"{_CALLS}{where} order by asked_at desc, id desc limit :limit")
    rows = [Call(**row) for row in session.execute(query, named).mappings()]
    return page_of(rows, limit, lambda c: (c.asked_at.isoformat(), str(c.id)))
