"""Controlling a flow from outside: pause, resume, cancel, retry, priority, start."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from landbridge.audit.service import because
from landbridge.database.session import TenantSession
from landbridge.flows import asking, gates
from landbridge.flows.actions import Action, require
from landbridge.flows.attempts import begin_again
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval, FlowEvent
from landbridge.flows.port import Engine
from landbridge.flows.settling import settle, stop_phases
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus, Priority


def pause(session: TenantSession, flow_id: UUID, reason: str) -> None:
    """Begin no further phase.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    if flow.status is FlowStatus.PAUSED:
        return
    require(Action.PAUSE, flow.status)
    flow.move(FlowStatus.PAUSED, data=_said(session, reason), paused_at=flow.now)
    flow.write()


def resume(session: TenantSession, flow_id: UUID, engine: Engine) -> None:
    """Go on from where the flow was paused.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    if flow.status in {FlowStatus.INITIALIZED, FlowStatus.RUNNING, FlowStatus.WAITING}:
        return
    require(Action.RESUME, flow.status)
    flow.say("flow.resumed", data=_said(session))
    begun = flow.row.started_at is not None
    flow.move(FlowStatus.RUNNING if begun else FlowStatus.INITIALIZED, paused_at=None)
    if flow.has_open_decision:
        asking.wake_for_deadlines(flow, engine)
    _requeue(flow, engine)


def cancel(session: TenantSession, flow_id: UUID, reason: str) -> None:
    """End the flow for good. What runs can no longer commit.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    if flow.status is FlowStatus.CANCELLED:
        return
    require(Action.CANCEL, flow.status)
    gates.withdraw(flow)
    stop_phases(flow)
    flow.move(FlowStatus.CANCELLED, data=_said(session, reason), current_phase=None)
    flow.write()


def retry(session: TenantSession, flow_id: UUID, engine: Engine) -> None:
    """Run the failed phases again; ask again where a deadline passed.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    if flow.status in {FlowStatus.RUNNING, FlowStatus.WAITING} and _was_retried(flow):
        return
    require(Action.RETRY, flow.status)
    failed = [run for run in flow.runs.values() if run.status is PhaseStatus.FAILED]
    said = {**_said(session), "phases": [run.phase for run in failed]}
    flow.say("flow.retried", data=said)
    flow.move(FlowStatus.RUNNING, error=None, finished_at=None)
    for run in failed:
        begin_again(flow, run)
    if flow.has_open_decision:
        _ask_again(flow, engine)
    _requeue(flow, engine)


def prioritize(session: TenantSession, flow_id: UUID, priority: Priority, engine: Engine) -> None:
    """Change the priority of the flow's further work.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    if flow.priority is priority:
        return
    require(Action.PRIORITIZE, flow.status)
    flow.say("flow.prioritized", data={**_said(session), "priority": priority.name.lower()})
    flow.priority = priority
    flow.change(priority=priority.value)
    _requeue(flow, engine)


def schedule(
    session: TenantSession, flow_id: UUID, start_at: datetime | None, engine: Engine
) -> None:
    """Move the start of a flow that has not begun; None or a past time starts it now.

    Raises:
        NotFound, ActionRefused: nothing is changed.
    """
    flow = LockedFlow(session, flow_id)
    later = start_at if start_at is not None and start_at > flow.now else None
    if flow.scheduled_for == later and flow.status is FlowStatus.INITIALIZED:
        return
    if later is None and flow.status in {FlowStatus.RUNNING, FlowStatus.WAITING}:
        return
    require(Action.SCHEDULE, flow.status)
    at = later.isoformat() if later else None
    flow.say("flow.scheduled", data={**_said(session), "starts_at": at})
    flow.scheduled_for = later
    flow.change(scheduled_for=later)
    _requeue(flow, engine)


def _was_retried(flow: LockedFlow) -> bool:
    """Whether somebody started the flow again after it failed last."""
    last = flow.session.scalar(
        select(FlowEvent.kind)
        .where(FlowEvent.flow_id == flow.id, FlowEvent.kind.in_(("flow.retried", "flow.failed")))
        .order_by(FlowEvent.seq.desc())
        .limit(1)
    )
    return last == "flow.retried"


def _requeue(flow: LockedFlow, engine: Engine) -> None:
    """Queue everything ready anew; jobs queued before find nothing to do."""
    for run in flow.runs.values():
        if run.status is PhaseStatus.PENDING and run.queued_at is not None:
            flow.update_run(run, queued_at=None)
    settle(flow, engine)
    flow.write()


def _ask_again(flow: LockedFlow, engine: Engine) -> None:
    """Open the gates anew whose deadline ended the flow."""
    for approval in flow.approvals:
        if approval.status != ApprovalStatus.WITHDRAWN or not flow.runs[approval.phase].gate_open:
            continue
        gate = flow.definition.gate(approval.gate)
        flow.session.execute(
            update(Approval)
            .where(Approval.id == approval.id)
            .values(
                status=ApprovalStatus.PENDING.value,
                decided_at=None,
                deadline_at=asking.deadline(flow, gate, engine),
            )
            .execution_options(synchronize_session=False)
        )
        flow.say("gate.opened", phase=approval.phase, data={"gate": gate.key, "title": gate.title})
    flow.forget_rows()


def _said(session: TenantSession, reason: str = "") -> dict[str, str]:
    """Who asked and why, for the flow's events; the reason goes to the audit log too."""
    by = {"by": str(session.user_id)}
    if reason:
        because(session, reason)
    return {**by, "reason": reason} if reason else by
