"""Deciding what a flow waits for: approve, choose, fill in, reject, hand to somebody else."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.api.following import flow_in
from landbridge.flows.definitions import GateKind
from landbridge.flows.gate_errors import InvalidAnswer
from landbridge.flows.status import ApprovalView
from landbridge.web import schema_forms
from landbridge.web.context import ROOT, Decide
from landbridge.web.flow_gates import Tried
from landbridge.web.pages.flow import show
from landbridge.web.pages.flow_actions import act, refused
from landbridge.web.sent import Moment, Reason, Sent

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.post("/approvals/{approval_id}")
def decide_approval(
    page: Decide,
    approval_id: UUID,
    decision: Annotated[Literal["approve", "reject"], Form()],
    sent: Sent,
    reason: Reason = "",
) -> Response:
    """Approve with the gate's answer, or reject; a rejection says why, because the flow ends
    there.
    """
    orchestrator, why = page.context.services.orchestrator, reason.strip()
    flow = flow_in(page.context, orchestrator.flow_of(page.session, approval_id))
    approve = decision == "approve"
    approval = next(a for a in flow.approvals if a.id == approval_id)
    answer = _answer(approval, sent) if approve else None
    if not approve and not why:
        mistake = "Say why, so that others know what to correct."
        return show(page, flow.id, tried=Tried(approval_id, mistake))
    refusal = refused(
        page,
        lambda: orchestrator.decide(
            page.session, approval_id, approve=approve, answer=answer, reason=why
        ),
    )
    if isinstance(refusal, InvalidAnswer):
        return show(page, flow.id, tried=_tried(approval, refusal, answer, why))
    if refusal is not None:
        return show(page, flow.id, refusal=refusal)
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.post("/approvals/{approval_id}/delegate")
def delegate_approval(
    page: Decide,
    approval_id: UUID,
    to: Annotated[UUID, Form()],
    deadline_at: Moment = None,
    reason: Reason = "",
) -> Response:
    """Ask another member, if wanted until another time."""
    orchestrator = page.context.services.orchestrator
    flow_id = orchestrator.flow_of(page.session, approval_id)
    return act(
        page,
        flow_id,
        lambda: orchestrator.delegate(
            page.session, approval_id, to, deadline_at=deadline_at, reason=reason.strip()
        ),
    )


def _answer(approval: ApprovalView, sent: Sent) -> Any:
    if approval.kind == GateKind.CHOICE:
        return sent.get("choice")
    if approval.kind == GateKind.FORM:
        return schema_forms.read(approval.fields or {}, sent)
    return None


def _tried(approval: ApprovalView, refusal: InvalidAnswer, answer: Any, reason: str) -> Tried:
    """What was sent, with the mistake at the field it is about."""
    said = str(refusal.fields.get("reason", refusal.detail))
    name, _, mistake = said.partition(": ")
    if approval.kind == GateKind.FORM and name in (approval.fields or {}).get("properties", {}):
        return Tried(approval.id, mistakes={name: mistake}, reason=reason, answer=answer)
    mistake = "Choose one of these." if approval.kind == GateKind.CHOICE else said
    return Tried(approval.id, mistake, reason=reason, answer=answer)
