"""What a proof found, and how much it looked at."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

MOST_PER_PLACE: Final = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a client account is not sealed off.

    Attributes:
        oracle: which promise is broken, as a static name.
        where: the relation and verb, the route, or the command.
        who: on whose behalf it was tried.
        evidence: what was sent and what came back; never a credential.
    """

    oracle: str
    where: str
    who: str
    evidence: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(slots=True)
class Findings:
    """Violations and counts, collected while proving.

    Attributes:
        violations: at most three of one oracle at one place; the rest is counted.
        repeated: violations that are only counted.
        counts: how much was looked at, by kind.
        notes: what could not be looked at, and why.
    """

    violations: list[Violation] = field(default_factory=list)
    repeated: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    _places: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, oracle: str, where: str, who: str, evidence: str) -> None:
        """Record a violation; several threads may."""
        with self._lock:
            self._places[oracle, where] += 1
            if self._places[oracle, where] > MOST_PER_PLACE:
                self.repeated += 1
            else:
                self.violations.append(Violation(oracle, where, who, evidence[:2000]))

    def note(self, text: str) -> None:
        """Record something that could not be looked at, once."""
        if text not in self.notes:
            self.notes.append(text)

    def merge(self, other: Findings) -> None:
        """Take over what another part of the proof found."""
        self.violations[:0] = other.violations
        self.repeated += other.repeated
        self.counts.update(other.counts)
        for text in other.notes:
            self.note(text)

    @property
    def leaks(self) -> int:
        """How many violations there are, the merely counted ones included."""
        return len(self.violations) + self.repeated
