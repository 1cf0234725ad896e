"""How long the phases of a flow type took in the open account's own past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from landbridge.database.session import TenantSession

PAST_FLOWS: Final = 20

_PAST: Final = text("""
with recent as (
  select f.id from app.flows f
   where f.flow_type = :flow_type and f.status = 'completed' and f.parent_id is null
   order by f.finished_at desc limit :most)
select r.phase, (select count(*) from recent) as flows,
       percentile_cont(0.5) within group
         (order by extract(epoch from r.finished_at - r.started_at)) as seconds,
       percentile_cont(0.5) within group (order by r.done) as done
  from recent join app.phase_runs r on r.flow_id = recent.id and r.status = 'completed'
 where r.started_at is not null
 group by r.phase""")


@dataclass(frozen=True, slots=True)
class PastPhase:
    """The middle one of the last runs of a phase.

    Attributes:
        seconds: how long it took.
        done: how much work it did, in the phase's unit.
    """

    seconds: float
    done: float


@dataclass(frozen=True, slots=True)
class Past:
    """The last completed flows of a type, forks left out.

    Attributes:
        flows: how many there are, at most `PAST_FLOWS`.
        phases: by phase key; a phase that never ran is missing.
    """

    flows: int
    phases: dict[str, PastPhase]


def past(session: TenantSession, flow_type: str) -> Past:
    """What the open account's own completed flows of this type say."""
    rows = session.execute(_PAST, {"flow_type": flow_type, "most": PAST_FLOWS}).all()
    phases = {row.phase: PastPhase(float(row.seconds), float(row.done)) for row in rows}
    return Past(rows[0].flows if rows else 0, phases)
