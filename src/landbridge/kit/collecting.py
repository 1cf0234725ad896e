"""Collecting cyclic garbage seldom, while millions of objects are alive that are in no cycle."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (200_000, 50, 1_000)
"""Thresholds under which objects that stay are looked at once, not again and again."""

_lock = threading.Lock()
_inside: list[tuple[int, int, int]] = []


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Inside the block, and in blocks of other threads that overlap with it, look for cycles
    seldom. The last block to end restores what was before the first.
    """
    with _lock:
        _inside.append(gc.get_threshold())
        gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        with _lock:
            before = _inside[0]
            _inside.pop()
            if not _inside:
                gc.set_threshold(*before)
