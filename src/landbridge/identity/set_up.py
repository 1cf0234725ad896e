"""Setting up: the first person gets a password by a link that only the server's console shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.identity.errors import ClientAccountNameTaken
from landbridge.identity.names import valid_email, valid_name
from landbridge.identity.passwords import new_verifier
from landbridge.identity.sign_in import Visit
from landbridge.identity.sign_in_errors import LinkEnded
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id

LIFETIME: Final = timedelta(hours=24)

_IS_SET_UP: Final = text("select app.is_set_up()")
_HOLDS: Final = text("select app.set_up_link_holds(:link)")
_SET_UP: Final = text(
    "select app.set_up(:link, :user, :email, :name, :salt, :scheme, :proof, :account,"
    " :account_name, :session, :lifetime, :label)"
)


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Who sets a deployment up.

    Attributes:
        account_name: the first client account; None makes none.
    """

    email: str
    name: str
    password: str
    account_name: str | None = None


def is_set_up(door: SessionDoor) -> bool:
    """Whether somebody can sign in with a password."""
    with door.anonymous() as connection:
        return bool(connection.execute(_IS_SET_UP).scalar_one())


def new_link(owner: Engine) -> Secret:
    """The token of a new set-up link; those from before end."""
    secret = credentials.new_set_up_token()
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(text("delete from app_private.set_up_links"))
        connection.execute(
            text("insert into app_private.set_up_links values (:hash, :ends)"),
            {"hash": secret.hash, "ends": now() + LIFETIME},
        )
    return secret


def holds(door: SessionDoor, token: str) -> bool:
    """Whether this link still sets the deployment up."""
    with door.anonymous() as connection:
        return bool(connection.execute(_HOLDS, {"link": credentials.hash_of(token)}).scalar_one())


def set_up(door: SessionDoor, token: str, person: FirstPerson, visit: Visit) -> Secret:
    """Make the first person, and sign them in. The link ends.

    Raises:
        LinkEnded: the link was used, replaced, or is too old.
        EmailInvalid, NameInvalid, PasswordWeak: what was typed cannot be used.
        ClientAccountNameTaken: there is an account of this name.
    """
    email, name = valid_email(person.email), valid_name(person.name)
    account_name = valid_name(person.account_name) if person.account_name else None
    if not holds(door, token):
        raise LinkEnded
    verifier = new_verifier(person.password, (email, name))
    session = credentials.new_session_token()
    try:
        with door.anonymous() as connection:
            done = connection.execute(
                _SET_UP,
                {
                    "link": credentials.hash_of(token),
                    "user": new_id(),
                    "email": email,
                    "name": name,
                    "salt": verifier.salt,
                    "scheme": verifier.scheme,
                    "proof": verifier.proof,
                    "account": new_id(),
                    "account_name": account_name,
                    "session": session.hash,
                    "lifetime": visit.lifetime,
                    "label": visit.label,
                },
            ).scalar_one()
    except IntegrityError:
        raise ClientAccountNameTaken(name=account_name) from None
    if not done:
        raise LinkEnded
    return session
