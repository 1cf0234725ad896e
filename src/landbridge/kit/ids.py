"""Identifiers: UUIDv7, so that ids sort by the time of their making."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562), as the standard library's type."""
    return uuid7()


def new_ids(count: int) -> list[str]:
    """Fresh ids in hexadecimal digits, in this order: a UUIDv7 whose last 48 bits count."""
    first = new_id().hex[:20]
    return [f"{first}{n:012x}" for n in range(count)]
