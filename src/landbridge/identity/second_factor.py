"""One's own second factor: begun, confirmed with its first code, ended with the password."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.identity import totp
from landbridge.identity.own import proof_for
from landbridge.identity.sign_in import FACTOR
from landbridge.identity.sign_in_errors import SecondFactorNotBegun, SignInRefused
from landbridge.kit.vault import Vault

_BEGIN: Final = text("select app.begin_second_factor(:session, :secret)")
_BEGUN: Final = text("select app.begun_second_factor(:session)")
_CONFIRM: Final = text("select app.confirm_second_factor(:session, :counter)")
_SEALS: Final = text("select user_id, secret from app_private.second_factors for update")
_RENEW: Final = text("update app_private.second_factors set secret = :sealed where user_id = :user")
_END: Final = text("select app.end_second_factor(:session, :old)")


def begin(door: SessionDoor, vault: Vault, session: bytes) -> None:
    """Give out a new secret; nothing changes until its first code is shown."""
    sealed = vault.seal(FACTOR, totp.new_secret())
    with door.anonymous() as connection:
        connection.execute(_BEGIN, {"session": session, "secret": sealed})


def begun(door: SessionDoor, vault: Vault, session: bytes) -> bytes | None:
    """The secret that waits for its first code."""
    with door.anonymous() as connection:
        found = connection.execute(_BEGUN, {"session": session}).scalar_one_or_none()
    return vault.open(FACTOR, bytes(found)) if found is not None else None


def confirm(door: SessionDoor, vault: Vault, session: bytes, code: str) -> None:
    """From now on signing in with the password asks for a code.

    Raises:
        SecondFactorNotBegun: no secret waits for its first code.
        SignInRefused: the code is wrong.
    """
    secret = begun(door, vault, session)
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


def seals(owner: Engine) -> list[tuple[str, bytes]]:
    """Every stored secret, each with its purpose."""
    with catalogued_errors(), owner.begin() as connection:
        return [(FACTOR, bytes(sealed)) for _, sealed in connection.execute(_SEALS)]


def renew_seals(owner: Engine, vault: Vault) -> int:
    """Seal every secret with the first key; returns how many there are."""
    with catalogued_errors(), owner.begin() as connection:
        rows = connection.execute(_SEALS).all()
        for user, sealed in rows:
            renewed = vault.renewed(FACTOR, bytes(sealed))
            connection.execute(_RENEW, {"user": user, "sealed": renewed})
    return len(rows)
