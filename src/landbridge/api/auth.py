"""Who is asking, and on whose data: from a credential to an open session.

The client account stands in the path. It only selects: the database itself checks the
membership of the credential when the session opens.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import select, text

from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.services import Services, services_of
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.errors.common import NotFound, SignInRequired
from landbridge.identity.models import Engagement
from landbridge.identity.permissions import Action, require

_WHO = text("select user_id, email, display_name, kind from app.who(:hash)")


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


def user_of(services: Services, who: Caller) -> User:
    """The user behind a credential.

    Raises:
        SignInRequired: it is unknown or has ended.
    """
    with services.databases.app.anonymous() as connection:
        row = connection.execute(_WHO, {"hash": who.credential_hash}).one_or_none()
    if row is None or row.kind not in {"api_key", "session"}:
        raise SignInRequired
    services.pace.vouch(who.credential_hash)
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
        services.pace.vouch(who.credential_hash)
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
CanControl = Annotated[
    EngagementContext, Depends(in_engagement(Action.CONTROL_FLOW), scope="function")
]
CanMap = Annotated[EngagementContext, Depends(in_engagement(Action.EDIT_MAPPING), scope="function")]
CanDecide = Annotated[
    EngagementContext, Depends(in_engagement(Action.DECIDE_APPROVAL), scope="function")
]
CanEdit = Annotated[
    EngagementContext, Depends(in_engagement(Action.EDIT_INVENTORY), scope="function")
]
CanPlan = Annotated[
    EngagementContext, Depends(in_engagement(Action.PLAN_MIGRATION), scope="function")
]
CanMute = Annotated[
    EngagementContext, Depends(in_engagement(Action.MUTE_FINDING), scope="function")
]
