"""Matching versions by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landbridge.discovery.techdebt.eol import Cycle

_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*+)", re.IGNORECASE)
Numbers = tuple[int, ...]


def by_numbers(cycles: Sequence[Cycle], version: str) -> list[Cycle]:
    """Cycles whose numbers begin the version's, longest first; or that the version begins."""
    given = numbers(version)
    if not given:
        return []
    keyed = [(numbers(c.cycle), c) for c in cycles]
    finer = [c for k, c in keyed if k[: len(given)] == given]
    if finer:
        return finer
    coarser = [(len(k), c) for k, c in keyed if k and given[: len(k)] == k]
    longest = max((n for n, _ in coarser), default=0)
    return [c for n, c in coarser if n == longest]


def numbers(text: str) -> Numbers:
    """The numbers of the first version in a text: '12.1.0.2' is (12, 1, 0, 2)."""
    found = _VERSION.search(text)
    return tuple(int(n) for n in found[1].split(".")) if found else ()
