"""Progress: counted work, weighted by phase, with an estimate only where there is a basis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, update

from landbridge.database.session import Access, SessionDoor
from landbridge.flows import events
from landbridge.flows.models import PhaseRun
from landbridge.flows.states import PhaseStatus

ENDED: Final = (PhaseStatus.COMPLETED, PhaseStatus.SKIPPED)


def percent(runs: Sequence[PhaseRun]) -> int:
    """Progress of a flow in whole per cent, rounded down, over the last attempt of each phase:
    sum(weight × done/total) / sum(weight). A phase without a total counts only when it ends.
    """
    if not runs:
        return 0
    worth = sum(run.weight for run in runs)
    return int(100 * sum(run.weight * _fraction(run) for run in runs) / worth)


def _fraction(run: PhaseRun) -> float:
    if run.status in ENDED:
        return 1.0
    if not run.total:
        return 0.0
    return min(run.done / run.total, 0.99)


def eta_seconds(run: PhaseRun, now: datetime) -> float | None:
    """Seconds left of a running phase at its rate so far; None below 5 % or 2 s of basis."""
    if run.status != PhaseStatus.RUNNING or not run.total or not run.started_at:
        return None
    elapsed = (now - run.started_at).total_seconds()
    if elapsed < 2 or run.done < 0.05 * run.total:
        return None
    return max(0.0, elapsed * (run.total - run.done) / run.done)


class ProgressReporter:
    """Publishes a phase's progress while its transaction is still open.

    It writes through a transaction of its own, at most every `interval` seconds, so that
    others see the numbers; the phase's own commit writes the final ones.
    """

    def __init__(
        self, door: SessionDoor, access: Access, flow_id: UUID, run_id: UUID, interval: float = 0.3
    ) -> None:
        self._door = door
        self._access = access
        self._flow_id = flow_id
        self._run_id = run_id
        self._interval = interval
        self._published = 0.0
        self.done = 0
        self.total: int | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Report work done of work in all."""
        self.done, self.total = done, total
        if time.monotonic() - self._published < self._interval:
            return
        self._publish()

    def _publish(self) -> None:
        with self._door.open(self._access) as session:
            session.execute(
                update(PhaseRun)
                .where(PhaseRun.id == self._run_id, PhaseRun.status == PhaseStatus.RUNNING)
                .values(done=self.done, total=self.total, heartbeat_at=func.clock_timestamp())
                .execution_options(synchronize_session=False)
            )
            events.announce(session, self._flow_id)
        self._published = time.monotonic()
