"""Accepting an invitation: as somebody new, or as who one is already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret, hash_of
from landbridge.identity.member_errors import InvitationForOther, SignInFirst
from landbridge.identity.names import valid_name
from landbridge.identity.passwords import new_verifier
from landbridge.identity.sign_in import Visit
from landbridge.identity.sign_in_errors import LinkEnded
from landbridge.kit.ids import new_id

_LOOK: Final = text(
    "select client_account_id, account_name, email, role, invited_by, expires_at, known"
    " from app.invitation(:link)"
)
_AS_NEW: Final = text(
    "select app.accept_as_new(:link, :user, :name, :salt, :scheme, :proof, :session, :lifetime,"
    " :label)"
)
_AS_SELF: Final = text("select app.accept_as_self(:link, :session)")


@dataclass(frozen=True, slots=True)
class Offered:
    """What an invitation offers.

    Attributes:
        known: whether the address can sign in already.
    """

    client_account_id: UUID
    account_name: str
    email: str
    role: str
    invited_by: str
    expires_at: datetime
    known: bool


def look(door: SessionDoor, token: str) -> Offered:
    """What the link of this token offers.

    Raises:
        LinkEnded: it was used, taken back, or has ended.
    """
    with door.anonymous() as connection:
        row = connection.execute(_LOOK, {"link": hash_of(token)}).one_or_none()
    if row is None:
        raise LinkEnded
    return Offered(*row)


def as_new(
    door: SessionDoor, token: str, name: str, password: str, visit: Visit
) -> tuple[UUID, Secret]:
    """Become a user with a password, and a member.

    Returns:
        The client account, and a session.

    Raises:
        LinkEnded: it was used, taken back, or has ended.
        SignInFirst: the address can sign in already.
        NameInvalid, PasswordWeak: what was typed cannot be used.
    """
    offered = look(door, token)
    if offered.known:
        raise SignInFirst
    name, session = valid_name(name), credentials.new_session_token()
    verifier = new_verifier(password, (offered.email, name, offered.account_name))
    with door.anonymous() as connection:
        account = connection.execute(
            _AS_NEW,
            {
                "link": hash_of(token),
                "user": new_id(),
                "name": name,
                "salt": verifier.salt,
                "scheme": verifier.scheme,
                "proof": verifier.proof,
                "session": session.hash,
                "lifetime": visit.lifetime,
                "label": visit.label,
            },
        ).scalar_one()
    if account is None:
        raise LinkEnded
    return account, session


def as_self(door: SessionDoor, token: str, session: bytes) -> UUID:
    """Become a member, as who is signed in; returns the client account.

    Raises:
        LinkEnded: it was used, taken back, or has ended.
        InvitationForOther: it is for another address.
    """
    look(door, token)
    with door.anonymous() as connection:
        named = {"link": hash_of(token), "session": session}
        account: UUID | None = connection.execute(_AS_SELF, named).scalar_one()
    if account is None:
        raise InvitationForOther
    return account
