"""Signing in and out, and the theme: pages that belong to no client account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy import text
from starlette.responses import RedirectResponse, Response

from landbridge.api.caller import (
    LOOPBACK_COOKIE,
    SECURE_COOKIE,
    cookie_name,
    is_loopback,
    refuse_cross_site,
)
from landbridge.api.errors import InsecureSignIn
from landbridge.api.services import services_of
from landbridge.identity.credentials import hash_of, new_session_token
from landbridge.web.rendering import THEME_COOKIE, THEMES, page

router = APIRouter(include_in_schema=False)

_START = text("select app.start_session(:credential, :session, :lifetime)")
_END = text("select app.end_session(:session)")


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    token: Annotated[str, Query(max_length=400)] = "",
    next: Annotated[str, Query(max_length=2000)] = "/",
) -> Response:
    """The form; with a token from a sign-in link, the session itself.

    A link followed from another site asks first, so that no other site can sign a browser
    in unnoticed.
    """
    require_safe_transport(request)
    if token and request.headers.get("sec-fetch-site") != "cross-site":
        return _start(request, token, next)
    return page(request, "pages/sign_in.html", token=token, next=local(next), mistake=None)


@router.post("/sign-in")
def sign_in(
    request: Request,
    token: Annotated[str, Form(max_length=400)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Exchange an API key or link token for a fresh session."""
    require_safe_transport(request)
    refuse_cross_site(request)
    return _start(request, token.strip(), next)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session in the database and in the browser."""
    refuse_cross_site(request)
    _end(request)
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
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=31_536_000, path="/", samesite="lax")
    else:
        response.delete_cookie(THEME_COOKIE, path="/")
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


def _start(request: Request, token: str, target: str) -> Response:
    services = services_of(request)
    session = new_session_token()
    lifetime = timedelta(hours=services.settings.session_hours)
    with services.databases.app.anonymous() as connection:
        started = connection.execute(
            _START,
            {"credential": hash_of(token), "session": session.hash, "lifetime": lifetime},
        ).scalar_one()
    if not started:
        return page(
            request,
            "pages/sign_in.html",
            status=401,
            token="",
            next=local(target),
            mistake="This key or link is not valid, or has ended. Check it, or ask for a new one.",
        )
    _end(request)
    response = RedirectResponse(local(target), status_code=303)
    response.set_cookie(
        cookie_name(request),
        session.text,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def _end(request: Request) -> None:
    """End the session this browser has, so that every sign-in starts a new one."""
    cookie = request.cookies.get(cookie_name(request))
    if cookie:
        with services_of(request).databases.app.anonymous() as connection:
            connection.execute(_END, {"session": hash_of(cookie)})
