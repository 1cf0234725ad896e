"""A trace id's story as a page, and the errors of one client account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from landbridge.api.auth import opened, user_of
from landbridge.api.caller import AnyCaller
from landbridge.api.routes.error_centre import Code, TraceId
from landbridge.api.services import services_of
from landbridge.centre import own, story
from landbridge.centre.desk import OperatorDesk, is_operator
from landbridge.centre.models import Moment, Story
from landbridge.identity.local import open_accounts
from landbridge.identity.permissions import Action
from landbridge.web.context import AccountPage, account_page
from landbridge.web.pages.error_centre import CATEGORIES
from landbridge.web.rendering import page as render

router = APIRouter(include_in_schema=False)

ReadErrors = Annotated[AccountPage, Depends(account_page(Action.READ_ERRORS), scope="function")]


@router.get("/traces/{trace_id}")
def show_trace(request: Request, who: AnyCaller, trace_id: TraceId) -> Response:
    """Everything with this trace id: operators see all of it, members what is their accounts'."""
    services = services_of(request)
    user, door = user_of(services, who), services.databases.app
    operator = is_operator(door, who.credential_hash)
    if operator:
        told = story.of_all(OperatorDesk(door, who.credential_hash), trace_id)
    else:
        told = _own(request, who, trace_id)
    return render(
        request,
        "pages/trace.html",
        user=user,
        trail=(("Trace", request.url.path),),
        told=told,
        lines=[(moment, story.sentence(moment)) for moment in told.moments],
        operator=operator,
        engagements={
            moment.flow_id: moment.detail["engagement_id"]
            for moment in told.moments
            if moment.detail.get("engagement_id")
        },
    )


@router.get("/accounts/{client_account_id}/errors")
def list_errors(page: ReadErrors) -> Response:
    """Which errors occurred in a client account."""
    return page.show(
        "pages/account_errors.html",
        ("Errors", page.place.url("errors")),
        groups=own.groups(page.session),
        categories=CATEGORIES,
    )


@router.get("/accounts/{client_account_id}/errors/{code}")
def show_error(page: ReadErrors, code: Code) -> Response:
    """One of them, with its places and traces."""
    return page.show(
        "pages/account_error.html",
        ("Errors", page.place.url("errors")),
        (code, page.place.url(f"errors/{code}")),
        found=own.detail(page.session, code),
        categories=CATEGORIES,
    )


def _own(request: Request, who: AnyCaller, trace_id: str) -> Story:
    services, given = services_of(request), story.well_formed(trace_id)
    moments: list[Moment] = []
    for account in open_accounts(services.databases, who.credential_hash):
        with opened(services, who, account.id, Action.VIEW) as context:
            moments += own.moments(context.session, given, account.name)
    return story.told(given, moments)
