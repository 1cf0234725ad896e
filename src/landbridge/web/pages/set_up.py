"""Setting up: the page behind the link that a fresh server's console shows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from landbridge.api.caller import refuse_cross_site
from landbridge.api.services import services_of
from landbridge.errors.catalogue import LandbridgeError
from landbridge.identity import set_up
from landbridge.identity.errors import ClientAccountNameTaken, EmailInvalid, NameInvalid
from landbridge.identity.set_up import FirstPerson
from landbridge.identity.sign_in_errors import LinkEnded, PasswordWeak
from landbridge.web.failures import beside
from landbridge.web.pages.sign_in import local, require_safe_transport
from landbridge.web.rendering import page
from landbridge.web.visits import keep, visit_of

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Form(max_length=400)]


@router.get("/set-up")
def set_up_page(
    request: Request,
    token: Annotated[str, Query(max_length=400)] = "",
    next: Annotated[str, Query(max_length=2000)] = "/",
) -> Response:
    """Asks who the first person is.

    Raises:
        LinkEnded: the link was used, replaced, or is too old.
    """
    require_safe_transport(request)
    if not set_up.holds(services_of(request).databases.app, token):
        raise LinkEnded
    return _form(request, token, next, FirstPerson("", "", ""), None)


@router.post("/set-up")
def set_up_first_person(
    request: Request,
    token: Token = "",
    email: Annotated[str, Form(max_length=400)] = "",
    name: Annotated[str, Form(max_length=400)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    account_name: Annotated[str, Form(max_length=400)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Make the first person and sign them in."""
    require_safe_transport(request)
    refuse_cross_site(request)
    person = FirstPerson(email.strip(), name.strip(), password, account_name.strip() or None)
    visit = visit_of(request)
    try:
        secret = set_up.set_up(services_of(request).databases.app, token, person, visit)
    except (EmailInvalid, NameInvalid, PasswordWeak, ClientAccountNameTaken) as error:
        return _form(request, token, next, person, beside(error))
    return keep(request, secret, local(next), visit.lifetime)


def _form(
    request: Request, token: str, target: str, person: FirstPerson, error: LandbridgeError | None
) -> Response:
    return page(
        request,
        "pages/set_up.html",
        status=error.status if error else 200,
        token=token,
        next=local(target),
        person=person,
        mistakes={_field(error): f"{error.detail} {error.advice}"} if error else {},
    )


def _field(error: LandbridgeError) -> str:
    """The field that an error is about."""
    match error:
        case EmailInvalid():
            return "email"
        case PasswordWeak():
            return "password"
        case ClientAccountNameTaken():
            return "account_name"
        case _:
            return "name"
