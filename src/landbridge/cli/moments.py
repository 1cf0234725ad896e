"""Moments and values as people type them on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from cyclopts import Parameter, Token

from landbridge.kit import jsonio
from landbridge.kit.clock import now

_PART: Final = re.compile(r"(\d+)([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    """A span of time like 90s, 30m, 2h, 1h30m or 3d.

    Raises:
        ValueError: it is none.
    """
    parts = _PART.findall(text.lower())
    if not parts or "".join(n + unit for n, unit in parts) != text.lower():
        raise ValueError("write a span of time like 90s, 30m, 2h, 1h30m or 3d")
    try:
        return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in parts), timedelta())
    except OverflowError:
        raise ValueError("this is too far away") from None


def moment(text: str) -> datetime:
    """A moment like 2026-12-01T08:00, in this machine's time zone unless it names another.

    Raises:
        ValueError: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise ValueError("write a moment like 2026-12-01T08:00 or 2026-12-01T08:00Z") from None


def _at(_type: Any, tokens: Sequence[Token]) -> datetime:
    return moment(tokens[0].value)


def _in(_type: Any, tokens: Sequence[Token]) -> datetime:
    try:
        return now() + duration(tokens[0].value)
    except OverflowError:
        raise ValueError("this is too far away") from None


At = Annotated[datetime | None, Parameter(name="--at", converter=_at, n_tokens=1)]
In = Annotated[datetime | None, Parameter(name="--in", converter=_in, n_tokens=1)]


def pairs(_type: Any, tokens: Sequence[Token]) -> dict[str, Any]:
    """What was given as NAME=VALUE, each time; a value that begins with { or [ is JSON.

    Raises:
        ValueError: one has no "=", or its JSON cannot be read.
    """
    found: dict[str, Any] = {}
    for token in tokens:
        name, equals, value = token.value.partition("=")
        if not equals or not name:
            raise ValueError("write NAME=VALUE")
        found[name] = jsonio.loads(value) if value[:1] in {"{", "["} else value
    return found
