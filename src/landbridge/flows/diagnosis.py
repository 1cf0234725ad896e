"""What can be wrong with a flow that has not ended, found from its own rows.

A flow that lives needs a reason to stand still: a phase that a living worker runs, a job in
the engine, a person who is asked, a time that has not come, or a pause. Anything else is a
finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from landbridge.flows.crew import Crew
from landbridge.flows.definitions import GateDefinition, PhaseDefinition
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import FlowEvent
from landbridge.flows.plan import plan
from landbridge.flows.runs import Run
from landbridge.flows.settling import GOING
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus

GRACE: Final = timedelta(seconds=30)
"""What is late by less than this is left to whoever is about to do it."""


class Finding(StrEnum):
    """What the watchdog looks for."""

    NO_JOB = "no_job"
    WORKER_LOST = "worker_lost"
    ABANDONED = "abandoned"
    OVERDUE = "overdue"
    STATUS_BEHIND = "status_behind"
    GATE_OVERDUE = "gate_overdue"
    ORPHANED_WAIT = "orphaned_wait"
    EVENT_GAP = "event_gap"
    UNKNOWN_TO_WORKERS = "unknown_to_workers"


MEANING: Final[dict[Finding, str]] = {
    Finding.NO_JOB: "A phase could run, but the engine has no job for the flow.",
    Finding.WORKER_LOST: "The worker that ran the phase is gone, and nobody took over.",
    Finding.ABANDONED: "A living worker holds the phase but no longer runs it.",
    Finding.OVERDUE: "The phase has run for longer than its definition allows.",
    Finding.STATUS_BEHIND: "The flow's status is not what its phases call for.",
    Finding.GATE_OVERDUE: "The deadline of a gate has passed without effect.",
    Finding.ORPHANED_WAIT: "A phase waits at a gate, but nobody is asked.",
    Finding.EVENT_GAP: "The event log of the flow has a gap.",
    Finding.UNKNOWN_TO_WORKERS: "No running worker knows this flow type, or this phase of it.",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One finding on one flow.

    Attributes:
        phase: the phase it is about, if any.
    """

    finding: Finding
    phase: str | None = None


def diagnose(flow: LockedFlow, alive: Crew, has_job: Callable[[], bool]) -> Iterator[Diagnosis]:
    """What is wrong with a locked flow.

    Args:
        alive: the executors that have a lease, and what they can run.
        has_job: whether the engine has a job for this flow; asked only where it matters.
    """
    if _has_event_gap(flow):
        yield Diagnosis(Finding.EVENT_GAP)
    running = [run for run in flow.runs.values() if run.status is PhaseStatus.RUNNING]
    for run in running:
        found = _running(flow, run, alive, has_job)
        if found is not None:
            yield Diagnosis(found, run.phase)
    if flow.status not in GOING:
        return
    yield from _gates(flow, alive)
    what = plan(flow.definition, flow.states, flow.answers)
    if flow.status is not FlowStatus.INITIALIZED and what.status is not flow.status:
        yield Diagnosis(Finding.STATUS_BEHIND)
    elif not running:
        late = [key for key in what.ready if _is_late(flow, flow.runs[key])]
        if late and not has_job():
            yield Diagnosis(Finding.NO_JOB, late[0])
        for key in late:
            if _is_unknown(flow, alive, flow.definition.phase(key)):
                yield Diagnosis(Finding.UNKNOWN_TO_WORKERS, key)


def _is_unknown(flow: LockedFlow, alive: Crew, step: PhaseDefinition | GateDefinition) -> bool:
    """Whether there are workers, but none that has the code for this."""
    return len(alive) > 0 and not alive.can(flow.row.flow_type, step)


def _running(
    flow: LockedFlow, run: Run, alive: Crew, has_job: Callable[[], bool]
) -> Finding | None:
    if run.claimed_by not in alive:
        if not has_job():
            return Finding.WORKER_LOST
        unknown = _is_unknown(flow, alive, flow.definition.phase(run.phase))
        return Finding.UNKNOWN_TO_WORKERS if unknown else None
    if run.started_at is None or flow.now - run.started_at < GRACE:
        return None
    allowed = timedelta(seconds=flow.definition.phase(run.phase).timeout_seconds)
    if flow.now - run.started_at > allowed + GRACE:
        return Finding.OVERDUE
    return None if has_job() else Finding.ABANDONED


def _gates(flow: LockedFlow, alive: Crew) -> Iterator[Diagnosis]:
    pending = {a.phase: a for a in flow.approvals if a.status == ApprovalStatus.PENDING}
    for run in flow.runs.values():
        asked = pending.get(run.phase)
        if run.gate_open and asked is None:
            yield Diagnosis(Finding.ORPHANED_WAIT, run.phase)
        elif asked is not None and asked.deadline_at and flow.now - asked.deadline_at > GRACE:
            gate = flow.definition.gate(asked.gate)
            unknown = gate.default_takes_code and _is_unknown(flow, alive, gate)
            found = Finding.UNKNOWN_TO_WORKERS if unknown else Finding.GATE_OVERDUE
            yield Diagnosis(found, run.phase)


def _is_late(flow: LockedFlow, run: Run) -> bool:
    """Whether a phase that is ready should have been taken up by now."""
    start = flow.scheduled_for if flow.status is FlowStatus.INITIALIZED else None
    times = [t for t in (run.not_before, start) if t is not None]
    return all(t <= flow.now for t in times)


def _has_event_gap(flow: LockedFlow) -> bool:
    count, highest = flow.session.execute(
        select(func.count(), func.max(FlowEvent.seq)).where(FlowEvent.flow_id == flow.id)
    ).one()
    return not count == (highest or 0) == flow.row.last_event_seq
