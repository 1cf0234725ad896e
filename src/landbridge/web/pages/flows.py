"""Flows: the list, and one flow as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.following import Following, MayFollow, flow_in, news
from landbridge.api.routes.flows import decide
from landbridge.api.services import Services
from landbridge.database.session import TenantSession
from landbridge.discovery.summary import summarise
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.errors import TransitionRefused
from landbridge.flows.gate_errors import AlreadyDecided
from landbridge.flows.leases import live_executors
from landbridge.flows.states import TERMINAL, FlowStatus
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action, allows
from landbridge.web.chronicle import tell
from landbridge.web.context import ROOT, Decide, EngagementPage, View
from landbridge.web.rendering import Place, fragment

router = APIRouter(prefix=ROOT, include_in_schema=False)

SHOWN_EVENTS: Final = 60
WORKING: Final = frozenset({FlowStatus.INITIALIZED, FlowStatus.RUNNING})


@router.get("/flows")
def list_flows(page: View) -> HTMLResponse:
    """The newest flows of the engagement."""
    flows = page.context.services.orchestrator.flows(page.session, page.engagement_id)
    return page.show(
        "pages/flows.html", ("Flows", page.request.url.path), section="flows", flows=flows
    )


@router.get("/flows/{flow_id}")
def show_flow(page: View, flow_id: UUID) -> HTMLResponse:
    """One flow: kept up to date by one stream while it lives."""
    return _show(page, flow_id)


@router.get("/flows/{flow_id}/stream", response_class=EventSourceResponse)
async def stream_flow(
    request: Request,
    following: MayFollow,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The inside of the flow's page, again after every change. It is whole every time, so a
    reader that was away only needs the newest.
    """
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    async for flow, html in news(request, following, after, _read_inside):
        yield ServerSentEvent(id=str(flow.last_event_seq), raw_data=html)
    yield ServerSentEvent(event="end", data={})


@router.post("/approvals/{approval_id}")
def decide_approval(
    page: Decide,
    approval_id: UUID,
    decision: Annotated[Literal["approve", "reject"], Form()],
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Approve or reject; a rejection says why, because the flow ends there."""
    orchestrator = page.context.services.orchestrator
    flow_id = flow_in(page.context, orchestrator.flow_of(page.session, approval_id)).id
    approve = decision == "approve"
    if not approve and not reason.strip():
        mistake = "Say why, so that others know what to correct."
        return _show(page, flow_id, mistake=mistake)
    try:
        decide(page.context, approval_id, approve=approve, reason=reason.strip())
    except (AlreadyDecided, TransitionRefused) as error:
        return _show(page, flow_id, refusal=error)
    return RedirectResponse(page.place.url(f"flows/{flow_id}"), status_code=303)


def _read_inside(
    following: Following, session: TenantSession, _after: int
) -> tuple[FlowView, int, str]:
    flow = following.services.orchestrator.status(session, following.flow_id)
    place = Place(session.client_account_id, "", session.role, following.engagement_id)
    shown = _inside(following.services, session, flow, place)
    return flow, flow.last_event_seq, fragment("parts/flow.html", **shown)


def _inside(
    services: Services, session: TenantSession, flow: FlowView, place: Place
) -> dict[str, Any]:
    """What the part of the page that changes shows."""
    recent = max(0, flow.last_event_seq - SHOWN_EVENTS)
    events = services.orchestrator.events(session, flow.id, recent)
    ended = flow.status in TERMINAL
    summary = summarise(session, flow) if ended and flow.type == "discovery" else None
    needs_worker = flow.status in WORKING and not live_executors(services.databases.app)
    return {
        "flow": flow,
        "place": place,
        "told": tell(flow, events),
        "summary": summary,
        "needs_worker": needs_worker,
        "may_decide": allows(place.role, Action.DECIDE_APPROVAL),
        "mistake": None,
    }


def _show(
    page: EngagementPage,
    flow_id: UUID,
    mistake: str | None = None,
    refusal: LandbridgeError | None = None,
) -> HTMLResponse:
    flow = flow_in(page.context, flow_id)
    shown = _inside(page.context.services, page.session, flow, page.place)
    del shown["place"]
    problem = refusal.problem(trace_id=page.request.state.trace_id) if refusal else None
    answer = page.show(
        "pages/flow.html",
        ("Flows", page.place.url("flows")),
        (flow.title, page.request.url.path),
        section="flows",
        live=flow.status not in TERMINAL,
        refusal=problem,
        **{**shown, "mistake": mistake},
    )
    if mistake:
        answer.status_code = 422
    elif refusal:
        answer.status_code = refusal.status
    return answer
