"""Progress: counted work, weighted by phase, with an estimate only where there is a basis."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, update

from landbridge.database.errors import DatabaseBusy, TooManyConnections
from landbridge.database.session import JobAccess, SessionDoor
from landbridge.errors.common import DatabaseUnavailable
from landbridge.flows import events
from landbridge.flows.claims import Claim
from landbridge.flows.interruption import PhaseInterrupted, Why
from landbridge.flows.models import Flow, PhaseRun
from landbridge.flows.states import PhaseStatus

PAUSE_GRACE: Final = timedelta(seconds=5)
"""A phase that ends this soon after its flow was paused may commit; then it is interrupted."""
ENDED: Final = (PhaseStatus.COMPLETED, PhaseStatus.SKIPPED)
OUT_OF_REACH: Final = (DatabaseUnavailable, DatabaseBusy, TooManyConnections)
"""Why a report may stay unheard. The phase goes on; its commit is what decides."""

log = structlog.get_logger(__name__)


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
    """Publishes a phase's progress while its transaction is still open, and interrupts the
    phase when it is to stop.

    It writes through a transaction of its own, at most every `interval` seconds, so that
    others see the numbers; the phase's own commit writes the final ones.
    """

    def __init__(
        self, door: SessionDoor, mine: Claim, stop: threading.Event, interval: float = 0.3
    ) -> None:
        self._door = door
        self._mine = mine
        self._stop = stop
        self._interval = interval
        self._began = self._published = time.monotonic()
        self.done = 0
        self.total: int | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Report work done of work in all.

        Raises:
            PhaseInterrupted: the phase is to end here.
        """
        self.done, self.total = done, total
        moment = time.monotonic()
        if self._stop.is_set():
            raise PhaseInterrupted(Why.DRAINING)
        if moment - self._began > self._mine.timeout_seconds:
            raise PhaseInterrupted(Why.TIMED_OUT)
        if moment - self._published >= self._interval:
            try:
                self._publish()
            except OUT_OF_REACH as error:
                log.warning("progress_not_published", code=error.code, phase=self._mine.phase)
            self._published = time.monotonic()

    def _publish(self) -> None:
        mine = self._mine
        with self._door.open(JobAccess(mine.client_account_id, mine.flow_id)) as session:
            found = session.execute(
                update(PhaseRun)
                .where(
                    PhaseRun.id == mine.run_id,
                    PhaseRun.claim == mine.number,
                    PhaseRun.status == PhaseStatus.RUNNING,
                    Flow.id == PhaseRun.flow_id,
                )
                .values(done=self.done, total=self.total, heartbeat_at=func.clock_timestamp())
                .returning(Flow.paused_at, func.now())
                .execution_options(synchronize_session=False)
            ).one_or_none()
            if found is not None:
                events.announce(session, mine.flow_id)
        if found is None:
            raise PhaseInterrupted(Why.FENCED)
        paused_at: datetime | None
        paused_at, moment = found
        if paused_at is not None and moment - paused_at > PAUSE_GRACE:
            raise PhaseInterrupted(Why.PAUSED)
