"""Signed notes: a few lines of text and Ed25519 signatures under them.

The format is that of https://c2sp.org/signed-note, so that tools of others verify it too. Keys
are texts of the same convention: `name+id+base64` for verifying and
`PRIVATE+KEY+name+id+base64` for signing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from landbridge.audit.errors import AuditKeyInvalid

ED25519: Final = b"\x01"
PRIVATE: Final = "PRIVATE+KEY+"
DASH: Final = "— "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key beside its name."""
        return _key_id(self.name, self.raw)

    @property
    def text(self) -> str:
        """What is given to whoever verifies."""
        return f"{self.name}+{self.id.hex()}+{_encoded(ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The key of this text.

        Raises:
            AuditKeyInvalid: it is no Ed25519 key in the form `name+id+base64`.
        """
        name, raw = _parsed(text.strip())
        return cls(name, raw)

    def accepts(self, body: str, signature: bytes) -> bool:
        """Whether the key signed this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, body.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """A fresh key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """The key of this text.

        Raises:
            AuditKeyInvalid: it is no Ed25519 key in the form `PRIVATE+KEY+name+id+base64`.
        """
        text = text.strip()
        if not text.startswith(PRIVATE):
            raise AuditKeyInvalid
        key = cls(*_split(text.removeprefix(PRIVATE))[:2])
        if _split(text.removeprefix(PRIVATE))[2] != key.verifier.id:
            raise AuditKeyInvalid
        return key

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """What is kept secret."""
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{_encoded(ED25519 + self.seed)}"

    def sign(self, body: str) -> str:
        """The note: `body`, which ends in a newline, and the signature under it."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(body.encode())
        return f"{body}\n{DASH}{self.name} {_encoded(self.verifier.id + signature)}\n"


def signed_body(note: str, keys: Iterable[VerifierKey]) -> str | None:
    """The text of a note that one of `keys` signed; None where none did."""
    body, found, under = note.rpartition("\n\n")
    if not found:
        return None
    body += "\n"
    known = {(key.name, key.id): key for key in keys}
    for line in under.splitlines():
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            continue
        key = known.get((name, blob[:4]))
        if line.startswith(DASH) and key is not None and key.accepts(body, blob[4:]):
            return body
    return None


def _key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + raw).digest()[:4]


def _parsed(text: str) -> tuple[str, bytes]:
    name, raw, key_id = _split(text)
    if _key_id(name, raw) != key_id:
        raise AuditKeyInvalid
    return name, raw


def _split(text: str) -> tuple[str, bytes, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        blob = base64.b64decode(encoded, validate=True)
        number = bytes.fromhex(key_id)
    except (binascii.Error, ValueError):
        raise AuditKeyInvalid from None
    if not name or " " in name or len(blob) != 33 or blob[:1] != ED25519:
        raise AuditKeyInvalid
    return name, blob[1:], number


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
