"""Columns that come in pairs: beside `maxmem`, a bare `mem` is what is in use of it."""

from __future__ import annotations

from typing import Final

from landbridge.discovery.mapping.tablefacts import TableFacts

_THINGS: Final = {
    "memory": "memory_gb", "disk": "storage_gb", "storage": "storage_gb", "cpu": "cpu_cores",
}  # fmt: skip
_WHOLE: Final = frozenset({"max", "total", "capacity", "size"})


def whole_of(ordinal: int, facts: TableFacts) -> str | None:
    """The attribute of a `max …` beside a bare column of the same thing, or None."""
    found = frozenset(facts.names[ordinal])
    thing = next((t for t in _THINGS if t in found), None)
    if thing is None or "max" not in found or not found <= {thing, "max"}:
        return None
    return _THINGS[thing] if _stands(frozenset({thing}), ordinal, facts) else None


def used_beside_whole(concepts: frozenset[str], facts: TableFacts) -> bool:
    """A bare column of a thing whose whole another column holds."""
    if len(concepts) != 1 or not concepts <= _THINGS.keys():
        return False
    return any(concepts < set(other) <= concepts | _WHOLE for other in facts.names)


def _stands(concepts: frozenset[str], but: int, facts: TableFacts) -> bool:
    return any(i != but and frozenset(c) == concepts for i, c in enumerate(facts.names))
