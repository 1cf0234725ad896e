"""One flow as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse

from landbridge.api.following import Following, MayFollow, flow_in, news
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.states import TERMINAL
from landbridge.flows.status import FlowView
from landbridge.web.context import ROOT, EngagementPage, View
from landbridge.web.flow_gates import Tried
from landbridge.web.flow_inside import inside
from landbridge.web.rendering import Place, fragment

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/flows/{flow_id}")
def show_flow(page: View, flow_id: UUID) -> HTMLResponse:
    """One flow: kept up to date by one stream while it lives."""
    return show(page, flow_id)


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


def show(
    page: EngagementPage,
    flow_id: UUID,
    *,
    refusal: LandbridgeError | None = None,
    tried: Tried | None = None,
) -> HTMLResponse:
    """The page of a flow.

    Args:
        refusal: why an action was not carried out; said in place, with its status.
        tried: a decision that was not taken, with what is wrong with it.
    """
    flow = flow_in(page.context, flow_id)
    shown = inside(page.context.services, page.session, flow, page.place, tried)
    del shown["place"]
    problem = refusal.problem(trace_id=page.request.state.trace_id) if refusal else None
    answer = page.show(
        "pages/flow.html",
        ("Flows", page.place.url("flows")),
        (flow.title, page.place.url(f"flows/{flow_id}")),
        section="flows",
        live=flow.status not in TERMINAL,
        refusal=problem,
        **shown,
    )
    if refusal:
        answer.status_code = refusal.status
    elif tried:
        answer.status_code = 422
    return answer


def _read_inside(
    following: Following, session: TenantSession, _after: int
) -> tuple[FlowView, int, str]:
    flow = following.services.orchestrator.status(session, following.flow_id)
    place = Place(session.client_account_id, "", session.role, following.engagement_id)
    shown = inside(following.services, session, flow, place)
    return flow, flow.last_event_seq, fragment("parts/flow.html", **shown)
