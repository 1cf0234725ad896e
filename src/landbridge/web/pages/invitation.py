"""Accepting an invitation: the page behind its link."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from landbridge.api.auth import User, user_of
from landbridge.api.caller import Caller, refuse_cross_site
from landbridge.api.services import services_of
from landbridge.errors.common import SignInRequired
from landbridge.identity import accepting
from landbridge.identity.errors import NameInvalid
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.sign_in_errors import PasswordWeak
from landbridge.web.failures import beside
from landbridge.web.pages.sign_in import require_safe_transport
from landbridge.web.rendering import page
from landbridge.web.visits import keep, shown, visit_of

router = APIRouter(prefix="/invitations", include_in_schema=False)

Token = Annotated[str, Path(max_length=400)]


@router.get("/{token}")
def show_invitation(request: Request, token: Token) -> Response:
    """What is offered, and how to accept it."""
    require_safe_transport(request)
    return _show(request, token)


@router.post("/{token}")
def accept_as_new(
    request: Request,
    token: Token,
    name: Annotated[str, Form(max_length=400)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Become a user with a password, and go to the client account."""
    require_safe_transport(request)
    refuse_cross_site(request)
    door, visit = services_of(request).databases.app, visit_of(request)
    try:
        account, secret = accepting.as_new(door, token, name, password, visit)
    except NameInvalid as error:
        beside(error)
        return _show(request, token, error.status, name=name, mistakes={"name": error.advice})
    except PasswordWeak as error:
        beside(error)
        return _show(request, token, error.status, name=name, mistakes={"password": error.detail})
    return keep(request, secret, f"/accounts/{account}", visit.lifetime)


@router.post("/{token}/accept")
def accept_as_self(request: Request, token: Token) -> Response:
    """Accept as who is signed in, and go to the client account."""
    require_safe_transport(request)
    refuse_cross_site(request)
    session = shown(request)
    if session is None or _signed_in(request) is None:
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    account = accepting.as_self(services_of(request).databases.app, token, session)
    return RedirectResponse(f"/accounts/{account}", status_code=303)


def _show(
    request: Request,
    token: str,
    status: int = 200,
    name: str = "",
    mistakes: dict[str, str] | None = None,
) -> Response:
    offered = accepting.look(services_of(request).databases.app, token)
    user = _signed_in(request)
    return page(
        request,
        "pages/invitation.html",
        status=status,
        provider=Provider.of(services_of(request).settings),
        offered=offered,
        token=token,
        me=user,
        mine=user is not None and user.email.casefold() == offered.email.casefold(),
        name=name,
        mistakes=mistakes or {},
    )


def _signed_in(request: Request) -> User | None:
    session = shown(request)
    if session is None:
        return None
    try:
        return user_of(services_of(request), Caller(session, by_cookie=True))
    except SignInRequired:
        return None
