"""Passwords: stretched here, compared in the database.

Argon2id turns a password and its user's salt into a proof. The database keeps the proof and never
gives it out; it gives out the salt, and for an address that nobody has a salt that nobody has. So
a wrong address costs the same work as a wrong password, and whoever can read what the server reads
still cannot sign in.
"""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from landbridge.identity.sign_in_errors import PasswordWeak

SCHEME: Final = "argon2id:65536:3:1"
"""Memory in KiB, passes, lanes: the second choice of RFC 9106 on one lane."""

SALT_BYTES: Final = 16
SHORTEST: Final = 12
LONGEST: Final = 256
FEWEST_DIFFERENT: Final = 6

_room = threading.BoundedSemaphore(4)
"""Each stretching takes 64 MiB; a flood of sign-ins waits here instead of filling the memory."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """What is stored of a password."""

    salt: bytes = field(repr=False)
    scheme: str
    proof: bytes = field(repr=False)


def new_verifier(password: str, about: Iterable[str] = ()) -> Verifier:
    """The verifier of a password that somebody chose.

    Args:
        password: as typed.
        about: texts that others know of this person, such as address and name.

    Raises:
        PasswordWeak: it is too short, too long, repeats few characters, or is one of `about`.
    """
    require_strong(password, about)
    salt = os.urandom(SALT_BYTES)
    return Verifier(salt, SCHEME, proof_of(password, salt, SCHEME))


def proof_of(password: str, salt: bytes, scheme: str) -> bytes:
    """SHA-256 of the stretched password, 32 bytes. Takes about 150 ms of one processor.

    Args:
        password: as typed; the same characters in another Unicode form are the same password.
        salt: of the user.
        scheme: how it was stretched when it was set, as in `SCHEME`.
    """
    name, memory, passes, lanes = scheme.split(":")
    if name != "argon2id":
        raise ValueError(f"unknown scheme {name}")
    stretcher = Argon2id(
        salt=salt, length=32, iterations=int(passes), lanes=int(lanes), memory_cost=int(memory)
    )
    with _room:
        return hashlib.sha256(stretcher.derive(_bytes(password))).digest()


def require_strong(password: str, about: Iterable[str]) -> None:
    """Refuse what is guessed first.

    Raises:
        PasswordWeak: with the reason.
    """
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < SHORTEST:
        raise PasswordWeak(reason=f"It has fewer than {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PasswordWeak(reason=f"It has more than {LONGEST} characters.")
    if len(set(folded)) < FEWEST_DIFFERENT:
        raise PasswordWeak(reason="It repeats a few characters.")
    known = {_bare(part) for text in about for part in (text, *text.replace("@", " ").split())}
    if _bare(folded) in {part for part in known if len(part) >= 4}:
        raise PasswordWeak(reason="It is your name or address.")


def _bare(text: str) -> str:
    """A text without what people put around a word to make it a password."""
    return text.casefold().strip("0123456789!.-?_ ")


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
