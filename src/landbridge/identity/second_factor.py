"""One's own second factor: begun, confirmed with its first code, ended with the password."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity import totp
from landbridge.identity.own import proof_for
from landbridge.identity.sign_in_errors import SecondFactorNotBegun, SignInRefused

_BEGIN: Final = text("select app.begin_second_factor(:session, :secret)")
_BEGUN: Final = text("select app.begun_second_factor(:session)")
_CONFIRM: Final = text("select app.confirm_second_factor(:session, :counter)")
_END: Final = text("select app.end_second_factor(:session, :old)")


def begin(door: SessionDoor, session: bytes) -> None:
    """Give out a new secret; nothing changes until its first code is shown."""
    with door.anonymous() as connection:
        connection.execute(_BEGIN, {"session": session, "secret": totp.new_secret()})


def begun(door: SessionDoor, session: bytes) -> bytes | None:
    """The secret that waits for its first code."""
    with door.anonymous() as connection:
        found = connection.execute(_BEGUN, {"session": session}).scalar_one_or_none()
    return bytes(found) if found is not None else None


def confirm(door: SessionDoor, session: bytes, code: str) -> None:
    """From now on signing in with the password asks for a code.

    Raises:
        SecondFactorNotBegun: no secret waits for its first code.
        SignInRefused: the code is wrong.
    """
    secret = begun(door, session)
    if secret is None:
        raise SecondFactorNotBegun
    counter = totp.matching_counter(secret, code)
    if counter is None:
        raise SignInRefused
    with door.anonymous() as connection:
        connection.execute(_CONFIRM, {"session": session, "counter": counter})


def end(door: SessionDoor, session: bytes, email: str, password: str) -> None:
    """Sign in with the password alone again.

    Raises:
        SignInRefused: the password is wrong, or was guessed too often.
    """
    named = {"session": session, "old": proof_for(door, email, password)}
    with door.anonymous() as connection:
        if not connection.execute(_END, named).scalar_one():
            raise SignInRefused
