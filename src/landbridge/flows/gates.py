"""Passing a gate: carrying out what was decided, and deciding when nobody did in time."""

from __future__ import annotations

from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import func, update

from landbridge.errors.catalogue import LandbridgeError, Retry
from landbridge.errors.foreign import translated
from landbridge.flows.definitions import GateDefinition, GateKind
from landbridge.flows.gate_errors import GateTimedOut, InvalidAnswer, RejectedAtGate
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval
from landbridge.flows.settling import stop_phases
from landbridge.flows.states import ApprovalStatus, FlowStatus
from landbridge.flows.types import FlowTypes
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)


def decide(
    flow: LockedFlow,
    approval: Any,
    types: FlowTypes,
    *,
    approve: bool,
    answer: Any = None,
    reason: str = "",
    automatic: bool = False,
    decided_by: Any = None,
) -> None:
    """Record a decision and carry it out. The caller settles the flow.

    Raises:
        InvalidAnswer: the answer is not what the gate asks for.
    """
    gate = flow.definition.gate(approval.gate)
    if approve:
        answer = _carried_out(flow, gate, types, answer)
    _record(
        flow,
        approval,
        gate,
        approve=approve,
        answer=answer,
        reason=reason,
        automatic=automatic,
        decided_by=decided_by,
    )


def _record(
    flow: LockedFlow,
    approval: Any,
    gate: GateDefinition,
    *,
    approve: bool,
    answer: Any,
    reason: str,
    automatic: bool = False,
    decided_by: Any = None,
) -> None:
    status = ApprovalStatus.APPROVED if approve else ApprovalStatus.REJECTED
    flow.session.execute(
        update(Approval)
        .where(Approval.id == approval.id)
        .values(
            status=status.value,
            answer=answer if approve else None,
            decided_by=decided_by,
            decided_automatically=automatic,
            decided_at=func.now(),
            reason=reason or None,
        )
        .execution_options(synchronize_session=False)
    )
    said: dict[str, Any] = {"gate": gate.key, "reason": reason}
    said["by"] = None if automatic else str(decided_by)
    if automatic:
        said["automatic"] = True
    if gate.kind is GateKind.CHOICE:
        said["choice"] = answer
    flow.say(f"gate.{status.value}", phase=approval.phase, data=said)
    flow.update_run(flow.runs[approval.phase], gate_open=False)
    flow.forget_rows()
    if not approve:
        end_rejected(flow, gate, reason)


def expire(flow: LockedFlow, types: FlowTypes) -> list[Any]:
    """Decide by default where a deadline has passed. The caller settles the flow.

    Returns:
        The approvals whose default this process has no code for.
    """
    left: list[Any] = []
    if flow.status not in {FlowStatus.RUNNING, FlowStatus.WAITING} or not flow.has_open_decision:
        return left
    for approval in flow.approvals:
        late = approval.deadline_at is not None and approval.deadline_at <= flow.now
        if approval.status != ApprovalStatus.PENDING or not late:
            continue
        gate = flow.definition.gate(approval.gate)
        if gate.default is None:
            _fail(flow, gate, GateTimedOut(gate=gate.key))
            break
        if gate.default_takes_code and not types.can(flow.row.flow_type, gate):
            left.append(approval)
            continue
        approve = gate.default_approves
        answer = None if gate.kind is GateKind.APPROVAL else gate.default
        if approve:
            try:
                with flow.session.begin_nested():
                    answer = _carried_out(flow, gate, types, answer)
            except Exception as error:
                problem = translated(error)
                if problem.retry is not Retry.NEVER:
                    raise
                log.warning("gate_default_failed", flow_id=str(flow.id), exc_info=True)
                note_background("gate_default_failed", error)
                _fail(flow, gate, problem)
                break
        reason = "Nobody decided before the deadline: the default applies."
        _record(flow, approval, gate, approve=approve, answer=answer, reason=reason, automatic=True)
    return left


def _fail(flow: LockedFlow, gate: GateDefinition, error: LandbridgeError) -> None:
    """A flow whose gate nobody passed, and whose default does not help, ends."""
    withdraw(flow)
    problem = error.problem(trace_id=flow.trace_id)
    flow.move(FlowStatus.FAILED, data={"gate": gate.key}, error=problem)


def withdraw(flow: LockedFlow) -> None:
    """Take back every open question: the flow does not need the answers any more."""
    flow.session.execute(
        update(Approval)
        .where(Approval.flow_id == flow.id, Approval.status == ApprovalStatus.PENDING.value)
        .values(status=ApprovalStatus.WITHDRAWN.value, decided_at=func.now())
        .execution_options(synchronize_session=False)
    )
    flow.forget_rows()


def end_rejected(flow: LockedFlow, gate: GateDefinition, reason: str) -> None:
    """A flow rejected at a gate is cancelled; everything it stored is kept."""
    withdraw(flow)
    stop_phases(flow)
    error = RejectedAtGate(gate=gate.key, reason=reason or "no reason given")
    problem = error.problem(trace_id=flow.trace_id)
    flow.move(FlowStatus.CANCELLED, data={"gate": gate.key}, error=problem)


def _carried_out(flow: LockedFlow, gate: GateDefinition, types: FlowTypes, answer: Any) -> Any:
    """The answer as it is stored. The code of the gate is asked only where there is some to ask:
    a choice is passed without it.
    """
    if gate.kind is GateKind.CHOICE:
        options = [choice.key for choice in gate.choices]
        if answer not in options:
            raise InvalidAnswer(gate=gate.key, reason=f"choose one of {', '.join(options)}")
        return answer
    code: Any = types.get(flow.row.flow_type).gate(gate.key)
    if gate.kind is GateKind.APPROVAL:
        code.approve(flow.session, flow.inputs)
    else:
        try:
            return code.form.model_validate(answer or {}).model_dump(mode="json")
        except ValidationError as e:
            first = e.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(p) for p in first["loc"]) or "the form"
            raise InvalidAnswer(gate=gate.key, reason=f"{field}: {first['msg']}") from None
    return None
