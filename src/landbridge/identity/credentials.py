"""Credentials: what people and programs show. Only their SHA-256 is ever stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 10
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A fresh credential; its text is shown once and then forgotten.

    Attributes:
        text: what its holder keeps.
        public_id: names the credential in lists; empty for sessions and links.
    """

    text: str = field(repr=False)
    public_id: str = ""

    @property
    def hash(self) -> bytes:
        """What is stored."""
        return hash_of(self.text)


def new_api_key() -> Secret:
    """A key of the form `lb_<id>_<secret>`."""
    public_id = "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))
    return Secret(f"lb_{public_id}_{secrets.token_hex(SECRET_BYTES)}", public_id)


def new_sign_in_token() -> Secret:
    """The secret part of a sign-in link."""
    return Secret(f"lbs_{secrets.token_hex(SECRET_BYTES)}")


def new_set_up_token() -> Secret:
    """The secret part of the link that sets a deployment up."""
    return Secret(f"lbu_{secrets.token_hex(SECRET_BYTES)}")


def new_invitation_token() -> Secret:
    """The secret part of the link of an invitation."""
    return Secret(f"lbi_{secrets.token_hex(SECRET_BYTES)}")


def new_session_token() -> Secret:
    """The secret in a browser's session cookie."""
    return Secret(f"lbw_{secrets.token_hex(SECRET_BYTES)}")


def hash_of(text: str) -> bytes:
    """The SHA-256 of a credential's text. 256 random bits need no slow hash; a look-up by the
    hash compares nothing secret byte by byte.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
