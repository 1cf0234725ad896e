"""The error centre of operators: what occurred, for whom, and what is being done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from landbridge.api.auth import user_of
from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.routes.error_centre import Code, desk_of
from landbridge.api.services import services_of
from landbridge.centre import service
from landbridge.centre.errors import MuteHasNoEnd
from landbridge.centre.models import State
from landbridge.database.listing import Listing
from landbridge.errors.catalogue import Category
from landbridge.kit.clock import now
from landbridge.web.failures import beside
from landbridge.web.lists import ListView
from landbridge.web.rendering import page

router = APIRouter(prefix="/operator/errors", include_in_schema=False)

TITLE: Final = "Error centre"
PATH: Final = "/operator/errors"
CODES: Final = Listing("", "", dict.fromkeys(("q", "state", "category"), ""), {}, "")
"""What the list can be narrowed to; its rows are few, and come as one."""
STATES: Final = {
    State.OPEN: "Open",
    State.ACKNOWLEDGED: "Acknowledged",
    State.MUTED: "Muted",
    State.RESOLVED: "Resolved",
}
CATEGORIES: Final = {
    Category.BUG: "Defect of Landbridge",
    Category.CAPACITY: "Capacity",
    Category.DEPENDENCY: "Something it depends on",
    Category.CONFLICT: "Conflict",
    Category.USER: "Input of a user",
}
HOURS: Final = {"1": "1 hour", "8": "8 hours", "24": "1 day", "168": "7 days", "720": "30 days"}


@router.get("")
def show_centre(request: Request, who: AnyCaller) -> Response:
    """Every code that occurred, narrowed by the address."""
    desk = desk_of(request, who)
    view = ListView.of(
        request,
        CODES,
        state=lambda v: STATES[State(v)] if v in set(State) else v,
        category=lambda v: CATEGORIES[Category(v)] if v in set(Category) else v,
    )
    shown = service.centre(
        desk, state=view.get("state"), category=view.get("category"), q=view.get("q")
    )
    return page(
        request,
        "pages/error_centre.html",
        user=user_of(services_of(request), who),
        trail=((TITLE, PATH),),
        view=view,
        found=shown,
        states=STATES,
        categories=CATEGORIES,
    )


@router.get("/{code}")
def show_error(request: Request, who: AnyCaller, code: Code) -> Response:
    """One code: where, in which accounts, traces to follow, and what was said of it."""
    return _error(request, who, code)


@router.post("/{code}")
def say(
    request: Request,
    who: AnyCaller,
    code: Code,
    state: Annotated[State, Form()],
    note: Annotated[str, Form(max_length=1000)] = "",
    hours: Annotated[str, Form(max_length=4)] = "",
) -> Response:
    """Acknowledge, mute, resolve or reopen it."""
    until = now() + timedelta(hours=int(hours)) if hours in HOURS else None
    try:
        service.decide(desk_of(request, who), code, state, note=note, until=until)
    except MuteHasNoEnd as error:
        beside(error)
        return _error(request, who, code, f"{error.detail} {error.advice}")
    return RedirectResponse(f"{PATH}/{code}", status_code=303)


def _error(request: Request, who: Caller, code: str, mistake: str | None = None) -> Response:
    found = service.detail(desk_of(request, who), code)
    return page(
        request,
        "pages/error_group.html",
        status=422 if mistake else 200,
        user=user_of(services_of(request), who),
        trail=((TITLE, PATH), (code, f"{PATH}/{code}")),
        found=found,
        states=STATES,
        categories=CATEGORIES,
        hours=list(HOURS.items()),
        mistake=mistake,
    )
