"""Healing what the watchdog finds: each remedy is safe to apply twice, and to apply in vain.

A job too many does nothing, a claim raised by one locks the former holder out, and what is
brought in line with the flow's own rows was wrong before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select, text, update

from landbridge.flows import asking, attempts, gates
from landbridge.flows.claims import give_back
from landbridge.flows.diagnosis import Diagnosis, Finding
from landbridge.flows.finding_errors import FOUND
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval, Flow, FlowEvent
from landbridge.flows.phase_errors import PhaseTimedOut
from landbridge.flows.port import Engine
from landbridge.flows.runs import Run
from landbridge.flows.settling import queue, settle
from landbridge.flows.states import ApprovalStatus
from landbridge.flows.types import FlowTypes

_COUNT = text("""
insert into app_private.watchdog_counts as c (day, finding, action, times)
values (current_date, :finding, :action, 1)
on conflict (day, finding, action) do update set times = c.times + 1, last_at = now()""")
_MISSING = text("""
insert into app.flow_events (flow_id, seq, kind, data)
select :flow, s, 'event.lost', '{}'
  from generate_series(1, greatest(:last, (select coalesce(max(seq), 0) from app.flow_events
                                            where flow_id = :flow))) s
 where not exists (select from app.flow_events e where e.flow_id = :flow and e.seq = s)""")


class Healer:
    """Applies the remedies."""

    def __init__(self, types: FlowTypes, engine: Engine) -> None:
        self._types = types
        self._engine = engine
        self._for_phases: Final[dict[Finding, Callable[[LockedFlow, Run], str]]] = {
            Finding.WORKER_LOST: self._queue_again,
            Finding.NO_JOB: self._queue_again,
            Finding.ABANDONED: self._take_away,
            Finding.OVERDUE: self._end_overdue,
            Finding.ORPHANED_WAIT: self._ask_or_pass,
        }
        self._for_flows: Final[dict[Finding, Callable[[LockedFlow], str]]] = {
            Finding.EVENT_GAP: self._fill_gap,
            Finding.GATE_OVERDUE: self._expire,
            Finding.STATUS_BEHIND: self._settle,
        }

    def can_heal(self, diagnosis: Diagnosis) -> bool:
        """Whether there is a remedy; what no worker knows, only a person can bring."""
        return diagnosis.finding in self._for_flows or diagnosis.finding in self._for_phases

    def heal(self, flow: LockedFlow, diagnosis: Diagnosis) -> str:
        """Apply the remedy, say so on the flow, count it; returns what was done."""
        if diagnosis.finding in self._for_flows:
            action = self._for_flows[diagnosis.finding](flow)
        else:
            run = flow.runs[diagnosis.phase or ""]
            action = self._for_phases[diagnosis.finding](flow, run)
        flow.say(
            "watchdog.healed",
            phase=diagnosis.phase,
            data={"finding": diagnosis.finding.value, "action": action},
        )
        known = FOUND[diagnosis.finding](flow_id=str(flow.id))
        flow.record(known, "watchdog", flow.runs.get(diagnosis.phase or ""), action)
        values = {"finding": diagnosis.finding.value, "action": action}
        flow.session.execute(_COUNT, values)
        settle(flow, self._engine)
        flow.write()
        return action

    def _queue_again(self, flow: LockedFlow, run: Run) -> str:
        queue(flow, run, self._engine)
        return "queued_again"

    def _take_away(self, flow: LockedFlow, run: Run) -> str:
        give_back(flow, run, "abandoned")
        return "given_to_another_worker"

    def _end_overdue(self, flow: LockedFlow, run: Run) -> str:
        flow.update_run(run, claim=run.claim + 1)
        seconds = flow.definition.phase(run.phase).timeout_seconds
        attempts.end_failed(flow, run, PhaseTimedOut(phase=run.phase, seconds=seconds))
        return "ended_by_time_out"

    def _expire(self, flow: LockedFlow) -> str:
        if gates.expire(flow, self._types):
            asking.wake_at(flow, flow.now, self._engine)
            return "left_to_another_worker"
        return "deadline_applied"

    def _ask_or_pass(self, flow: LockedFlow, run: Run) -> str:
        asked = [a for a in flow.approvals if a.phase == run.phase]
        if not asked or asked[-1].status == ApprovalStatus.APPROVED:
            flow.update_run(run, gate_open=False)
            return "gate_passed"
        gate = flow.definition.gate(asked[-1].gate)
        flow.session.execute(
            update(Approval)
            .where(Approval.id == asked[-1].id)
            .values(
                status=ApprovalStatus.PENDING.value,
                decided_at=None,
                decided_by=None,
                deadline_at=asking.deadline(flow, gate, self._engine),
            )
            .execution_options(synchronize_session=False)
        )
        flow.forget_rows()
        return "asked_again"

    def _settle(self, _flow: LockedFlow) -> str:
        return "status_corrected"

    def _fill_gap(self, flow: LockedFlow) -> str:
        """Mark what is lost, so that followers get past it; nothing is invented."""
        last = flow.row.last_event_seq
        flow.session.execute(_MISSING, {"flow": flow.id, "last": last})
        highest = select(func.coalesce(func.max(FlowEvent.seq), 0)).where(
            FlowEvent.flow_id == flow.id
        )
        flow.session.execute(
            update(Flow)
            .where(Flow.id == flow.id)
            .values(last_event_seq=highest.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
        return "gap_marked"
