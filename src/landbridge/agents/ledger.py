"""The ledger: a question is booked before it is asked, and again when its answer is there.

Both are transactions of their own: what a phase rolls back does not take back what was spent.
Questions of one account are admitted one after the other, so that two cannot share what is left
of a budget. One that never comes back, because its process was killed, stays booked at the most
it could have cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.agents.ledger_errors import AgentBudgetExhausted, AgentCallsTooFast
from landbridge.agents.policies import MICROS, limits_of
from landbridge.agents.port import Usage
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id

_QUEUE: Final = text("""
select pg_advisory_xact_lock(hashtextextended('agents/' || app.tenant()::text, 0))""")
_KEPT: Final = text("""
select answer from app.agent_calls
 where content_hash = :content_hash and outcome = 'answered'
   and asked_at > now() - make_interval(days => :days)
 order by asked_at desc limit 1""")
_SPENT: Final = text("""
select coalesce(sum(cost_micros), 0)::bigint as micros from app.agent_calls
 where asked_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'""")
_LATELY: Final = text("""
select count(*) as calls,
       coalesce(greatest(1, ceil(60 - extract(epoch from now() - min(asked_at)))), 1)::int as wait
  from app.agent_calls
 where asked_at > now() - interval '1 minute' and outcome in ('asked', 'answered', 'refused')""")
_BOOK: Final = text("""
insert into app.agent_calls (client_account_id, id, engagement_id, flow_id, phase, task, model,
  content_hash, outcome, code, cost_micros, withheld)
values (app.tenant(), :id, :engagement_id, :flow_id, :phase, :task, :model, :content_hash,
  :outcome, :code, :cost_micros, :withheld)""")
_CLOSE: Final = text("""
update app.agent_calls set outcome = :outcome, code = :code, requests = :requests,
  input_tokens = :input_tokens, cached_tokens = :cached_tokens, output_tokens = :output_tokens,
  cost_micros = :cost_micros, milliseconds = :milliseconds, answer = cast(:answer as jsonb)
 where id = :id""")


@dataclass(frozen=True, slots=True)
class Question:
    """What the ledger keeps of a question.

    Attributes:
        most_micros: the most it can cost, in millionths of a US dollar.
        withheld: texts that were not sent because they read like orders to a model.
    """

    task: str
    model: str
    content_hash: bytes
    most_micros: int
    engagement_id: UUID | None = None
    flow_id: UUID | None = None
    phase: str | None = None
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """A question that may be asked; with what was answered before, it need not be."""

    id: UUID
    kept: dict[str, Any] | None = None


def admit(
    session: TenantSession, question: Question, cache_days: int
) -> Admitted | LandbridgeError:
    """Book a question; or say why it may not be asked, which is booked too."""
    session.execute(_QUEUE)
    named = {"content_hash": question.content_hash, "days": cache_days}
    kept = session.execute(_KEPT, named).scalar_one_or_none() if cache_days else None
    if kept is not None:
        return Admitted(_book(session, question, "cached"), kept)
    denied = _denied(session, question)
    if denied is not None:
        _book(session, question, "denied", denied.code)
        return denied
    return Admitted(_book(session, question, "asked", cost_micros=question.most_micros))


def close(
    session: TenantSession,
    call_id: UUID,
    usage: Usage,
    cost_micros: int,
    milliseconds: int,
    *,
    answer: Any = None,
    code: str | None = None,
) -> None:
    """Book what came of a question: an answer, or the code of a refusal."""
    session.execute(
        _CLOSE,
        {
            "id": call_id,
            "outcome": "answered" if code is None else "refused",
            "code": code,
            **{name: getattr(usage, name) for name in Usage.__slots__},
            "cost_micros": cost_micros,
            "milliseconds": milliseconds,
            "answer": None if answer is None else jsonio.dumps(answer),
        },
    )


def spent_this_month(session: TenantSession) -> int:
    """Millionths of a US dollar, spent or reserved in this calendar month (UTC)."""
    return int(session.execute(_SPENT).scalar_one())


def _denied(session: TenantSession, question: Question) -> LandbridgeError | None:
    limits = limits_of(session)
    lately = session.execute(_LATELY).one()
    if lately.calls >= limits.calls_per_minute:
        return AgentCallsTooFast(limit=limits.calls_per_minute, retry_after=lately.wait)
    spent = spent_this_month(session)
    if spent + question.most_micros > limits.monthly_micros:
        told = (f"{micros / MICROS:.2f}" for micros in (spent, limits.monthly_micros))
        return AgentBudgetExhausted(spent=next(told), budget=next(told))
    return None


def _book(
    session: TenantSession,
    question: Question,
    outcome: str,
    code: str | None = None,
    cost_micros: int = 0,
) -> UUID:
    call_id = new_id()
    kept = {n: getattr(question, n) for n in Question.__slots__ if n != "most_micros"}
    booked = {"id": call_id, "outcome": outcome, "code": code, "cost_micros": cost_micros}
    session.execute(_BOOK, {**kept, **booked})
    return call_id
