"""Invitations into the open client account, as its admins make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.identity.member_errors import AlreadyMember, InvitationUnknown
from landbridge.identity.names import valid_email
from landbridge.identity.permissions import Action, Role, require
from landbridge.kit.ids import new_id

LIFETIME: Final = timedelta(days=7)
PATH: Final = "/invitations/"

_INVITE: Final = text("select app.invite(:id, :hash, :email, :role, :lifetime)")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that waits to be accepted."""

    id: UUID
    email: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime


def invite(
    session: TenantSession, email: str, role: Role, lifetime: timedelta = LIFETIME
) -> tuple[UUID, Secret]:
    """Invite somebody; an earlier link for the same address ends.

    Returns:
        The invitation's id, and the token of its link, which is shown this once.

    Raises:
        PermissionDenied: the role may not manage members.
        EmailInvalid: it is no e-mail address.
        AlreadyMember: they are in.
    """
    require(session, Action.MANAGE_MEMBERS)
    email, invitation, secret = valid_email(email), new_id(), credentials.new_invitation_token()
    done = session.execute(
        _INVITE,
        {
            "id": invitation,
            "hash": secret.hash,
            "email": email,
            "role": role.value,
            "lifetime": lifetime,
        },
    ).scalar_one()
    if done == "member":
        raise AlreadyMember(email=email)
    return invitation, secret


def invitations(session: TenantSession) -> list[Invitation]:
    """Every open invitation, newest first.

    Raises:
        PermissionDenied: the role may not manage members.
    """
    require(session, Action.MANAGE_MEMBERS)
    return [Invitation(*r) for r in session.execute(text("select * from app.invitation_list()"))]


def withdraw(session: TenantSession, invitation: UUID) -> None:
    """End an invitation.

    Raises:
        PermissionDenied: the role may not manage members.
        InvitationUnknown: it is not open.
    """
    require(session, Action.MANAGE_MEMBERS)
    named = {"id": invitation}
    if not session.execute(text("select app.withdraw_invitation(:id)"), named).scalar_one():
        raise InvitationUnknown(invitation_id=str(invitation))
