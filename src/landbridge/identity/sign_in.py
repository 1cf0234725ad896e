"""Signing in: from what somebody shows to a session, in steps.

A session is always new, so that nothing known from before a sign-in is worth anything after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity import credentials, totp
from landbridge.identity.credentials import Secret
from landbridge.identity.passwords import proof_of
from landbridge.identity.sign_in_errors import SignInRefused, TooManyAttempts
from landbridge.kit.vault import Vault

LONGEST_ADDRESS: Final = 320
FACTOR: Final = "a second factor"
"""What the secret of a second factor is sealed for."""

_SALT: Final = text("select salt, scheme, wait from app.password_salt(:who, :place)")
_SIGN_IN: Final = text(
    "select outcome, wait from app.sign_in(:who, :place, :proof, :session, :lifetime, :label)"
)
_FACTOR: Final = text("select secret, last_counter, wait from app.second_factor(:step)")
_PASS: Final = text("select app.pass_second_factor(:step, :counter, :session, :lifetime, :label)")
_START: Final = text("select app.start_session(:credential, :session, :lifetime, :label)")


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser that wants a session.

    Attributes:
        place: the network it comes from, as limits count it.
        label: how its session is named to its user.
        lifetime: of the session; seven days at most.
    """

    place: str
    label: str
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Entered:
    """What a browser keeps after a step: a session, or the right to show a code."""

    secret: Secret
    asks_code: bool = False


def with_password(door: SessionDoor, address: str, password: str, visit: Visit) -> Entered:
    """A session, or a step that asks for the second factor.

    Raises:
        SignInRefused: address and password do not belong together.
        TooManyAttempts: there were too many for this address or from this place.
    """
    who = _storable(address)
    with door.anonymous() as connection:
        salt, scheme, wait = connection.execute(_SALT, {"who": who, "place": visit.place}).one()
    require_no_wait(wait)
    session = credentials.new_session_token()
    proof = proof_of(password, salt, scheme)
    with door.anonymous() as connection:
        outcome, wait = connection.execute(
            _SIGN_IN,
            {"who": who, "place": visit.place, "proof": proof, **_session(session, visit)},
        ).one()
    if outcome == "wait":
        require_no_wait(wait)
    if outcome == "refused":
        raise SignInRefused
    return Entered(session, asks_code=outcome == "second_factor")


def with_code(door: SessionDoor, vault: Vault, step: bytes, code: str, visit: Visit) -> Secret:
    """A session for who has shown the password before and now shows the right code.

    Raises:
        SignInRefused: the code is wrong or was used, or the step has ended.
        TooManyAttempts: there were too many codes for this user.
    """
    with door.anonymous() as connection:
        asked = connection.execute(_FACTOR, {"step": step}).one_or_none()
    if asked is None:
        raise SignInRefused
    require_no_wait(asked.wait)
    counter = totp.matching_counter(vault.open(FACTOR, bytes(asked.secret)), code)
    if counter is None or counter <= asked.last_counter:
        raise SignInRefused
    session = credentials.new_session_token()
    with door.anonymous() as connection:
        passed = connection.execute(
            _PASS, {"step": step, "counter": counter, **_session(session, visit)}
        ).scalar_one()
    if not passed:
        raise SignInRefused
    return session


def with_credential(door: SessionDoor, token: str, visit: Visit) -> Secret | None:
    """A session for the holder of an API key or a sign-in link; None when it is not valid."""
    session = credentials.new_session_token()
    with door.anonymous() as connection:
        started = connection.execute(
            _START, {"credential": credentials.hash_of(token), **_session(session, visit)}
        ).scalar_one()
    return session if started else None


def require_no_wait(wait: timedelta) -> None:
    """Refuse while the limit says so.

    Raises:
        TooManyAttempts: with the whole seconds that are left.
    """
    if wait > timedelta():
        raise TooManyAttempts(retry_after=math.ceil(wait.total_seconds()))


def _session(session: Secret, visit: Visit) -> dict[str, object]:
    return {"session": session.hash, "lifetime": visit.lifetime, "label": visit.label}


def _storable(address: str) -> str:
    """An address that the database can be asked about: whatever nobody can have is nobody's."""
    address = address.strip()[:LONGEST_ADDRESS].replace("\0", " ")
    return address.encode("utf-8", "replace").decode("utf-8")
