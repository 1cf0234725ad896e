"""The buttons of a flow: pause, resume, cancel, retry, priority, start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.api.following import flow_in
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.flows.states import Priority
from landbridge.web.context import ROOT, Control, EngagementPage
from landbridge.web.failures import beside
from landbridge.web.pages.flow import show
from landbridge.web.sent import Moment, Reason

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.post("/flows/{flow_id}/pause")
def pause(page: Control, flow_id: UUID, reason: Reason = "") -> Response:
    """Begin no further phase."""
    orchestrator = page.context.services.orchestrator
    return act(page, flow_id, lambda: orchestrator.pause(page.session, flow_id, reason.strip()))


@router.post("/flows/{flow_id}/resume")
def resume(page: Control, flow_id: UUID) -> Response:
    """Go on."""
    orchestrator = page.context.services.orchestrator
    return act(page, flow_id, lambda: orchestrator.resume(page.session, flow_id))


@router.post("/flows/{flow_id}/cancel")
def cancel(page: Control, flow_id: UUID, reason: Reason = "") -> Response:
    """End the flow for good."""
    orchestrator = page.context.services.orchestrator
    return act(page, flow_id, lambda: orchestrator.cancel(page.session, flow_id, reason.strip()))


@router.post("/flows/{flow_id}/retry")
def retry(page: Control, flow_id: UUID) -> Response:
    """Run the failed phases again."""
    orchestrator = page.context.services.orchestrator
    return act(page, flow_id, lambda: orchestrator.retry(page.session, flow_id))


@router.post("/flows/{flow_id}/priority")
def prioritize(
    page: Control, flow_id: UUID, priority: Annotated[Literal["high", "normal", "low"], Form()]
) -> Response:
    """Change which of the account's flows go first."""
    orchestrator, wanted = page.context.services.orchestrator, Priority[priority.upper()]
    return act(page, flow_id, lambda: orchestrator.prioritize(page.session, flow_id, wanted))


@router.post("/flows/{flow_id}/schedule")
def schedule(
    page: Control,
    flow_id: UUID,
    start_at: Moment = None,
    start: Annotated[Literal["at", "now"], Form()] = "at",
) -> Response:
    """Move the start of a flow that has not begun; no time starts it now."""
    orchestrator = page.context.services.orchestrator
    at = start_at if start == "at" else None
    return act(page, flow_id, lambda: orchestrator.schedule(page.session, flow_id, at))


def act(page: EngagementPage, flow_id: UUID, action: Callable[[], object]) -> Response:
    """Carry out an action and lead back to the flow; a refusal is said on its page.

    Raises:
        NotFound: the engagement has no such flow.
    """
    flow_in(page.context, flow_id)
    refusal = refused(page, action)
    if refusal is not None:
        return show(page, flow_id, refusal=refusal)
    return RedirectResponse(page.place.url(f"flows/{flow_id}"), status_code=303)


def refused(page: EngagementPage, action: Callable[[], object]) -> LandbridgeError | None:
    """Carry out an action whole or not at all; returns why it was refused, if it was.

    Raises:
        NotFound: what it acts on is not there.
    """
    try:
        with page.session.begin_nested():
            action()
    except NotFound:
        raise
    except LandbridgeError as error:
        if error.status >= 500:
            raise
        return beside(error)
    return None
