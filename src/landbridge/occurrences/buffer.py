"""What occurred and is not written yet: every count, and the newest traces there is room for."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from landbridge.errors.catalogue import Category
from landbridge.occurrences.occurrence import Occurrence, proof_of

MOST_TRACES: Final = 2000


@dataclass(slots=True)
class Group:
    """Occurrences that are counted together."""

    example: Occurrence
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once.

    Attributes:
        dropped: traces that found no room; they are counted all the same.
    """

    groups: list[dict[str, Any]]
    dropped: int


class Buffer:
    """Takes occurrences from any thread, and never keeps one waiting or grows without bound: the
    groups are as many as there are codes, places and accounts with errors in an hour.

    Attributes:
        filled: set while there is something to write.
    """

    def __init__(self, most_traces: int = MOST_TRACES) -> None:
        self.filled = threading.Event()
        self._lock = threading.Lock()
        self._groups: dict[Any, Group] = {}
        self._traces: deque[Occurrence] = deque(maxlen=most_traces)
        self._dropped = 0
        self._totals: Counter[tuple[str, Category]] = Counter()

    def add(self, occurrence: Occurrence) -> None:
        """Count an occurrence, and keep its trace in place of the oldest when there is no room."""
        with self._lock:
            self._totals[occurrence.code, occurrence.category] += 1
            self._dropped += len(self._traces) == self._traces.maxlen
            self._traces.append(occurrence)
            group = self._groups.get(occurrence.group)
            if group is None:
                at = occurrence.at
                self._groups[occurrence.group] = Group(occurrence, 1, at, at)
            else:
                group.times += 1
                group.last_at = max(group.last_at, occurrence.at)
        self.filled.set()

    def take(self) -> Batch | None:
        """Everything there is, which is then no longer here; None when there is nothing."""
        with self._lock:
            groups, traces, dropped = self._groups, list(self._traces), self._dropped
            self._groups, self._dropped = {}, 0
            self._traces.clear()
            self.filled.clear()
        if not groups:
            return None
        examples: dict[Any, list[dict[str, Any]]] = {}
        for occurrence in traces:
            examples.setdefault(occurrence.group, []).append(occurrence.as_json())
        return Batch([_shape(key, g, examples.get(key, [])) for key, g in groups.items()], dropped)

    def totals(self) -> dict[tuple[str, Category], int]:
        """How often each code occurred since this process began."""
        with self._lock:
            return dict(self._totals)


def _shape(key: Any, group: Group, examples: list[dict[str, Any]]) -> dict[str, Any]:
    code, place, account, hour = key
    return {
        "hour": hour,
        "code": code,
        "category": group.example.category.value,
        "place": place,
        "client": account,
        "times": group.times,
        "first_at": group.first_at,
        "last_at": group.last_at,
        "examples": examples,
        **proof_of(group.example),
    }
