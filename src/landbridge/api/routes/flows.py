"""Flows: start them, list them, look at them, follow them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from landbridge.api.auth import AccountContext, CanStart, CanView, EngagementContext, in_account
from landbridge.api.bodies import Moment, Number, Sent
from landbridge.api.following import MayFollow, events_since, flow_in, news
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.database.refusals import AccountLeaving
from landbridge.flows.errors import InvalidFlowInputs, UnknownFlowType
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.flows.states import FlowStatus, Priority
from landbridge.flows.status import FlowView
from landbridge.flows.type_errors import FlowTypeNotLoaded
from landbridge.identity.permissions import Action
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["flows"])
of_account = APIRouter(prefix="/api/v1/client-accounts/{client_account_id}", tags=["flows"])

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Level = Literal["high", "normal", "low"]
StatusIs = Annotated[FlowStatus | None, Query(description="Only flows in this status.")]
TypeIs = Annotated[
    str | None, Query(alias="type", max_length=200, description="Only flows of this type.")
]
WaitsFor = Annotated[
    Literal["anyone", "me"] | None,
    Query(
        description="Only flows that wait for a decision: of anyone who may decide, or one that "
        "was handed to you."
    ),
]


class NewFlow(Sent):
    """What a flow is started with. The type says which inputs it takes; those of Discovery may
    also stand beside it.
    """

    flow_type: str = Field(default="discovery", max_length=200)
    inputs: dict[str, Any] = Field(default_factory=dict, description="The inputs of the type.")
    priority: Level = Field(
        default="normal", description="Which of the client account's flows go first."
    )
    start_at: Moment | None = Field(
        default=None, description="When it begins; at once if that has passed or is left out."
    )
    import_id: UUID | None = Field(default=None, description="Discovery: the received files.")
    approve: Literal["auto", "ask"] | None = Field(
        default=None,
        description="Discovery: `auto` approves confident mappings and keeps the rest as custom"
        " attributes; `ask`, as when left out, waits for a person after the mapping.",
    )
    threshold: Number | None = Field(
        default=None, ge=0, le=1, description="Discovery: confidence from which it approves."
    )

    def given(self) -> dict[str, Any]:
        """The inputs of the type."""
        beside = self.model_dump(
            mode="json", include={"import_id", "approve", "threshold"}, exclude_none=True
        )
        if self.flow_type == "discovery":
            beside.setdefault("approve", self.inputs.get("approve", "ask"))
        return {**self.inputs, **beside}


class CreatedFlow(FlowView):
    """A flow that was created just now."""

    ahead: int = Field(
        description="Flows of the client account that have not begun and come before this one."
    )


@router.post(
    "/flows",
    summary="Start a flow",
    status_code=201,
    response_model=CreatedFlow,
    responses=problems(
        *(UnknownFlowType, InvalidFlowInputs, FlowTypeNotLoaded),
        *(TooManyOpenFlows, FlowsTooFast, AccountLeaving),
    ),
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


def start_flow(context: EngagementContext, body: NewFlow) -> CreatedFlow:
    """Create the flow and return its first state.

    Raises:
        NotFound: the engagement has no such import.
        UnknownFlowType, FlowTypeNotLoaded, InvalidFlowInputs, TooManyOpenFlows, FlowsTooFast:
            nothing is created.
    """
    orchestrator = context.services.orchestrator
    flow_id = orchestrator.create(
        context.session,
        context.engagement_id,
        body.flow_type,
        body.given(),
        priority=Priority[body.priority.upper()],
        start_at=body.start_at,
    )
    shown = orchestrator.status(context.session, flow_id)
    ahead = orchestrator.ahead(context.session, flow_id)
    return CreatedFlow(**dict(shown), ahead=ahead)


@router.get("/flows", summary="Flows of the engagement", responses=problems(InvalidCursor))
def list_flows(
    context: CanView,
    status: StatusIs = None,
    flow_type: TypeIs = None,
    waits_for: WaitsFor = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[FlowView]:
    """Newest first."""
    wanted = _wanted(context, context.engagement_id, status, flow_type, waits_for)
    return _page(context, wanted, limit, cursor)


@of_account.get("/flows", summary="Flows of the client account", responses=problems(InvalidCursor))
def list_all_flows(
    context: Viewing,
    status: StatusIs = None,
    flow_type: TypeIs = None,
    waits_for: WaitsFor = None,
    engagement: Annotated[UUID | None, Query(description="Only flows of this one.")] = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[FlowView]:
    """Of all its engagements, newest first."""
    wanted = _wanted(context, engagement, status, flow_type, waits_for)
    return _page(context, wanted, limit, cursor)


@router.get("/flows/{flow_id}", summary="One flow", responses=problems())
def show_flow(context: CanView, flow_id: UUID) -> FlowView:
    """Everything about it: phases, progress, error, decisions, and what is possible now."""
    return flow_in(context, flow_id)


@router.get(
    "/flows/{flow_id}/children",
    summary="Flows forked from a flow",
    responses=problems(InvalidCursor),
)
def list_children(
    context: CanView, flow_id: UUID, limit: Limit = PAGE, cursor: Cursor = None
) -> PageOf[FlowView]:
    """Newest first."""
    parent = flow_in(context, flow_id)
    return _page(context, {"parent": str(parent.id)}, limit, cursor)


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


def _wanted(
    context: AccountContext,
    engagement: UUID | None,
    status: FlowStatus | None,
    flow_type: str | None,
    waits_for: str | None,
) -> dict[str, str]:
    """The filters of a list of flows."""
    return {
        "engagement": str(engagement or ""),
        "status": status or "",
        "type": flow_type or "",
        "asks": waits_for or "",
        "assigned": str(context.session.user_id) if waits_for == "me" else "",
    }


def _page(
    context: AccountContext, filters: dict[str, str], limit: int, cursor: str | None
) -> PageOf[FlowView]:
    wanted = Wanted(filters, descending=True, limit=limit, cursor=cursor)
    found = context.services.orchestrator.page(context.session, wanted)
    return PageOf(items=found.items, next=found.next)
