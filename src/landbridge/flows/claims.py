"""Taking up a phase: which one a job may run, and the claim that fences everybody else.

A claim is a number on the phase's row. Only the holder of the latest number may commit the
phase, so a worker that was presumed dead and comes back cannot commit what another did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.flows.interruption import PhaseInterrupted, Why
from landbridge.flows.locked import LockedFlow
from landbridge.flows.phase_errors import PhaseWorkerLost
from landbridge.flows.plan import plan
from landbridge.flows.port import queue_of
from landbridge.flows.runs import Run
from landbridge.flows.states import FlowStatus, PhaseStatus

MAX_CRASHES: Final = 5
"""After so many deaths of the worker that ran it, a phase fails instead of killing another."""
SUSPECT_FROM: Final = 2
"""After so many, a worker runs it beside no other suspect: the guilty one dies alone."""

_LEASES = text("select id from app_private.executor_leases")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one attempt at one phase.

    Attributes:
        number: the claim; the phase commits only while its row still carries it.
        outputs: outputs of the completed phases, by phase key.
        answers: answers given at the gates so far, by gate key.
    """

    client_account_id: UUID
    flow_id: UUID
    flow_type: str
    engagement_id: UUID
    trace_id: str
    inputs: dict[str, Any]
    run_id: UUID
    phase: str
    attempt: int
    number: int
    timeout_seconds: float
    outputs: dict[str, dict[str, Any]]
    answers: dict[str, Any]


def nothing_abandoned(_run: Run) -> bool:
    """Every phase that a live executor has is worked on there."""
    return False


def candidates(
    flow: LockedFlow, queue: str, is_abandoned: Callable[[Run], bool] = nothing_abandoned
) -> list[Run]:
    """Phases a job of this queue may take up now, stranded ones first.

    Args:
        is_abandoned: whether a phase that a live executor has is worked on by nobody there.
    """
    if flow.status is FlowStatus.INITIALIZED and _is_early(flow.scheduled_for, flow.now):
        return []
    if flow.status not in {FlowStatus.INITIALIZED, FlowStatus.RUNNING}:
        return []
    runs = [
        run
        for run in flow.runs.values()
        if queue_of(flow.definition.phase(run.phase).provider) == queue
    ]
    stranded = without_worker(flow, runs, is_abandoned)
    if any(run.status is PhaseStatus.FAILED for run in flow.runs.values()):
        return stranded
    ready = set(plan(flow.definition, flow.states, flow.answers).ready)
    return stranded + [
        run for run in runs if run.phase in ready and not _is_early(run.not_before, flow.now)
    ]


def without_worker(
    flow: LockedFlow,
    runs: Iterable[Run],
    is_abandoned: Callable[[Run], bool] = nothing_abandoned,
) -> list[Run]:
    """Which of these runs were taken up by a worker that is gone, or does not run them."""
    running = [run for run in runs if run.status is PhaseStatus.RUNNING]
    if not running:
        return []
    alive = set(flow.session.execute(_LEASES).scalars())
    for run in running:
        run.is_lost = run.claimed_by is not None and run.claimed_by not in alive
    return [run for run in running if run.claimed_by not in alive or is_abandoned(run)]


def give_back(flow: LockedFlow, run: Run, why: str) -> None:
    """Make a phase as if it had not been taken up; whoever had it can no longer commit it."""
    flow.update_run(
        run,
        status=PhaseStatus.PENDING.value,
        claim=run.claim + 1,
        claimed_by=None,
        queued_at=None,
        done=0,
    )
    flow.say("phase.released", phase=run.phase, data={"why": why, "attempt": run.attempt})


def claim(flow: LockedFlow, run: Run, executor: str) -> Claim:
    """Take up a phase that waits or is stranded. The caller has seen that it may run."""
    if run.is_lost:
        data = {"executor": run.claimed_by, "times": run.crashes + 1, "attempt": run.attempt}
        flow.say("phase.worker_lost", phase=run.phase, data=data)
        flow.record(PhaseWorkerLost(phase=run.phase), f"phase {run.phase}", run, "taken over")
        run.crashes += 1
    flow.update_run(
        run,
        status=PhaseStatus.RUNNING.value,
        claim=run.claim + 1,
        crashes=run.crashes,
        claimed_by=executor,
        queued_at=run.queued_at or flow.now,
        started_at=flow.now,
        heartbeat_at=flow.now,
        done=0,
    )
    if flow.status is FlowStatus.INITIALIZED:
        flow.move(FlowStatus.RUNNING, started_at=flow.now)
    flow.change(current_phase=run.phase)
    flow.say("phase.started", phase=run.phase, data={"attempt": run.attempt})
    definition = flow.definition.phase(run.phase)
    return Claim(
        client_account_id=flow.session.client_account_id,
        flow_id=flow.id,
        flow_type=flow.row.flow_type,
        engagement_id=flow.row.engagement_id,
        trace_id=flow.trace_id,
        inputs=flow.inputs,
        run_id=run.id,
        phase=run.phase,
        attempt=run.attempt,
        number=run.claim,
        timeout_seconds=definition.timeout_seconds,
        outputs={
            r.phase: r.output or {} for r in flow.runs.values() if r.status is PhaseStatus.COMPLETED
        },
        answers={a.gate: a.answer for a in flow.approvals if a.answer is not None}
        if flow.has_gates
        else {},
    )


def held(flow: LockedFlow, mine: Claim) -> Run:
    """The run of a claim, while the claim is the latest.

    Raises:
        PhaseInterrupted: it is not: the flow was cancelled, or another worker took over.
    """
    run = flow.runs[mine.phase]
    if run.id != mine.run_id or run.claim != mine.number or run.status is not PhaseStatus.RUNNING:
        raise PhaseInterrupted(Why.FENCED)
    return run


def _is_early(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now
