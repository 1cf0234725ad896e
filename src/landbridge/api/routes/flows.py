"""Flows: start them, look at them, follow them, decide what they wait for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from landbridge.api.auth import CanDecide, CanStart, CanView, EngagementContext
from landbridge.api.following import MayFollow, events_since, flow_in, news
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.schemas import PREFIX, PageOf, problems
from landbridge.database.refusals import AccountLeaving
from landbridge.discovery.imports.queries import require_import
from landbridge.flows.errors import InvalidFlowInputs, TransitionRefused, UnknownFlowType
from landbridge.flows.gate_errors import AlreadyDecided
from landbridge.flows.status import ApprovalView, FlowView

router = APIRouter(prefix=PREFIX, tags=["flows"])


class NewFlow(BaseModel):
    """What a Discovery flow is started with."""

    flow_type: Literal["discovery"] = "discovery"
    import_id: UUID = Field(description="The received files.")
    approve: Literal["auto", "ask"] = Field(
        default="ask",
        description="`auto` approves confident mappings and keeps the rest as custom attributes;"
        " `ask` waits for a person after the mapping.",
    )
    threshold: float = Field(default=0.9, ge=0, le=1)


class Decision(BaseModel):
    """Why somebody approves or rejects."""

    reason: str = Field(default="", max_length=2000)


class DecisionToReject(BaseModel):
    """Why somebody rejects: never empty, because the flow ends there."""

    reason: str = Field(min_length=1, max_length=2000)


class Waiting(BaseModel):
    """A decision that a flow of this engagement waits for."""

    flow_id: UUID
    approval: ApprovalView


@router.post(
    "/flows",
    summary="Start a flow",
    status_code=201,
    response_model=FlowView,
    responses=problems(UnknownFlowType, InvalidFlowInputs, AccountLeaving),
)
def create_flow(context: CanStart, body: NewFlow, key: Key) -> Response:
    """The flow is stored and handed to the workers in one transaction."""
    return once(
        context,
        key,
        "create_flow",
        fingerprint(context.engagement_id, body.model_dump_json()),
        lambda: start_flow(context, body),
    )


def start_flow(context: EngagementContext, body: NewFlow) -> FlowView:
    """Create the flow and return its first state.

    Raises:
        NotFound: the engagement has no such import.
    """
    require_import(context.session, context.engagement_id, body.import_id)
    orchestrator = context.services.orchestrator
    inputs: dict[str, Any] = body.model_dump(mode="json", exclude={"flow_type"})
    flow_id = orchestrator.create(context.session, context.engagement_id, body.flow_type, inputs)
    return orchestrator.status(context.session, flow_id)


@router.get("/flows", summary="The newest flows", responses=problems())
def list_flows(context: CanView) -> PageOf[FlowView]:
    """The 50 newest, newest first."""
    found = context.services.orchestrator.flows(context.session, context.engagement_id)
    return PageOf(items=found)


@router.get("/flows/{flow_id}", summary="One flow", responses=problems())
def show_flow(context: CanView, flow_id: UUID) -> FlowView:
    """Everything about it: phases, progress, error, decisions."""
    return flow_in(context, flow_id)


@router.get(
    "/flows/{flow_id}/events",
    summary="Follow a flow",
    response_class=EventSourceResponse,
    responses=problems(),
)
async def follow_flow(
    request: Request,
    following: MayFollow,
    last_event_id: Annotated[
        str | None, Header(description="Continue after this event; sent by EventSource itself.")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events. Each stored event has its sequence number as id and its kind as type;
    `state` carries the flow's progress; `end` comes last, when the flow does no more work.
    """
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    async for flow, events in news(request, following, after, events_since):
        for event in events:
            yield ServerSentEvent(
                id=str(event.seq),
                event=event.kind,
                data={
                    "seq": event.seq,
                    "kind": event.kind,
                    "phase": event.phase,
                    "data": event.data,
                    "at": event.at,
                },
            )
        yield ServerSentEvent(event="state", data=flow.model_dump(mode="json"))
    yield ServerSentEvent(event="end", data={})


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
    summary="Approve",
    responses=problems(AlreadyDecided, TransitionRefused),
)
def approve(context: CanDecide, approval_id: UUID, body: Decision | None = None) -> FlowView:
    """Approving twice gives the same answer; the flow goes on at once."""
    return decide(context, approval_id, approve=True, reason=body.reason if body else "")


@router.post(
    "/approvals/{approval_id}/reject",
    summary="Reject",
    responses=problems(AlreadyDecided, TransitionRefused),
)
def reject(context: CanDecide, approval_id: UUID, body: DecisionToReject) -> FlowView:
    """The flow is cancelled there; everything it stored is kept."""
    return decide(context, approval_id, approve=False, reason=body.reason)


def decide(
    context: EngagementContext, approval_id: UUID, *, approve: bool, reason: str
) -> FlowView:
    """Record the decision and return the flow.

    Raises:
        NotFound: the engagement has no such approval.
        AlreadyDecided, TransitionRefused: nothing was changed.
    """
    orchestrator = context.services.orchestrator
    flow = flow_in(context, orchestrator.flow_of(context.session, approval_id))
    orchestrator.decide(context.session, approval_id, approve=approve, reason=reason)
    return orchestrator.status(context.session, flow.id)
