"""Which job of this process holds which claim.

The database says which executor has a phase; within the executor only this says which of its
jobs does. A claim whose job heard no answer to its commit, because the database went away, is
held by nobody here, and the job that asks next takes it up.
"""

from __future__ import annotations

import threading
from uuid import UUID

from landbridge.flows.claims import Claim


class Turn:
    """One performance of a job; compared by identity."""


class Holding:
    """The claims of this process, by phase run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[UUID, tuple[Turn, Claim]] = {}
        self._suspect: Turn | None = None

    def hold(self, turn: Turn, mine: Claim) -> None:
        """Say that a turn has a claim, before the claim is committed."""
        with self._lock:
            self._held[mine.run_id] = (turn, mine)

    def is_held_by_another(self, turn: Turn, run_id: UUID) -> bool:
        """Whether another turn of this process works on the phase run."""
        with self._lock:
            found = self._held.get(run_id)
        return found is not None and found[0] is not turn

    def admit_suspect(self, turn: Turn) -> bool:
        """Let a turn run a phase that may bring this process down, unless another one does."""
        with self._lock:
            if self._suspect not in (None, turn):
                return False
            self._suspect = turn
            return True

    def end(self, turn: Turn) -> None:
        """Forget what a turn held."""
        with self._lock:
            if self._suspect is turn:
                self._suspect = None
            for run_id in [r for r, (by, _) in self._held.items() if by is turn]:
                del self._held[run_id]

    def claims(self) -> list[Claim]:
        """The claims that are held now."""
        with self._lock:
            return [mine for _, mine in self._held.values()]
