"""Opening a gate: what a person is asked, until when, and when nobody needs to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from landbridge.flows.definitions import GateDefinition, GateKind
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval
from landbridge.flows.port import WORK, Engine, Job
from landbridge.flows.runs import Run
from landbridge.flows.states import ApprovalStatus
from landbridge.kit.ids import new_id


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


def wake_at(flow: LockedFlow, moment: datetime, engine: Engine) -> None:
    """Have a worker look at the flow at a certain time."""
    delay = max(0.0, (moment - flow.now).total_seconds())
    account = flow.session.client_account_id
    engine.enqueue(flow.session, Job(account, flow.id, WORK, flow.priority, delay))
