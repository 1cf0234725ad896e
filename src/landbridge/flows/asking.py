"""Opening a gate: what a person is asked, until when, and when nobody needs to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from landbridge.flows.definitions import GateDefinition, GateKind
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval
from landbridge.flows.port import WORK, Engine, Job
from landbridge.flows.runs import Run
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus
from landbridge.kit.ids import new_id

CLOCKS_DIFFER: Final = timedelta(seconds=60)
"""How far the clocks of the machines may be apart."""


def open_gate(
    flow: LockedFlow,
    run: Run,
    gate: GateDefinition,
    question: dict[str, Any] | None,
    engine: Engine,
) -> None:
    """Ask for a decision, or pass when there is nothing to decide.

    Args:
        question: what there is to decide; None when nothing needs a person.
    """
    values: dict[str, Any] = {
        "id": new_id(),
        "flow_id": flow.id,
        "phase": run.phase,
        "gate": gate.key,
        "kind": gate.kind.value,
        "summary": question or {},
    }
    if question is None:
        if gate.kind is not GateKind.APPROVAL and gate.default is not None:
            values |= {
                "status": ApprovalStatus.APPROVED.value,
                "answer": gate.default,
                "decided_automatically": True,
                "decided_at": flow.now,
                "reason": "There was nothing to decide.",
            }
            flow.session.execute(insert(Approval).values(**values))
            flow.forget_rows()
        return
    values["status"] = ApprovalStatus.PENDING.value
    values["deadline_at"] = until = deadline(flow, gate, engine)
    flow.session.execute(insert(Approval).values(**values))
    flow.update_run(run, gate_open=True)
    flow.forget_rows()
    data = {"gate": gate.key, "title": gate.title, **question}
    if until is not None:
        data["deadline_at"] = until.isoformat()
    flow.say("gate.opened", phase=run.phase, data=data)


def deadline(flow: LockedFlow, gate: GateDefinition, engine: Engine) -> datetime | None:
    """The moment up to which a gate opened now waits; a job is queued for it."""
    if gate.timeout_seconds is None:
        return None
    moment = flow.now + timedelta(seconds=gate.timeout_seconds)
    wake_at(flow, moment, engine)
    return moment


def wake_for_deadlines(flow: LockedFlow, engine: Engine) -> None:
    """Have a worker look at the flow when the deadlines of its open questions pass."""
    for moment in _deadlines(flow):
        wake_at(flow, moment, engine)


def come_back_if_early(flow: LockedFlow, queue: str, engine: Engine) -> None:
    """Look again soon when a job came before the moment it was meant for.

    Moments are the database's; a job waits by the clock of a worker.
    """
    moments = _deadlines(flow) if flow.has_open_decision else []
    moments += [
        run.not_before
        for run in flow.runs.values()
        if run.not_before is not None and run.status is PhaseStatus.PENDING
    ]
    if flow.scheduled_for is not None and flow.status is FlowStatus.INITIALIZED:
        moments.append(flow.scheduled_for)
    near = [moment for moment in moments if flow.now < moment < flow.now + CLOCKS_DIFFER]
    if near:
        wake_at(flow, min(near), engine, queue)


def wake_at(flow: LockedFlow, moment: datetime, engine: Engine, queue: str = WORK) -> None:
    """Have a worker look at the flow at a certain time."""
    delay = max(0.0, (moment - flow.now).total_seconds())
    account = flow.session.client_account_id
    engine.enqueue(flow.session, Job(account, flow.id, queue, flow.priority, delay))


def _deadlines(flow: LockedFlow) -> list[datetime]:
    return [
        approval.deadline_at
        for approval in flow.approvals
        if approval.status == ApprovalStatus.PENDING and approval.deadline_at is not None
    ]
