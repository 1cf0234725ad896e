"""Signing in and out, and the theme: pages that belong to no client account."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from landbridge.api.caller import (
    LOOPBACK_COOKIE,
    SECURE_COOKIE,
    is_loopback,
    refuse_cross_site,
)
from landbridge.api.errors import InsecureSignIn
from landbridge.api.services import services_of
from landbridge.errors.common import SignInRequired
from landbridge.identity import recovery, set_up, sign_in
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.sign_in_errors import SignInRefused, TooManyAttempts
from landbridge.web.failures import beside
from landbridge.web.rendering import THEME_COOKIE, THEMES, page
from landbridge.web.visits import end, keep, shown, visit_of

router = APIRouter(include_in_schema=False)

NOT_VALID: Final = "This key or link is not valid, or has ended. Check it, or ask for a new one."
NOT_TOGETHER: Final = "Address and password do not belong together."
WRONG_CODE: Final = "This code is wrong, or was used already."

Next = Annotated[str, Query(max_length=2000)]
FormNext = Annotated[str, Form(max_length=2000)]


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    token: Annotated[str, Query(max_length=400)] = "",
    next: Next = "/",
    by: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The form; with a token from a sign-in link, the session itself.

    A link followed from another site asks first, so that no other site can sign a browser
    in unnoticed.
    """
    require_safe_transport(request)
    if token and request.headers.get("sec-fetch-site") != "cross-site":
        return _by_token(request, token, next)
    return _form(request, next, token=token, by_key=by == "key")


@router.post("/sign-in")
def sign_in_with(
    request: Request,
    token: Annotated[str, Form(max_length=400)] = "",
    email: Annotated[str, Form(max_length=400)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: FormNext = "/",
) -> Response:
    """Exchange address and password, an API key or a link's token for a fresh session."""
    require_safe_transport(request)
    refuse_cross_site(request)
    if token:
        return _by_token(request, token.strip(), next)
    door, visit = services_of(request).databases.app, visit_of(request)
    try:
        entered = sign_in.with_password(door, email, password, visit)
    except SignInRefused as error:
        beside(error)
        return _form(request, next, status=error.status, email=email, mistake=NOT_TOGETHER)
    except TooManyAttempts as error:
        beside(error)
        return _wait(_form(request, next, status=429, email=email, mistake=error.detail), error)
    target = local(next)
    if entered.asks_code:
        target = "/sign-in/code?" + urlencode({"next": target})
    return keep(request, entered.secret, target, visit.lifetime)


@router.get("/sign-in/code")
def code_page(request: Request, next: Next = "/") -> Response:
    """Asks for the second factor."""
    require_safe_transport(request)
    return page(request, "pages/sign_in_code.html", next=local(next), mistake=None)


@router.post("/sign-in/code")
def sign_in_with_code(
    request: Request,
    code: Annotated[str, Form(max_length=40)] = "",
    next: FormNext = "/",
) -> Response:
    """Exchange the step that a right password opened, and a code, for a session."""
    require_safe_transport(request)
    refuse_cross_site(request)
    door, visit, target = services_of(request).databases.app, visit_of(request), local(next)
    try:
        step = shown(request) or b""
        if recovery.looks_like_code(code):
            secret = recovery.with_recovery_code(door, step, code, visit)
        else:
            secret = sign_in.with_code(door, services_of(request).vault, step, code, visit)
    except SignInRefused as error:
        beside(error)
        return page(
            request,
            "pages/sign_in_code.html",
            status=error.status,
            next=target,
            mistake=WRONG_CODE,
        )
    except TooManyAttempts as error:
        beside(error)
        answer = page(
            request, "pages/sign_in_code.html", status=429, next=target, mistake=error.detail
        )
        return _wait(answer, error)
    return keep(request, secret, target, visit.lifetime)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session in the database and in the browser."""
    refuse_cross_site(request)
    end(request)
    response = RedirectResponse("/sign-in", status_code=303)
    for name in (SECURE_COOKIE, LOOPBACK_COOKIE):
        response.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True)
    return response


@router.post("/preferences/theme")
def choose_theme(
    request: Request,
    theme: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Remember light or dark in this browser; anything else follows the system."""
    response = RedirectResponse(local(back), status_code=303)
    known = theme in THEMES
    response.set_cookie(
        THEME_COOKIE,
        theme if known else "",
        max_age=31_536_000 if known else 0,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def require_safe_transport(request: Request) -> None:
    """Refuse to send a session over a network in the clear.

    Raises:
        InsecureSignIn: plain http from another machine.
    """
    if request.url.scheme != "https" and not is_loopback(request.url.hostname):
        raise InsecureSignIn


def local(target: str) -> str:
    """The target if it is an address of ours, else the start page."""
    parts = urlsplit(target.replace("\\", "/"))
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return "/"
    return target if target.isprintable() else "/"


def _by_token(request: Request, token: str, target: str) -> Response:
    visit = visit_of(request)
    secret = sign_in.with_credential(services_of(request).databases.app, token, visit)
    if secret is None:
        beside(SignInRequired())
        return _form(request, target, status=401, by_key=True, mistake=NOT_VALID)
    return keep(request, secret, local(target), visit.lifetime)


def _form(request: Request, target: str, *, status: int = 200, **given: Any) -> Response:
    shown = {"token": "", "email": "", "by_key": False, "mistake": None, **given}
    return page(
        request,
        "pages/sign_in.html",
        status=status,
        next=local(target),
        provider=Provider.of(services_of(request).settings),
        is_set_up=set_up.is_set_up(services_of(request).databases.app),
        **shown,
    )


def _wait(answer: Response, error: TooManyAttempts) -> Response:
    answer.headers["Retry-After"] = str(error.fields["retry_after"])
    return answer
