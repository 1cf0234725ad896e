"""The arithmetic of the chain: the same here, in the database and in the documentation.

A link seals all entries that one transaction wrote for one client account:

    root = sha256(sha256(entry 1) ‖ sha256(entry 2) ‖ …)
    hash = sha256(hash of the link before ‖ "seq|n|" ‖ root)

Entries are hashed as the UTF-8 bytes of their text, exactly as stored. The link before the first
is `genesis`, which names the account, so that no chain passes for another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is stored.

    Attributes:
        seq: its place, from 1.
        n: how many entries it seals.
        root: over the entries, 32 bytes.
        hash: over this link and, through the one before, all before it; 32 bytes.
    """

    seq: int
    n: int
    root: bytes
    hash: bytes


def genesis(client_account_id: UUID) -> bytes:
    """What the first link of an account continues."""
    return hashlib.sha256(f"landbridge audit v1|{client_account_id}".encode()).digest()


def root_of(entries: Iterable[str]) -> bytes:
    """The root over the texts of a transaction's entries, in order."""
    return hashlib.sha256(b"".join(hashlib.sha256(e.encode()).digest() for e in entries)).digest()


def link_hash(before: bytes, seq: int, n: int, root: bytes) -> bytes:
    """The hash of a link that continues `before`."""
    return hashlib.sha256(before + f"{seq}|{n}|".encode() + root).digest()
