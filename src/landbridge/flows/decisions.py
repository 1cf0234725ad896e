"""Decisions of people at gates: made, refused, handed to somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows import asking, gates
from landbridge.flows.actions import Action, require
from landbridge.flows.gate_errors import AlreadyDecided, CannotDelegate
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval
from landbridge.flows.port import Engine
from landbridge.flows.settling import settle
from landbridge.flows.states import ApprovalStatus
from landbridge.flows.types import FlowTypes
from landbridge.identity.permissions import Action as Permitted
from landbridge.identity.permissions import Role, allows

_MEMBERS = text("select user_id, role from app.members()")


def decide(
    session: TenantSession,
    engine: Engine,
    types: FlowTypes,
    approval_id: UUID,
    *,
    approve: bool,
    answer: Any,
    reason: str,
) -> Approval:
    """Record a decision, carry it out, and let the flow go on: one transaction.

    Raises:
        NotFound: no such approval in the open account.
        AlreadyDecided: somebody decided before, and differently.
        ActionRefused: the flow has ended.
        InvalidAnswer: the answer is not what the gate asks for.
    """
    flow, approval = _open(session, approval_id)
    target = ApprovalStatus.APPROVED if approve else ApprovalStatus.REJECTED
    if approval.status != ApprovalStatus.PENDING:
        if approval.status == target.value and answer in (None, approval.answer):
            return approval
        raise AlreadyDecided(status=approval.status)
    action = Action.APPROVE if approve else Action.REJECT
    require(action, flow.status, decision_open=True)
    gates.decide(
        flow,
        approval,
        types,
        approve=approve,
        answer=answer,
        reason=reason,
        decided_by=session.user_id,
    )
    settle(flow, engine)
    flow.write()
    session.refresh(approval)
    return approval


def delegate(
    session: TenantSession,
    engine: Engine,
    approval_id: UUID,
    to: UUID,
    *,
    deadline_at: datetime | None,
    reason: str,
) -> Approval:
    """Ask a certain member of the account to decide, if wanted by another time.

    The others who may decide still may: a flow does not wait for somebody who is away.

    Raises:
        NotFound: no such approval in the open account.
        AlreadyDecided: there is nothing to decide any more.
        ActionRefused: the flow has ended.
        CannotDelegate: the person is no member who may decide, or the time has passed.
    """
    flow, approval = _open(session, approval_id)
    if approval.status != ApprovalStatus.PENDING:
        raise AlreadyDecided(status=approval.status)
    if approval.assigned_to == to and deadline_at in (None, approval.deadline_at):
        return approval
    require(Action.DELEGATE, flow.status, decision_open=True)
    members = {row.user_id: row.role for row in session.execute(_MEMBERS)}
    if to not in members or not allows(Role(members[to]), Permitted.DECIDE_APPROVAL):
        raise CannotDelegate(reason="only a member who may approve can be asked")
    if deadline_at is not None and deadline_at <= flow.now:
        raise CannotDelegate(reason="the deadline has passed")
    changes: dict[str, Any] = {"assigned_to": to}
    if deadline_at is not None:
        changes["deadline_at"] = deadline_at
        asking.wake_at(flow, deadline_at, engine)
    session.execute(
        update(Approval)
        .where(Approval.id == approval_id)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    said = {"gate": approval.gate, "to": str(to), "by": str(session.user_id), "reason": reason}
    if deadline_at is not None:
        said["deadline_at"] = deadline_at.isoformat()
    flow.say("gate.delegated", phase=approval.phase, data=said)
    flow.write()
    session.refresh(approval)
    return approval


def _open(session: TenantSession, approval_id: UUID) -> tuple[LockedFlow, Approval]:
    """The approval and its flow, both as they are once the flow is locked."""
    flow_id = session.scalar(select(Approval.flow_id).where(Approval.id == approval_id))
    if flow_id is None:
        raise NotFound
    flow = LockedFlow(session, flow_id)
    approval = session.scalars(
        select(Approval).where(Approval.id == approval_id).execution_options(populate_existing=True)
    ).one()
    return flow, approval
