"""How somebody signs in, as they see and change it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity.passwords import new_verifier, proof_of
from landbridge.identity.sign_in import require_no_wait
from landbridge.identity.sign_in_errors import SignInRefused

_SETTINGS: Final = text(
    "select has_password, password_needed, has_second_factor, may_create_accounts"
    " from app.own_settings(:session)"
)
_SALT: Final = text("select salt, scheme, wait from app.password_salt(:who, null)")
_SET: Final = text(
    "select outcome, wait from app.set_password(:session, :old, :salt, :scheme, :proof)"
)


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """How somebody signs in.

    Attributes:
        password_needed: whether the old password must be shown to set a new one.
    """

    has_password: bool = False
    password_needed: bool = False
    has_second_factor: bool = False
    may_create_accounts: bool = False


def settings_of(door: SessionDoor, session: bytes) -> OwnSettings:
    """How the holder of the browser's session signs in."""
    with door.anonymous() as connection:
        row = connection.execute(_SETTINGS, {"session": session}).one_or_none()
    return OwnSettings(*row) if row else OwnSettings()


def set_password(door: SessionDoor, session: bytes, email: str, old: str, new: str) -> None:
    """Set or change the password; every other session of this user ends.

    Raises:
        PasswordWeak: the new one is too easy to guess.
        SignInRefused: the old one is wrong, or the browser has no session.
        TooManyAttempts: the old one was guessed too often.
    """
    verifier = new_verifier(new, (email,))
    with door.anonymous() as connection:
        found = connection.execute(
            _SET,
            {
                "session": session,
                "old": proof_for(door, email, old),
                "salt": verifier.salt,
                "scheme": verifier.scheme,
                "proof": verifier.proof,
            },
        ).one()
    require_no_wait(found.wait)
    if found.outcome != "done":
        raise SignInRefused


def proof_for(door: SessionDoor, email: str, password: str) -> bytes:
    """The proof of a password that the user of this address may have."""
    with door.anonymous() as connection:
        salt, scheme, _ = connection.execute(_SALT, {"who": email}).one()
    return proof_of(password, salt, scheme)
