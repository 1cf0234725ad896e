"""Who is asking, and on whose data: from a header or cookie to an open session.

The client account stands in the path. It only selects: the database itself checks the
membership of the credential when the session opens.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import select, text

from landbridge.api.errors import CrossSiteRequest
from landbridge.api.services import Services, services_of
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.errors.common import NotFound, SignInRequired
from landbridge.identity.credentials import hash_of
from landbridge.identity.models import Engagement
from landbridge.identity.permissions import Action, require

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SECURE_COOKIE: Final = "__Host-landbridge"
LOOPBACK_COOKIE: Final = "landbridge_session"

_WHO = text("select user_id, email, display_name, kind from app.who(:hash)")


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a credential that was sent, not yet checked.

    Attributes:
        credential_hash: SHA-256 of what was sent.
        by_cookie: whether it came from a browser's session cookie.
    """

    credential_hash: bytes
    by_cookie: bool


@dataclass(frozen=True, slots=True)
class User:
    """The person or program behind a valid credential."""

    id: UUID
    email: str
    display_name: str


@dataclass(frozen=True, slots=True)
class AccountContext:
    """An open client account: one transaction, committed when the endpoint returns."""

    session: TenantSession
    caller: Caller
    services: Services

    @property
    def client_account_id(self) -> UUID:
        """The open account."""
        return self.session.client_account_id


@dataclass(frozen=True, slots=True)
class EngagementContext(AccountContext):
    """An engagement that exists in the open account."""

    engagement_id: UUID


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
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Caller(hash_of(token.strip()), by_cookie=False)
    cookie = request.cookies.get(cookie_name(request))
    if not cookie:
        raise SignInRequired
    if request.method not in SAFE_METHODS:
        refuse_cross_site(request)
    return Caller(hash_of(cookie), by_cookie=True)


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


def user_of(services: Services, who: Caller) -> User:
    """The user behind a credential.

    Raises:
        SignInRequired: it is unknown or has ended.
    """
    with services.databases.app.anonymous() as connection:
        row = connection.execute(_WHO, {"hash": who.credential_hash}).one_or_none()
    if row is None or row.kind == "sign_in_link":
        raise SignInRequired
    return User(row.user_id, row.email, row.display_name)


@contextlib.contextmanager
def opened(
    services: Services, who: Caller, client_account_id: UUID, action: Action
) -> Iterator[AccountContext]:
    """Open a client account for `action`, in one transaction.

    Raises:
        SignInRequired: the credential is unknown or has ended.
        NotFound: there is no such account for this credential.
        PermissionDenied: the role in this account does not allow the action.
    """
    access = CredentialAccess(who.credential_hash, client_account_id)
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(services.databases.app.open(access))
        try:
            session.connection()
        except NotFound:
            session.rollback()
            user_of(services, who)
            raise
        require(session, action)
        yield AccountContext(session, who, services)


def in_account(action: Action) -> Callable[..., Iterator[AccountContext]]:
    """A dependency that opens the client account of the path for `action`."""

    def dependency(
        request: Request, who: AnyCaller, client_account_id: UUID
    ) -> Iterator[AccountContext]:
        with opened(services_of(request), who, client_account_id, action) as context:
            yield context

    return dependency


def in_engagement(action: Action) -> Callable[..., Iterator[EngagementContext]]:
    """A dependency that opens the engagement of the path for `action`."""

    def dependency(
        request: Request, who: AnyCaller, client_account_id: UUID, engagement_id: UUID
    ) -> Iterator[EngagementContext]:
        with opened(services_of(request), who, client_account_id, action) as context:
            yield engagement_in(context, engagement_id)

    return dependency


def engagement_in(context: AccountContext, engagement_id: UUID) -> EngagementContext:
    """The engagement of the open account.

    Raises:
        NotFound: it has none of this id.
    """
    found = context.session.scalar(select(Engagement.id).where(Engagement.id == engagement_id))
    if found is None:
        raise NotFound
    return EngagementContext(context.session, context.caller, context.services, engagement_id)


CanView = Annotated[EngagementContext, Depends(in_engagement(Action.VIEW), scope="function")]
CanImport = Annotated[
    EngagementContext, Depends(in_engagement(Action.IMPORT_FILES), scope="function")
]
CanStart = Annotated[EngagementContext, Depends(in_engagement(Action.START_FLOW), scope="function")]
CanMap = Annotated[EngagementContext, Depends(in_engagement(Action.EDIT_MAPPING), scope="function")]
CanDecide = Annotated[
    EngagementContext, Depends(in_engagement(Action.DECIDE_APPROVAL), scope="function")
]
CanEdit = Annotated[
    EngagementContext, Depends(in_engagement(Action.EDIT_INVENTORY), scope="function")
]
CanMute = Annotated[
    EngagementContext, Depends(in_engagement(Action.MUTE_FINDING), scope="function")
]
CanExport = Annotated[EngagementContext, Depends(in_engagement(Action.EXPORT), scope="request")]
"""Stays open until the last byte of a streamed answer is sent."""
