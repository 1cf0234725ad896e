"""Keyset pages: a cursor holds the sort values of the last row shown, never an offset."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import orjson

from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit import jsonio

T = TypeVar("T")

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500


class InvalidCursor(LandbridgeError):
    """The page cursor was not made by this server, or was made for another list or order."""

    code = "INVALID_CURSOR"
    title = "This page marker is not valid"
    status = 404
    message = "The cursor does not belong to this list."
    remedy = "Start again from the first page, without a cursor."


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: the rows, in the order of the list.
        next: the cursor of the following page; None on the last one.
    """

    items: list[T]
    next: str | None = None


def encode_cursor(values: Sequence[Any]) -> str:
    """The cursor that continues after a row with these sort values."""
    return base64.urlsafe_b64encode(jsonio.dumps(list(values)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[Any]:
    """The sort values held by a cursor.

    Args:
        cursor: as made by `encode_cursor`.
        size: how many values the list sorts by.

    Raises:
        InvalidCursor: it was not made for such a list.
    """
    try:
        values = jsonio.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, orjson.JSONDecodeError):
        raise InvalidCursor from None
    if not isinstance(values, list) or len(values) != size:
        raise InvalidCursor
    return values


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """Cut a page from `limit + 1` fetched rows; `key` gives the sort values of a row."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Page(items, encode_cursor(key(items[-1])) if more else None)
