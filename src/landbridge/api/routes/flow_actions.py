"""What people do with a flow: pause, resume, cancel, retry, fork, schedule, prioritise.

Each may be sent again: where its effect is there already, it answers the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from landbridge.api.auth import CanControl, EngagementContext
from landbridge.api.bodies import Moment, Sent, Truth
from landbridge.api.following import flow_in
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.routes.flows import Level
from landbridge.api.schemas import PREFIX, problems
from landbridge.database.refusals import AccountLeaving
from landbridge.database.session import TenantSession
from landbridge.flows.errors import (
    ActionRefused,
    ForkNotPossible,
    InvalidFlowInputs,
    UnknownFlowType,
)
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import Priority
from landbridge.flows.status import FlowView
from landbridge.flows.type_errors import FlowTypeNotLoaded

router = APIRouter(prefix=PREFIX + "/flows/{flow_id}", tags=["flows"])

Do = Callable[[MasterFlowOrchestrator, TenantSession], None]


class Why(Sent):
    """Why somebody does it; kept in the flow's events."""

    reason: str = Field(default="", max_length=2000)


class Schedule(Sent):
    """When the flow begins."""

    start_at: Moment | None = Field(description="Null starts it now.")


class Prioritise(Sent):
    """Which of the client account's flows go first."""

    priority: Level


class Fork(Sent):
    """From where, and with what, the child does the work anew."""

    phase: str = Field(max_length=200, description="One of the flow's `forkable` phases.")
    inputs: dict[str, Any] = Field(
        default_factory=dict, description="Inputs that differ from the parent's."
    )
    current_definition: Truth = Field(
        default=False,
        description="Follow the definition the type has now, not the one the parent began with.",
    )


@router.post("/pause", summary="Pause a flow", responses=problems(ActionRefused))
def pause(context: CanControl, flow_id: UUID, body: Why | None = None) -> FlowView:
    """No phase begins any more; one that runs ends within seconds or begins again on resume."""
    reason = body.reason if body else ""
    return act(context, flow_id, lambda o, s: o.pause(s, flow_id, reason))


@router.post("/resume", summary="Resume a flow", responses=problems(ActionRefused))
def resume(context: CanControl, flow_id: UUID) -> FlowView:
    """It goes on from where it was paused."""
    return act(context, flow_id, lambda o, s: o.resume(s, flow_id))


@router.post("/cancel", summary="Cancel a flow", responses=problems(ActionRefused))
def cancel(context: CanControl, flow_id: UUID, body: Why | None = None) -> FlowView:
    """From now on nothing of it is committed any more; everything it stored is kept."""
    reason = body.reason if body else ""
    return act(context, flow_id, lambda o, s: o.cancel(s, flow_id, reason))


@router.post("/retry", summary="Retry a failed flow", responses=problems(ActionRefused))
def retry(context: CanControl, flow_id: UUID) -> FlowView:
    """The failed phases run again, with everything before them kept."""
    return act(context, flow_id, lambda o, s: o.retry(s, flow_id))


@router.post("/schedule", summary="Move the start of a flow", responses=problems(ActionRefused))
def schedule(context: CanControl, flow_id: UUID, body: Schedule) -> FlowView:
    """Only of one that has not begun."""
    return act(context, flow_id, lambda o, s: o.schedule(s, flow_id, body.start_at))


@router.post("/priority", summary="Change a flow's priority", responses=problems(ActionRefused))
def prioritise(context: CanControl, flow_id: UUID, body: Prioritise) -> FlowView:
    """Its further work goes before or behind that of the account's other flows."""
    level = Priority[body.priority.upper()]
    return act(context, flow_id, lambda o, s: o.prioritize(s, flow_id, level))


@router.post(
    "/fork",
    summary="Fork a flow",
    status_code=201,
    response_model=FlowView,
    responses=problems(
        *(ActionRefused, ForkNotPossible, UnknownFlowType, FlowTypeNotLoaded, InvalidFlowInputs),
        *(TooManyOpenFlows, FlowsTooFast, AccountLeaving),
    ),
)
def fork(context: CanControl, flow_id: UUID, body: Fork, key: Key) -> Response:
    """A child keeps what the phases before gave, and does the rest anew."""
    return once(
        context,
        key,
        "fork_flow",
        fingerprint(flow_id, body.model_dump_json()),
        lambda: fork_flow(context, flow_id, body),
    )


def fork_flow(context: EngagementContext, flow_id: UUID, body: Fork) -> FlowView:
    """Create the child and return its first state.

    Raises:
        NotFound: the engagement has no such flow.
        ActionRefused, ForkNotPossible, InvalidFlowInputs, TooManyOpenFlows, FlowsTooFast:
            nothing is created.
    """
    flow_in(context, flow_id)
    orchestrator = context.services.orchestrator
    child = orchestrator.fork(
        context.session,
        flow_id,
        body.phase,
        inputs=body.inputs,
        current_definition=body.current_definition,
    )
    return orchestrator.status(context.session, child)


def act(context: EngagementContext, flow_id: UUID, do: Do) -> FlowView:
    """Do something with a flow of this engagement and return its state after it.

    Raises:
        NotFound: the engagement has no such flow.
        ActionRefused: its status does not allow it; nothing was changed.
    """
    flow_in(context, flow_id)
    orchestrator = context.services.orchestrator
    do(orchestrator, context.session)
    return orchestrator.status(context.session, flow_id)
