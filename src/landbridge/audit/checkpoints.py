"""Checkpoints: what the chain of one account was at one link, signed.

The text of the note is four lines – whose chain, which link, its hash, and when:

    landbridge/audit/01a2052c-701c-7650-89b6-8371f54abd8f
    1204
    mQ0gq1sE8oAuwB7oN0V9bX0v0b0c5cF3b1m8cVwq3cM=
    at 2026-11-22T21:00:00Z
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from landbridge.audit.notes import SigningKey, VerifierKey, signed_body
from landbridge.kit.clock import now

ORIGIN: Final = "landbridge/audit/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement about a chain: its link `seq` has this hash, and so has all before it."""

    client_account_id: UUID
    seq: int
    hash: bytes
    at: datetime

    @property
    def body(self) -> str:
        """The text that is signed."""
        encoded = base64.b64encode(self.hash).decode()
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{ORIGIN}{self.client_account_id}\n{self.seq}\n{encoded}\nat {moment}\n"


def sign_checkpoint(key: SigningKey, client_account_id: UUID, seq: int, link_hash: bytes) -> str:
    """The signed note about a link."""
    return key.sign(Checkpoint(client_account_id, seq, link_hash, now()).body)


def read_checkpoint(note: str, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    """The statement of a note that one of `keys` signed; None where none did."""
    body = signed_body(note, keys)
    lines = body.splitlines() if body else []
    if len(lines) != 4 or not lines[0].startswith(ORIGIN) or not lines[3].startswith("at "):
        return None
    try:
        return Checkpoint(
            UUID(lines[0].removeprefix(ORIGIN)),
            int(lines[1]),
            base64.b64decode(lines[2], validate=True),
            datetime.fromisoformat(lines[3].removeprefix("at ")),
        )
    except (ValueError, binascii.Error):
        return None
