"""What the orchestrator needs of a durable engine: to run jobs, each once its transaction
has committed, fairly between client accounts, and again when the worker dies.

A job carries references only. It says "there may be work for this flow": what work that is,
the worker reads from the flow's own rows. A job too many does nothing; a job too few is
noticed by the watchdog.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.flows.states import Priority

WORK: Final = "work"
PROVIDER_PREFIX: Final = "provider-"


@dataclass(frozen=True, slots=True)
class Job:
    """One unit of capacity for one flow.

    Attributes:
        queue: "work", or the queue of a provider: a job takes only phases of its queue.
        delay_seconds: not to be run before.
    """

    client_account_id: UUID
    flow_id: UUID
    queue: str = WORK
    priority: Priority = Priority.NORMAL
    delay_seconds: float = 0.0


def queue_of(provider: str | None) -> str:
    """The queue on which phases that use this provider are run."""
    return WORK if provider is None else PROVIDER_PREFIX + provider


class Engine(Protocol):
    """The engine as the orchestrator and the workers' steps see it."""

    def enqueue(self, session: TenantSession, job: Job) -> None:
        """Have a worker run this job. It happens exactly when the caller commits."""
        ...


class EngineKeeper(Protocol):
    """The engine as its keepers see it: failover, the watchdog, retention."""

    def with_jobs(self, flow_ids: Iterable[UUID]) -> set[UUID]:
        """Which of these flows have a job that is queued, delayed or being run."""
        ...

    def take_over(self, alive: Iterable[str]) -> dict[str, int]:
        """Put back on their queues the jobs of executors that are not in `alive`; returns
        how many of each.
        """
        ...

    def forget(self, older_than: timedelta, limit: int) -> int:
        """Delete records of jobs that ended before; returns how many."""
        ...
