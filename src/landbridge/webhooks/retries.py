"""When a message is tried again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

PAUSES: Final = tuple(
    timedelta(seconds=s) for s in (5, 30, 2 * 60, 10 * 60, 3600, 6 * 3600, 24 * 3600)
)
"""Between one try and the next; the eighth is the last."""
JITTER: Final = 0.2
LONGEST_WISH: Final = timedelta(hours=24)


def next_attempt(tries: int, now: datetime, wish: timedelta | None = None) -> datetime | None:
    """When to try again after `tries` that failed; None when that was the last.

    Args:
        tries: at least 1.
        now: when the last try ended.
        wish: what the receiver asked for (Retry-After); it can only make the pause longer.
    """
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, guards nothing
    return now + max(pause, min(wish or pause, LONGEST_WISH))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds or a date; None when it says neither."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)
