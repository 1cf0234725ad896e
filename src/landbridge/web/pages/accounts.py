"""Choosing where to work: client accounts and their engagements."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from sqlalchemy import text
from starlette.responses import RedirectResponse, Response

from landbridge.api.auth import opened, user_of
from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.services import services_of
from landbridge.identity import client_accounts, engagements, quotas
from landbridge.identity.errors import ClientAccountNameTaken, NameInvalid
from landbridge.identity.local import OpenAccount, open_accounts
from landbridge.identity.own import settings_of
from landbridge.identity.permissions import Action
from landbridge.web.context import AccountPage, ExtendAccount, ViewAccount
from landbridge.web.failures import beside
from landbridge.web.rendering import page

router = APIRouter(include_in_schema=False)

_ENGAGEMENTS = text(
    "select e.id, e.name, e.created_at,"
    " (select count(*) from app.assets a where a.engagement_id = e.id) as assets,"
    " (select count(*) from app.flows f where f.engagement_id = e.id and f.status = 'running')"
    " as running,"
    " (select count(*) from app.approvals p join app.flows f on f.id = p.flow_id"
    "   where f.engagement_id = e.id and p.status = 'pending') as waiting"
    " from app.engagements e order by lower(e.name)"
)
_FAILED_WEBHOOKS = text(
    "select count(*) from app.webhooks where disabled_reason in ('gone', 'failing')"
)


@router.get("/")
def start(request: Request, who: AnyCaller) -> Response:
    """To the only engagement there is, or to the choice."""
    services = services_of(request)
    user_of(services, who)
    accounts = open_accounts(services.databases, who.credential_hash)
    if len(accounts) == 1:
        with opened(services, who, accounts[0].id, Action.VIEW) as context:
            found = context.session.execute(text("select id from app.engagements limit 2")).all()
        if len(found) == 1:
            target = f"/accounts/{accounts[0].id}/engagements/{found[0].id}"
            return RedirectResponse(target, status_code=303)
        return RedirectResponse(f"/accounts/{accounts[0].id}", status_code=303)
    return RedirectResponse("/accounts", status_code=303)


@router.get("/accounts")
def list_accounts(request: Request, who: AnyCaller) -> Response:
    """Every client account with its engagements."""
    return _accounts(request, who)


@router.post("/accounts")
def create_account(
    request: Request, who: AnyCaller, name: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Create a client account and go there."""
    door = services_of(request).databases.app
    try:
        made = client_accounts.create_own_account(door, who.credential_hash, name)
    except (NameInvalid, ClientAccountNameTaken) as error:
        beside(error)
        return _accounts(request, who, name, f"{error.detail} {error.advice}")
    return RedirectResponse(f"/accounts/{made}", status_code=303)


def _accounts(
    request: Request, who: Caller, name: str = "", mistake: str | None = None
) -> Response:
    services = services_of(request)
    user = user_of(services, who)
    shown: list[tuple[OpenAccount, list[object]]] = []
    for account in open_accounts(services.databases, who.credential_hash):
        with opened(services, who, account.id, Action.VIEW) as context:
            shown.append((account, list(context.session.execute(_ENGAGEMENTS))))
    trail = (("Client accounts", "/accounts"),)
    own = settings_of(services.databases.app, who.credential_hash)
    return page(
        request,
        "pages/accounts.html",
        status=422 if mistake else 200,
        user=user,
        trail=trail,
        accounts=shown,
        may_create=own.may_create_accounts,
        name=name,
        mistake=mistake,
    )


@router.get("/accounts/{client_account_id}")
def show_account(page: ViewAccount) -> Response:
    """The engagements of one client account."""
    return _account(page)


@router.post("/accounts/{client_account_id}/engagements")
def create_engagement(
    page: ExtendAccount, client_account_id: UUID, name: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Create an engagement and go there."""
    try:
        engagement_id = engagements.ensure_engagement(page.session, name)
    except NameInvalid as error:
        beside(error)
        return _account(page, error.status, name=name, mistake=error.advice)
    target = f"/accounts/{client_account_id}/engagements/{engagement_id}"
    return RedirectResponse(target, status_code=303)


def _account(
    page: AccountPage, status: int = 200, *, name: str = "", mistake: str | None = None
) -> Response:
    return page.show(
        "pages/account.html",
        status=status,
        engagements=page.session.execute(_ENGAGEMENTS).all(),
        failed_webhooks=page.session.execute(_FAILED_WEBHOOKS).scalar_one(),
        quotas=quotas.use(page.session),
        name=name,
        mistake=mistake,
    )
