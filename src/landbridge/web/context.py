"""What every page of an engagement knows: the open session, who looks, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import text
from starlette.responses import HTMLResponse

from landbridge.api.auth import (
    AccountContext,
    EngagementContext,
    User,
    engagement_in,
    opened,
)
from landbridge.api.caller import AnyCaller
from landbridge.api.services import services_of
from landbridge.database.session import TenantSession
from landbridge.identity.permissions import Action, allows
from landbridge.web.flow_list import count_for_me
from landbridge.web.rendering import Place, page

_WHO = text(
    "select w.user_id, w.email, w.display_name, c.name as account_name"
    " from app.who(:hash) w, app.client_accounts c"
)
_WHERE = text("select e.name from app.engagements e where e.id = :engagement_id")


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A page about a client account."""

    request: Request
    context: AccountContext
    user: User
    place: Place

    @property
    def session(self) -> TenantSession:
        """The open transaction."""
        return self.context.session

    def may(self, action: Action) -> bool:
        """Whether the person who looks may do this."""
        return allows(self.place.role, action)

    def show(
        self, template: str, *trail: tuple[str, str], status: int = 200, **shown: Any
    ) -> HTMLResponse:
        """Render a template of this page, breadcrumbs below the place given as `trail`."""
        crumbs = [(self.place.account_name, f"/accounts/{self.place.account_id}")]
        if self.place.engagement_name:
            crumbs.append((self.place.engagement_name, self.place.root))
        return page(
            self.request,
            template,
            status=status,
            place=self.place,
            user=self.user,
            trail=(*crumbs, *trail),
            may={action.value: self.may(action) for action in Action},
            **shown,
        )


@dataclass(frozen=True, slots=True)
class EngagementPage(AccountPage):
    """A page about an engagement."""

    context: EngagementContext

    @property
    def engagement_id(self) -> UUID:
        """The engagement."""
        return self.context.engagement_id


def account_page(action: Action = Action.VIEW) -> Callable[..., Iterator[AccountPage]]:
    """A dependency for pages of a client account."""

    def dependency(
        request: Request, who: AnyCaller, client_account_id: UUID
    ) -> Iterator[AccountPage]:
        with opened(services_of(request), who, client_account_id, action) as context:
            user, place = _looking(context)
            yield AccountPage(request, context, user, place)

    return dependency


def engagement_page(action: Action = Action.VIEW) -> Callable[..., Iterator[EngagementPage]]:
    """A dependency for pages of an engagement."""

    def dependency(
        request: Request, who: AnyCaller, client_account_id: UUID, engagement_id: UUID
    ) -> Iterator[EngagementPage]:
        with opened(services_of(request), who, client_account_id, action) as context:
            inside = engagement_in(context, engagement_id)
            user, place = _looking(context, engagement_id)
            yield EngagementPage(request, inside, user, place)

    return dependency


def _looking(context: AccountContext, engagement_id: UUID | None = None) -> tuple[User, Place]:
    session = context.session
    who = session.execute(_WHO, {"hash": context.caller.credential_hash}).one()
    name, waiting = None, 0
    if engagement_id is not None:
        name = session.execute(_WHERE, {"engagement_id": engagement_id}).scalar_one()
        waiting = count_for_me(session, engagement_id)
    place = Place(
        session.client_account_id, who.account_name, session.role, engagement_id, name, waiting
    )
    return User(who.user_id, who.email, who.display_name), place


ViewAccount = Annotated[AccountPage, Depends(account_page(), scope="function")]
ExtendAccount = Annotated[
    AccountPage, Depends(account_page(Action.CREATE_ENGAGEMENT), scope="function")
]
ReadAudit = Annotated[AccountPage, Depends(account_page(Action.READ_AUDIT), scope="function")]
SeeWebhooks = Annotated[AccountPage, Depends(account_page(Action.VIEW_WEBHOOKS), scope="function")]
ManageWebhooks = Annotated[
    AccountPage, Depends(account_page(Action.MANAGE_WEBHOOKS), scope="function")
]
ControlAccount = Annotated[
    AccountPage, Depends(account_page(Action.CONTROL_FLOW), scope="function")
]
ManageMembers = Annotated[
    AccountPage, Depends(account_page(Action.MANAGE_MEMBERS), scope="function")
]
ManageKeys = Annotated[AccountPage, Depends(account_page(Action.MANAGE_API_KEYS), scope="function")]
ManageAccount = Annotated[
    AccountPage, Depends(account_page(Action.MANAGE_ACCOUNT), scope="function")
]
EditMappings = Annotated[AccountPage, Depends(account_page(Action.EDIT_MAPPING), scope="function")]
View = Annotated[EngagementPage, Depends(engagement_page(), scope="function")]
Import = Annotated[EngagementPage, Depends(engagement_page(Action.IMPORT_FILES), scope="function")]
Start = Annotated[EngagementPage, Depends(engagement_page(Action.START_FLOW), scope="function")]
Mapping = Annotated[EngagementPage, Depends(engagement_page(Action.EDIT_MAPPING), scope="function")]
Decide = Annotated[
    EngagementPage, Depends(engagement_page(Action.DECIDE_APPROVAL), scope="function")
]
Control = Annotated[EngagementPage, Depends(engagement_page(Action.CONTROL_FLOW), scope="function")]
Edit = Annotated[EngagementPage, Depends(engagement_page(Action.EDIT_INVENTORY), scope="function")]
PlanMigration = Annotated[
    EngagementPage, Depends(engagement_page(Action.PLAN_MIGRATION), scope="function")
]
EditStrategyRules = Annotated[
    AccountPage, Depends(account_page(Action.PLAN_MIGRATION), scope="function")
]
Mute = Annotated[EngagementPage, Depends(engagement_page(Action.MUTE_FINDING), scope="function")]

ROOT = "/accounts/{client_account_id}/engagements/{engagement_id}"
