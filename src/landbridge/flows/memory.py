"""The engine port inside one process, for tests: jobs live as long as the process.

It keeps the promises of the port (exactly at commit, delays, priorities, fairness and
limits per client account), except that nobody takes over when the process dies.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from landbridge.database.session import TenantSession
from landbridge.flows.port import Job
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)

IDLE_SECONDS: Final = 0.5


@dataclass(order=True, slots=True)
class _Queued:
    priority: int
    number: int
    due: float = field(compare=False)
    job: Job = field(compare=False)


class MemoryEngine:
    """Queues and threads of this process."""

    def __init__(self) -> None:
        self._queued: dict[UUID, list[_Queued]] = defaultdict(list)
        self._running: Counter[UUID] = Counter()
        self._flows: Counter[UUID] = Counter()
        self._numbers = count()
        self._changed = threading.Condition()
        self._turn: list[UUID] = []

    def enqueue(self, session: TenantSession, job: Job) -> None:
        """Run this job once the session's transaction commits; never when it rolls back."""

        @event.listens_for(session, "after_commit", once=True)
        def push(_session: Session) -> None:
            self._push(job)

    def with_jobs(self, flow_ids: Iterable[UUID]) -> set[UUID]:
        """Which of these flows have a job that has not ended."""
        with self._changed:
            return {flow_id for flow_id in flow_ids if self._flows[flow_id]}

    def take_over(self, alive: Iterable[str]) -> dict[str, int]:
        """Nothing: with the process its jobs are gone, and the watchdog finds the flows."""
        return {}

    def forget(self, older_than: timedelta, limit: int = 0) -> int:
        """Nothing: jobs that ended are not kept."""
        return 0

    @contextmanager
    def running(
        self, perform: Callable[[Job], None], *, concurrency: int = 8, per_account: int = 4
    ) -> Iterator[None]:
        """Run jobs with this many threads until the block ends, and those begun to their end."""
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                job = self._next(per_account)
                if job is None:
                    continue
                try:
                    perform(job)
                except Exception as error:  # as with the durable engine, it has ended
                    log.warning("job_failed", flow_id=str(job.flow_id), exc_info=True)
                    note_background("job_failed", error)
                finally:
                    self._end(job)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(concurrency)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            with self._changed:
                self._changed.notify_all()
            for thread in threads:
                thread.join(timeout=30)

    def _push(self, job: Job) -> None:
        with self._changed:
            due = time.monotonic() + job.delay_seconds
            account = job.client_account_id
            entry = _Queued(int(job.priority), next(self._numbers), due, job)
            self._queued[account].append(entry)
            self._queued[account].sort()
            self._flows[job.flow_id] += 1
            if account not in self._turn:
                self._turn.append(account)
            self._changed.notify_all()

    def _next(self, per_account: int) -> Job | None:
        """The next job, accounts taking turns; None after a while without one."""
        with self._changed:
            moment = time.monotonic()
            for account in list(self._turn):
                if self._running[account] >= per_account:
                    continue
                entry = next((e for e in self._queued[account] if e.due <= moment), None)
                if entry is not None:
                    self._queued[account].remove(entry)
                    self._running[account] += 1
                    self._turn.remove(account)
                    self._turn.append(account)
                    return entry.job
            dues = [e.due - moment for entries in self._queued.values() for e in entries]
            soonest = min((d for d in dues if d > 0), default=IDLE_SECONDS)
            self._changed.wait(min(soonest, IDLE_SECONDS))
            return None

    def _end(self, job: Job) -> None:
        with self._changed:
            self._running[job.client_account_id] -= 1
            self._flows[job.flow_id] -= 1
            self._changed.notify_all()
