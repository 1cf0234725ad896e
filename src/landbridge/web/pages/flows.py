"""Flows: the list, kept up to date, and what is done with several at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from landbridge.api.auth import CanView
from landbridge.api.following import flow_in
from landbridge.api.services import Services
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.identity.permissions import Action, allows
from landbridge.web import flow_list
from landbridge.web.context import ROOT, Control, EngagementPage, View
from landbridge.web.failures import beside
from landbridge.web.live_list import changes
from landbridge.web.pages.flow_actions import refused
from landbridge.web.rendering import Place, fragment
from landbridge.web.sent import Reason

router = APIRouter(prefix=ROOT, include_in_schema=False)

DONE: Final = {
    "pause": "paused",
    "resume": "resumed",
    "retry": "retried",
    "cancel": "cancelled",
}
MAX_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action on one flow; `refusal` is why it was refused."""

    flow_id: UUID
    title: str
    refusal: LandbridgeError | None


@dataclass(frozen=True, slots=True)
class MayList:
    """A list that may be followed, and on whose behalf."""

    services: Services
    access: CredentialAccess
    engagement_id: UUID


def _may_list(context: CanView) -> MayList:
    access = CredentialAccess(context.caller.credential_hash, context.client_account_id)
    return MayList(context.services, access, context.engagement_id)


@router.get("/flows")
def list_flows(page: View) -> HTMLResponse:
    """The flows of the engagement, newest first, narrowed as the address says."""
    return _show(page)


@router.get("/flows/stream", response_class=EventSourceResponse)
async def stream_flows(
    request: Request, listed: Annotated[MayList, Depends(_may_list, scope="function")]
) -> AsyncIterator[ServerSentEvent]:
    """The rows of the list, again whenever one of them has changed."""

    def read(session: TenantSession) -> tuple[Iterable[UUID], str]:
        shown = flow_list.read(request, session, listed.engagement_id)
        place = Place(session.client_account_id, "", session.role, listed.engagement_id)
        html = fragment("parts/flow_rows.html", place=place, **_rows(shown, place))
        return [flow.id for flow in shown.flows], html

    async for html in changes(request, listed.services, listed.access, read):
        yield ServerSentEvent(raw_data=html)


@router.post("/flows/bulk")
def act_on_many(
    page: Control,
    action: Annotated[Literal["pause", "resume", "retry", "cancel"], Form()],
    flow: Annotated[Sequence[UUID], Form(max_length=MAX_AT_ONCE)] = (),
    reason: Reason = "",
) -> Response:
    """Do one thing with several flows. Each is done or refused by itself; doing it again
    changes nothing, so the answer is the list with the result of each.
    """
    do = _doing(page, action, reason.strip())
    outcomes = [_outcome(page, flow_id, do) for flow_id in sorted(set(flow))]
    return _show(page, outcomes=outcomes, action=action)


def _doing(page: EngagementPage, action: str, reason: str) -> Callable[[UUID], None]:
    orchestrator, session = page.context.services.orchestrator, page.session
    actions: dict[str, Callable[[UUID], None]] = {
        "pause": lambda flow_id: orchestrator.pause(session, flow_id, reason),
        "resume": lambda flow_id: orchestrator.resume(session, flow_id),
        "retry": lambda flow_id: orchestrator.retry(session, flow_id),
        "cancel": lambda flow_id: orchestrator.cancel(session, flow_id, reason),
    }
    return actions[action]


def _outcome(page: EngagementPage, flow_id: UUID, do: Callable[[UUID], None]) -> Outcome:
    try:
        title = flow_in(page.context, flow_id).title
    except NotFound as error:
        return Outcome(flow_id, "A flow that is not here", beside(error))
    return Outcome(flow_id, title, refused(page, lambda: do(flow_id)))


def _show(
    page: EngagementPage, *, outcomes: Sequence[Outcome] | None = None, action: str = ""
) -> HTMLResponse:
    shown = flow_list.read(page.request, page.session, page.engagement_id)
    refusals = [outcome for outcome in outcomes or () if outcome.refusal]
    return page.show(
        "pages/flows.html",
        ("Flows", shown.view.path),
        section="flows",
        **_rows(shown, page.place),
        outcomes=outcomes,
        refusals=refusals,
        done=DONE.get(action, ""),
        here_stream=_stream_of(shown, page.request),
    )


def _stream_of(shown: flow_list.FlowList, request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{shown.view.path}/stream{query}"


def _rows(shown: flow_list.FlowList, place: Place) -> dict[str, Any]:
    return {
        "view": shown.view,
        "flows": shown.flows,
        "facets": shown.facets,
        "total": shown.total,
        "for_me": shown.for_me,
        "may_control": allows(place.role, Action.CONTROL_FLOW),
    }
