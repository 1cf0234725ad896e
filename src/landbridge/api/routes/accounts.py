"""Client accounts you are a member of, and their engagements."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import select

from landbridge.api.account_once import create_account_once
from landbridge.api.auth import AccountContext, in_account, user_of
from landbridge.api.bodies import Name, Sent
from landbridge.api.caller import AnyCaller
from landbridge.api.idempotency import Key, answer, fingerprint, once
from landbridge.api.schemas import PageOf, problems
from landbridge.api.services import services_of
from landbridge.identity import client_accounts, engagements
from landbridge.identity.errors import ClientAccountNameTaken, NameInvalid
from landbridge.identity.local import open_accounts
from landbridge.identity.models import Engagement
from landbridge.identity.permissions import Action, Role
from landbridge.identity.sign_in_errors import AccountsNotYours

router = APIRouter(prefix="/api/v1/client-accounts", tags=["client accounts"])

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Creating = Annotated[
    AccountContext, Depends(in_account(Action.CREATE_ENGAGEMENT), scope="function")
]


class ClientAccountOut(BaseModel):
    """A client account, and your role in it."""

    id: UUID
    name: str
    role: str


class EngagementOut(BaseModel):
    """One piece of work for a client account, with its own inventory."""

    id: UUID
    name: str
    created_at: datetime


class NewClientAccount(Sent):
    """What a client account is made from."""

    name: Name


class NewEngagement(Sent):
    """What an engagement is made from."""

    name: Name


@router.get("", summary="Your client accounts", responses=problems())
def list_accounts(request: Request, who: AnyCaller) -> PageOf[ClientAccountOut]:
    """Every client account that your credential opens, by name."""
    services = services_of(request)
    user_of(services, who)
    found = open_accounts(services.databases, who.credential_hash)
    return PageOf(items=[ClientAccountOut(id=a.id, name=a.name, role=a.role) for a in found])


@router.post(
    "",
    summary="Create a client account",
    status_code=201,
    response_model=ClientAccountOut,
    responses=problems(
        AccountsNotYours,
        ClientAccountNameTaken,
        NameInvalid,
    ),
)
def create_account(request: Request, who: AnyCaller, body: NewClientAccount, key: Key) -> Response:
    """For users who may; you become its admin. Names are unique. An Idempotency-Key counts for as
    long as the account that it made is there.
    """
    services = services_of(request)
    user, door, shown = user_of(services, who), services.databases.app, who.credential_hash
    if key is None:
        made, repeated = client_accounts.create_own_account(door, shown, body.name), False
    else:
        made, repeated = create_account_once(door, shown, user.id, key, body.name)
    told = ClientAccountOut(id=made, name=body.name.strip(), role=Role.ADMIN)
    return answer(201, told.model_dump(mode="json"), repeated=repeated)


@router.get(
    "/{client_account_id}/engagements",
    summary="The engagements of a client account",
    responses=problems(),
)
def list_engagements(context: Viewing) -> PageOf[EngagementOut]:
    """By name."""
    rows = context.session.scalars(select(Engagement).order_by(Engagement.name))
    return PageOf(items=[_shown(e) for e in rows])


@router.post(
    "/{client_account_id}/engagements",
    summary="Create an engagement",
    status_code=201,
    response_model=EngagementOut,
    responses=problems(NameInvalid),
)
def create_engagement(context: Creating, body: NewEngagement, key: Key) -> Response:
    """A name that exists already gives the engagement that has it."""
    return once(
        context,
        key,
        "create_engagement",
        fingerprint(body.name),
        lambda: _create(context, body.name),
    )


def _create(context: AccountContext, name: str) -> EngagementOut:
    engagement_id = engagements.ensure_engagement(context.session, name)
    found = context.session.scalars(select(Engagement).where(Engagement.id == engagement_id))
    return _shown(found.one())


def _shown(engagement: Engagement) -> EngagementOut:
    return EngagementOut(id=engagement.id, name=engagement.name, created_at=engagement.created_at)
