"""What a client account asks of everybody, and which operators came into it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import Sent, Truth
from landbridge.api.schemas import PageOf, problems
from landbridge.identity import account_settings, break_glass
from landbridge.identity.permissions import Action, Role

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}", tags=["settings"], responses=problems()
)

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Managing = Annotated[AccountContext, Depends(in_account(Action.MANAGE_ACCOUNT), scope="function")]


class AccountSettings(Sent):
    """Settings of a client account. With `four_eyes` nobody approves a flow they started."""

    four_eyes: Truth


class OperatorAccess(BaseModel):
    """An operator who came in by break-glass, with the reason."""

    id: UUID
    email: str
    role: Role
    reason: str
    started_at: datetime
    ends_at: datetime


@router.get("/settings", summary="Settings of the client account")
def show_settings(context: Viewing) -> AccountSettings:
    """As they are now."""
    return AccountSettings(four_eyes=account_settings.four_eyes(context.session))


@router.put("/settings", summary="Change settings of the client account")
def change_settings(context: Managing, body: AccountSettings) -> AccountSettings:
    """From the next decision on."""
    account_settings.set_four_eyes(context.session, body.four_eyes)
    return body


@router.get("/operator-accesses", summary="Operators who came in")
def list_accesses(context: Viewing) -> PageOf[OperatorAccess]:
    """Newest first, those that have ended too."""
    found = break_glass.accesses(context.session)
    return PageOf(items=[OperatorAccess.model_validate(a, from_attributes=True) for a in found])
