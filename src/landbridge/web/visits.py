"""The browser that wants a session: where it comes from, what it is, and what it keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import Request
from sqlalchemy import text
from starlette.responses import RedirectResponse, Response

from landbridge.api.caller import cookie_name
from landbridge.api.services import services_of
from landbridge.identity.credentials import Secret, hash_of
from landbridge.identity.sign_in import Visit
from landbridge.kit.origin import place_of

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_END: Final = text("select app.end_session(:session)")


def visit_of(request: Request) -> Visit:
    """The visit that this request is."""
    hours = services_of(request).settings.session_hours
    label = browser_name(request.headers.get("user-agent", ""))
    return Visit(
        place_of(request.client.host if request.client else ""), label, timedelta(hours=hours)
    )


def browser_name(user_agent: str) -> str:
    """Browser and system in words, as people know them."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Another program")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser


def keep(request: Request, secret: Secret, target: str, lifetime: timedelta) -> Response:
    """Give the browser a new session and send it on; the one it had ends."""
    end(request)
    response = RedirectResponse(target, status_code=303)
    response.set_cookie(
        cookie_name(request),
        secret.text,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def shown(request: Request) -> bytes | None:
    """The hash of what the browser's cookie holds, if it sent one."""
    cookie = request.cookies.get(cookie_name(request))
    return hash_of(cookie) if cookie else None


def end(request: Request) -> None:
    """End the session this browser has, so that every sign-in starts a new one."""
    session = shown(request)
    if session is not None:
        with services_of(request).databases.app.anonymous() as connection:
            connection.execute(_END, {"session": session})
