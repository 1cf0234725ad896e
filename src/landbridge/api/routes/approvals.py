"""Decisions that flows wait for: made, refused, handed to somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from landbridge.api.auth import CanDecide, CanView, EngagementContext
from landbridge.api.bodies import Moment, Sent
from landbridge.api.following import flow_in
from landbridge.api.schemas import PREFIX, PageOf, problems
from landbridge.flows.errors import ActionRefused
from landbridge.flows.gate_errors import AlreadyDecided, CannotDelegate, InvalidAnswer
from landbridge.flows.status import ApprovalView, FlowView

router = APIRouter(prefix=PREFIX, tags=["approvals"])


class Approving(Sent):
    """Why somebody approves, and the answer where the gate asks for one."""

    reason: str = Field(default="", max_length=2000)
    answer: str | dict[str, Any] | None = Field(
        default=None,
        description="For a choice the key of the chosen one; for a form its values by field.",
    )


class Rejecting(Sent):
    """Why somebody rejects: never empty, because the flow ends there."""

    reason: str = Field(min_length=1, max_length=2000)


class Delegating(Sent):
    """Who is asked instead, and until when."""

    to: UUID = Field(description="A member of the client account who may decide.")
    deadline_at: Moment | None = Field(
        default=None, description="A new deadline; the old one stays when this is left out."
    )
    reason: str = Field(default="", max_length=2000)


class Waiting(BaseModel):
    """A decision that a flow of this engagement waits for."""

    flow_id: UUID
    approval: ApprovalView


@router.get("/approvals", summary="Decisions that flows wait for", responses=problems())
def list_approvals(context: CanView) -> PageOf[Waiting]:
    """Oldest first."""
    orchestrator = context.services.orchestrator
    waiting = []
    for approval in orchestrator.waiting(context.session, context.engagement_id):
        flow = orchestrator.status(context.session, approval.flow_id)
        shown = next(a for a in flow.approvals if a.id == approval.id)
        waiting.append(Waiting(flow_id=flow.id, approval=shown))
    return PageOf(items=waiting)


@router.post(
    "/approvals/{approval_id}/approve",
    summary="Approve, choose, or fill in",
    responses=problems(AlreadyDecided, ActionRefused, InvalidAnswer),
)
def approve(context: CanDecide, approval_id: UUID, body: Approving | None = None) -> FlowView:
    """The same decision twice gives the same answer; the flow goes on at once."""
    said = body or Approving()
    return decide(context, approval_id, approve=True, reason=said.reason, answer=said.answer)


@router.post(
    "/approvals/{approval_id}/reject",
    summary="Reject",
    responses=problems(AlreadyDecided, ActionRefused),
)
def reject(context: CanDecide, approval_id: UUID, body: Rejecting) -> FlowView:
    """The flow is cancelled there; everything it stored is kept."""
    return decide(context, approval_id, approve=False, reason=body.reason)


@router.post(
    "/approvals/{approval_id}/delegate",
    summary="Hand a decision to another member",
    responses=problems(AlreadyDecided, ActionRefused, CannotDelegate),
)
def delegate(context: CanDecide, approval_id: UUID, body: Delegating) -> FlowView:
    """Others who may decide still may."""
    flow = _flow_of(context, approval_id)
    orchestrator = context.services.orchestrator
    orchestrator.delegate(
        context.session, approval_id, body.to, deadline_at=body.deadline_at, reason=body.reason
    )
    return orchestrator.status(context.session, flow.id)


def decide(
    context: EngagementContext,
    approval_id: UUID,
    *,
    approve: bool,
    reason: str,
    answer: str | dict[str, Any] | None = None,
) -> FlowView:
    """Record the decision and return the flow.

    Raises:
        NotFound: the engagement has no such approval.
        AlreadyDecided, ActionRefused, InvalidAnswer: nothing was changed.
    """
    flow = _flow_of(context, approval_id)
    orchestrator = context.services.orchestrator
    orchestrator.decide(context.session, approval_id, approve=approve, answer=answer, reason=reason)
    return orchestrator.status(context.session, flow.id)


def _flow_of(context: EngagementContext, approval_id: UUID) -> FlowView:
    flow_id = context.services.orchestrator.flow_of(context.session, approval_id)
    return flow_in(context, flow_id)
