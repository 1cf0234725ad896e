"""The second factor: codes of six digits that change every half minute (RFC 6238)."""

from __future__ import annotations

import base64
import os
import time
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECRET_BYTES: Final = 20
STEP_SECONDS: Final = 30
DIGITS: Final = 6
TOLERATED_STEPS: Final = (0, -1, 1)
"""Clocks of telephones are a little wrong: the code before and after counts, too."""


def new_secret() -> bytes:
    """A fresh secret of 160 bits."""
    return os.urandom(SECRET_BYTES)


def key_text(secret: bytes) -> str:
    """The secret as people type it: base 32 in groups of four."""
    text = base64.b32encode(secret).decode("ascii")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(secret: bytes, email: str) -> str:
    """The `otpauth:` address that authenticator apps open."""
    return _codes(secret).get_provisioning_uri(email, "Landbridge")


def code_at(secret: bytes, counter: int) -> str:
    """The code of one half minute."""
    return _codes(secret).generate(counter * STEP_SECONDS).decode("ascii")


def matching_counter(secret: bytes, code: str, at: float | None = None) -> int | None:
    """The half minute that a code belongs to, among those that count now; None for a wrong one."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    counter = int((time.time() if at is None else at) // STEP_SECONDS)
    for step in TOLERATED_STEPS:
        try:
            _codes(secret).verify(typed.encode("ascii"), (counter + step) * STEP_SECONDS)
        except InvalidToken:
            continue
        return counter + step
    return None


def _codes(secret: bytes) -> TOTP:
    # Authenticator apps know SHA-1 alone; inside an HMAC its collisions do not matter.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what the apps implement
