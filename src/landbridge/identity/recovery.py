"""Recovery codes: ten ways past a lost second factor, each of which counts once.

A code has 80 random bits, so that its SHA-256 is stored without a slow hash; it is shown once.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.identity.own import proof_for
from landbridge.identity.sign_in import Visit, require_no_wait
from landbridge.identity.sign_in_errors import SignInRefused

CODES: Final = 10
LENGTH: Final = 16
GROUP: Final = 4
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_READ_AS: Final = str.maketrans("oil", "011", " -")

_RENEW: Final = text("select app.renew_recovery_codes(:session, :old, :hashes)")
_LEFT: Final = text("select app.recovery_codes_left(:session)")
_PASS: Final = text(
    "select outcome, wait from app.pass_recovery_code(:step, :shown, :session, :lifetime, :label)"
)


def new_codes(
    door: SessionDoor, session: bytes, email: str, password: str | None = None
) -> list[str]:
    """Ten fresh codes; those before them end.

    Args:
        door: of people's requests.
        session: the browser's.
        email: of its user.
        password: theirs; not needed for the first codes, right after the second factor began.

    Raises:
        SignInRefused: the password is wrong or was guessed too often, or there is no second
            factor.
    """
    codes = [_new_code() for _ in range(CODES)]
    old = b"" if password is None else proof_for(door, email, password)
    named = {"session": session, "old": old, "hashes": [hash_of(code) for code in codes]}
    with door.anonymous() as connection:
        if not connection.execute(_RENEW, named).scalar_one():
            raise SignInRefused
    return codes


def left(door: SessionDoor, session: bytes) -> int:
    """How many codes the holder of the browser's session has not used."""
    with door.anonymous() as connection:
        return int(connection.execute(_LEFT, {"session": session}).scalar_one())


def looks_like_code(typed: str) -> bool:
    """Whether this is a recovery code, right or wrong, rather than a code of an app."""
    return len(_normal(typed)) == LENGTH


def with_recovery_code(door: SessionDoor, step: bytes, code: str, visit: Visit) -> Secret:
    """A session for who has shown the password before and now shows a code not used yet.

    Raises:
        SignInRefused: the code is wrong or was used, or the step has ended.
        TooManyAttempts: there were too many codes for this user.
    """
    session = credentials.new_session_token()
    with door.anonymous() as connection:
        found = connection.execute(
            _PASS,
            {
                "step": step,
                "shown": hash_of(code),
                "session": session.hash,
                "lifetime": visit.lifetime,
                "label": visit.label,
            },
        ).one()
    require_no_wait(found.wait)
    if found.outcome != "session":
        raise SignInRefused
    return session


def hash_of(code: str) -> bytes:
    """What is stored of a code, however it is typed."""
    return hashlib.sha256(b"landbridge recovery code 1\n" + _normal(code).encode()).digest()


def _new_code() -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def _normal(typed: str) -> str:
    return typed.lower().translate(_READ_AS)
