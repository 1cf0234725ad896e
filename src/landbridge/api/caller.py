"""The credential of a request: from a header, or from the cookie of a browser's session."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request

from landbridge.api.errors import CrossSiteRequest
from landbridge.errors.common import SignInRequired
from landbridge.identity.credentials import hash_of
from landbridge.kit.scene import current_scene

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SECURE_COOKIE: Final = "__Host-landbridge"
LOOPBACK_COOKIE: Final = "landbridge_session"


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a credential that was sent, not yet checked.

    Attributes:
        credential_hash: SHA-256 of what was sent.
        by_cookie: whether it came from a browser's session cookie.
    """

    credential_hash: bytes
    by_cookie: bool


def cookie_name(request: Request) -> str:
    """The session cookie's name: the Secure, host-bound one wherever https is spoken."""
    return SECURE_COOKIE if request.url.scheme == "https" else LOOPBACK_COOKIE


def is_loopback(host: str | None) -> bool:
    """Whether a browser that uses this host name talks to its own machine."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def caller(request: Request) -> Caller:
    """The credential of this request.

    Raises:
        SignInRequired: there is none.
        CrossSiteRequest: a browser sends a change on behalf of another site.
    """
    sent = credential(request)
    if sent is None:
        raise SignInRequired
    if sent.by_cookie and request.method not in SAFE_METHODS:
        refuse_cross_site(request)
    return _shown(sent)


def credential(request: Request) -> Caller | None:
    """The credential that this request carries, if any."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Caller(hash_of(token.strip()), by_cookie=False)
    cookie = request.cookies.get(cookie_name(request))
    return Caller(hash_of(cookie), by_cookie=True) if cookie else None


def _shown(who: Caller) -> Caller:
    scene = current_scene()
    if scene is not None:
        scene.credential_hash = who.credential_hash
    return who


def refuse_cross_site(request: Request) -> None:
    """Refuse a change that another site made a browser send.

    Raises:
        CrossSiteRequest: as told by Sec-Fetch-Site, or by Origin where that is not sent.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSiteRequest
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise CrossSiteRequest


AnyCaller = Annotated[Caller, Depends(caller)]
