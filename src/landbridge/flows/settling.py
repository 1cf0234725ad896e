"""Bringing a flow to the state its phases call for: what comes next, and what it is now."""

from __future__ import annotations

from datetime import datetime

from landbridge.flows.locked import LockedFlow
from landbridge.flows.plan import Plan, plan
from landbridge.flows.port import Engine, Job, queue_of
from landbridge.flows.runs import Run
from landbridge.flows.states import FlowStatus, PhaseStatus

GOING = frozenset({FlowStatus.INITIALIZED, FlowStatus.RUNNING, FlowStatus.WAITING})


def settle(flow: LockedFlow, engine: Engine) -> list[Run]:
    """Skip, queue and move as the plan says; returns the phases that are ready.

    A paused or ended flow stays as it is. Every step that changed a phase or a gate of the
    flow calls this before it writes.
    """
    if flow.status not in GOING:
        return []
    what = plan(flow.definition, flow.states, flow.answers)
    for key in what.skip:
        flow.update_run(flow.runs[key], status=PhaseStatus.SKIPPED.value, finished_at=flow.now)
        flow.say("phase.skipped", phase=key)
    failed = any(run.status is PhaseStatus.FAILED for run in flow.runs.values())
    ready = [] if failed else [flow.runs[key] for key in what.ready]
    _move(flow, what)
    if flow.status in GOING:
        for run in ready:
            if run.queued_at is None:
                queue(flow, run, engine)
    return ready


def queue(flow: LockedFlow, run: Run, engine: Engine) -> None:
    """Give the engine a job for a phase that is ready."""
    times = [t for t in (run.not_before, _start(flow)) if t is not None]
    delay = max((t - flow.now).total_seconds() for t in times) if times else 0.0
    phase = flow.definition.phase(run.phase)
    engine.enqueue(
        flow.session,
        Job(
            flow.session.client_account_id,
            flow.id,
            queue_of(phase.provider),
            flow.priority,
            max(0.0, delay),
        ),
    )
    flow.update_run(run, queued_at=flow.now)


def stop_phases(flow: LockedFlow) -> None:
    """End every phase that has not ended; a worker that runs one can no longer commit it."""
    for run in flow.runs.values():
        if run.status in {PhaseStatus.PENDING, PhaseStatus.RUNNING}:
            flow.update_run(run, status=PhaseStatus.CANCELLED.value, finished_at=flow.now)


def _start(flow: LockedFlow) -> datetime | None:
    return flow.scheduled_for if flow.status is FlowStatus.INITIALIZED else None


def _move(flow: LockedFlow, what: Plan) -> None:
    target = what.status
    if flow.status is FlowStatus.INITIALIZED and target is not FlowStatus.FAILED:
        return  # it runs from the moment a worker takes it up
    if flow.status is target:
        return
    if flow.status is FlowStatus.WAITING and target is FlowStatus.COMPLETED:
        flow.move(FlowStatus.RUNNING)
    if target is FlowStatus.COMPLETED:
        flow.move(target, current_phase=None)
    elif target is FlowStatus.FAILED:
        failed = next(r for r in flow.runs.values() if r.status is PhaseStatus.FAILED)
        problem = flow.error_of(failed)
        flow.move(target, data={"code": problem.get("code")}, error=problem)
    elif target is FlowStatus.WAITING:
        gates = [a for a in flow.approvals if a.status == "pending"]
        flow.move(target, data={"gate": gates[0].gate} if gates else {})
    else:
        flow.move(target)
