"""Members of a client account, and invitations into it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, Strict

from landbridge.api.addresses import public_address
from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import WHOLE, Sent
from landbridge.api.idempotency import Key, fingerprint, once_with_secret
from landbridge.api.schemas import PageOf, problems
from landbridge.api.secret_errors import InvitationMadeBefore
from landbridge.identity import invitations, members
from landbridge.identity.errors import EmailInvalid
from landbridge.identity.member_errors import (
    AlreadyMember,
    InvitationUnknown,
    LastAdmin,
    MemberUnknown,
)
from landbridge.identity.permissions import Action, Role

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}", tags=["members"], responses=problems()
)

Managing = Annotated[AccountContext, Depends(in_account(Action.MANAGE_MEMBERS), scope="function")]


class MemberOut(BaseModel):
    """Somebody who may open the account; `until` is null for a standing membership."""

    user_id: UUID
    email: str
    display_name: str
    role: Role
    since: datetime
    until: datetime | None
    has_second_factor: bool


class NewRole(Sent):
    """The role that a member gets."""

    role: Role


class NewInvitation(Sent):
    """Who is invited, as what, and for how many days the link works."""

    email: str = Field(min_length=3, max_length=320, json_schema_extra={"format": "email"})
    role: Role = Role.VIEWER
    days: Annotated[int, Strict(), Field(ge=1, le=30), WHOLE] = 7


class InvitationOut(BaseModel):
    """An invitation that waits to be accepted."""

    id: UUID
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class NewLink(BaseModel):
    """The link to pass on; it is shown this once."""

    id: UUID
    email: str
    role: Role
    link: str


@router.get("/members", summary="Members")
def list_members(context: Managing) -> PageOf[MemberOut]:
    """By name, operators with a time-boxed access included."""
    found = members.members(context.session)
    return PageOf(items=[MemberOut.model_validate(m, from_attributes=True) for m in found])


@router.patch(
    "/members/{user_id}",
    summary="Change a member's role",
    status_code=204,
    response_class=Response,
    responses=problems(MemberUnknown, LastAdmin),
)
def change_role(context: Managing, user_id: UUID, body: NewRole) -> None:
    """From the member's next request on."""
    members.change_role(context.session, user_id, body.role)


@router.delete(
    "/members/{user_id}",
    summary="Remove a member",
    status_code=204,
    response_class=Response,
    responses=problems(MemberUnknown, LastAdmin),
)
def remove_member(context: Managing, user_id: UUID) -> None:
    """From the member's next request on."""
    members.remove(context.session, user_id)


@router.get("/invitations", summary="Open invitations")
def list_invitations(context: Managing) -> PageOf[InvitationOut]:
    """Newest first; never their links."""
    found = invitations.invitations(context.session)
    return PageOf(items=[InvitationOut.model_validate(i, from_attributes=True) for i in found])


@router.post(
    "/invitations",
    summary="Invite somebody",
    status_code=201,
    response_model=NewLink,
    responses=problems(AlreadyMember, EmailInvalid, InvitationMadeBefore),
)
def invite(request: Request, context: Managing, body: NewInvitation, key: Key) -> Response:
    """Makes a link for you to pass on; it works once. Inviting the same address again makes a
    new link and ends the old one. A repeat with the same Idempotency-Key is refused: it leaves the
    first link as it is.
    """

    def make() -> tuple[UUID, NewLink]:
        lifetime = timedelta(days=body.days)
        made, secret = invitations.invite(context.session, body.email, body.role, lifetime)
        link = f"{public_address(request)}{invitations.PATH}{secret.text}"
        return made, NewLink(id=made, email=body.email, role=body.role, link=link)

    asked = fingerprint(body.model_dump_json())
    return once_with_secret(
        context, key, "invite", asked, make, lambda made: InvitationMadeBefore(invitation_id=made)
    )


@router.delete(
    "/invitations/{invitation_id}",
    summary="Take an invitation back",
    status_code=204,
    response_class=Response,
    responses=problems(InvitationUnknown),
)
def withdraw(context: Managing, invitation_id: UUID) -> None:
    """Its link does not work any more."""
    invitations.withdraw(context.session, invitation_id)
