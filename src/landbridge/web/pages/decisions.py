"""Deciding conflicts, dependencies and findings from their lists."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.api.routes.decisions import EdgeStatus
from landbridge.discovery.dependencies import service as dependencies
from landbridge.discovery.inventory import service as inventory
from landbridge.discovery.techdebt import service as findings
from landbridge.errors.common import InvalidRequest
from landbridge.kit import jsonio
from landbridge.web.context import ROOT, Edit, Mute
from landbridge.web.pages.sign_in import local

router = APIRouter(prefix=ROOT, include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]


@router.post("/conflicts/{conflict_id}")
def decide_conflict(
    page: Edit,
    conflict_id: UUID,
    value: Annotated[str, Form(max_length=20_000)] = "",
    keep: Annotated[str, Form(max_length=10)] = "",
    reopen: Annotated[bool, Form()] = False,
    back: Back = "",
) -> Response:
    """Use one candidate's value, answer that two assets are two, or take the answer back."""
    if reopen:
        inventory.reopen(page.session, page.engagement_id, conflict_id)
    elif keep == "both":
        inventory.keep_both(page.session, page.engagement_id, conflict_id)
    else:
        inventory.decide(page.session, page.engagement_id, conflict_id, _value(value))
    return RedirectResponse(local(back or page.place.url("conflicts")), status_code=303)


@router.post("/dependencies/{dependency_id}")
def decide_dependency(
    page: Edit, dependency_id: UUID, status: Annotated[EdgeStatus, Form()], back: Back = ""
) -> Response:
    """Confirm or reject an edge, or take the decision back."""
    dependencies.decide(page.session, page.engagement_id, dependency_id, status)
    return RedirectResponse(local(back or page.place.url("dependencies")), status_code=303)


@router.post("/findings/{finding_id}")
def decide_finding(
    page: Mute,
    finding_id: UUID,
    reason: Annotated[str, Form(max_length=2000)] = "",
    reopen: Annotated[bool, Form()] = False,
    back: Back = "",
) -> Response:
    """Accept a risk with a reason, or take that back."""
    if reopen:
        findings.reopen(page.session, page.engagement_id, finding_id)
    elif reason.strip():
        findings.accept(page.session, page.engagement_id, finding_id, reason.strip())
    else:
        raise InvalidRequest
    return RedirectResponse(local(back or page.place.url("findings")), status_code=303)


def _value(text: str) -> object:
    try:
        found: object = jsonio.loads(text)
    except ValueError:
        raise InvalidRequest from None
    return found
