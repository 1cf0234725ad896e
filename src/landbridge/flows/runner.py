"""Running jobs: take up a phase, run it, commit it, go on; and what to do when that fails."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import stamina
import structlog

from landbridge.database.errors import ConcurrentChange, DatabaseBusy, TooManyConnections
from landbridge.database.session import JobAccess, TenantSession
from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.common import DatabaseUnavailable, NotFound
from landbridge.errors.foreign import translated
from landbridge.flows.claims import Claim
from landbridge.flows.execution import FlowExecution, Result
from landbridge.flows.heartbeat import Heartbeat
from landbridge.flows.holding import Turn
from landbridge.flows.interruption import PhaseInterrupted, Why
from landbridge.flows.phase_errors import PhaseTimedOut
from landbridge.flows.port import Job
from landbridge.flows.progress import ProgressReporter
from landbridge.flows.spans import phase_span
from landbridge.kit.tracing import set_trace_id
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)

SLICE_SECONDS: Final = 2.0
"""A job that has taken this long hands its flow to a new job, behind those of others."""
AWAY: Final = (DatabaseUnavailable, TooManyConnections)
"""PostgreSQL is away: the same transaction is repeated until it is back."""
CONTENDED: Final = (ConcurrentChange, DatabaseBusy)
"""Others were quicker: the same transaction is repeated a few times."""
CONTENDED_REPEATS: Final = 5
GIVE_BACK_SECONDS: Final = 5.0

T = TypeVar("T")


class Runner:
    """Runs the jobs of one worker process."""

    def __init__(self, execution: FlowExecution) -> None:
        self._execution = execution
        self.heartbeat = Heartbeat()
        self.draining = threading.Event()
        """Set: finish what runs, take up nothing new."""
        self.stop = threading.Event()
        """Set: interrupt what runs, and give it back."""
        self._active = 0
        self._idle = threading.Lock()

    def perform(self, job: Job) -> None:
        """Do what a flow has to do for this queue, for about one time slice."""
        access = JobAccess(job.client_account_id, job.flow_id)
        began, turn = time.monotonic(), Turn()
        with self._counted():
            try:
                self._perform(access, job, turn, began)
            finally:
                self._execution.holding.end(turn)

    def drain(self, seconds: float) -> None:
        """Take up nothing new after what runs; interrupt what still runs after `seconds`."""
        self.draining.set()
        timer = threading.Timer(seconds, self.stop.set)
        timer.daemon = True
        timer.start()

    def give_back(self) -> None:
        """Give back the phases that could not be interrupted: what they do now is fenced.

        Those for which there is no time left are taken over once the lease is given up.
        """
        until = time.monotonic() + GIVE_BACK_SECONDS
        for mine in self._execution.holding.claims():
            if time.monotonic() > until:
                break
            access = JobAccess(mine.client_account_id, mine.flow_id)
            try:
                with self._execution.door.open(access) as session:
                    self._execution.release(session, mine, Why.DRAINING.value)
            except PhaseInterrupted:
                log.info("phase_was_ended_by_others", flow_id=str(mine.flow_id))
            except LandbridgeError as error:
                log.warning("phase_not_released", flow_id=str(mine.flow_id), exc_info=True)
                note_background("phase_not_released", error)

    @property
    def is_idle(self) -> bool:
        """Whether no job runs."""
        with self._idle:
            return not self._active

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._active += 1
        try:
            yield
        finally:
            with self._idle:
                self._active -= 1

    def _perform(self, access: JobAccess, job: Job, turn: Turn, began: float) -> None:
        try:
            mine = self._take(access, job, turn)
            while mine is not None:
                mine = self._run(access, mine, job, turn, began)
        except NotFound:
            log.info("job_for_unknown_flow", flow_id=str(job.flow_id))

    def _take(self, access: JobAccess, job: Job, turn: Turn) -> Claim | None:
        def take(session: TenantSession) -> Claim | None:
            return self._execution.take(session, job.flow_id, job.queue, turn)

        return self._transact(access, take, patient=True)

    def _run(
        self, access: JobAccess, mine: Claim, job: Job, turn: Turn, began: float
    ) -> Claim | None:
        set_trace_id(mine.trace_id)
        tries = itertools.count()

        def phase(session: TenantSession) -> Claim | None:
            if next(tries):
                self._execution.require_held(session, mine)
            return self._phase(session, mine, job.queue, turn, began)

        try:
            with phase_span(mine):
                return self._transact(access, phase)
        except PhaseInterrupted as interruption:
            self._interrupted(access, mine, interruption.why)
            if interruption.why is Why.FENCED and not self.stop.is_set():
                return self._take(access, job, turn)
        except AWAY:
            # A worker that is to stop waits for PostgreSQL no longer: another one tries again.
            self._finish(access, lambda s: self._execution.release(s, mine, Why.DRAINING.value))
        except LandbridgeError as error:
            self._record(access, mine, error)
        except Exception as error:
            known = translated(error)
            if known.category is Category.BUG:
                at = {"flow_id": str(mine.flow_id), "phase": mine.phase, "trace_id": mine.trace_id}
                log.exception("phase_failed_unexpectedly", **at, error=type(error).__name__)
            self._record(access, mine, known)
        return None

    def _interrupted(self, access: JobAccess, mine: Claim, why: Why) -> None:
        if why is Why.FENCED:
            log.warning("phase_fenced", flow_id=str(mine.flow_id), phase=mine.phase)
        elif why is Why.TIMED_OUT:
            seconds = mine.timeout_seconds
            self._record(access, mine, PhaseTimedOut(phase=mine.phase, seconds=seconds))
        else:
            self._finish(access, lambda s: self._execution.release(s, mine, why.value))

    def _phase(
        self, session: TenantSession, mine: Claim, queue: str, turn: Turn, began: float
    ) -> Claim | None:
        execution = self._execution
        reporter = ProgressReporter(execution.door, mine, self.stop)
        with self.heartbeat.keeping(session, mine.timeout_seconds):
            result: Result = execution.work(session, mine, reporter)
        spent = time.monotonic() - began
        go_on = queue if spent < SLICE_SECONDS and not self.draining.is_set() else None
        return execution.complete(session, mine, result, turn, go_on=go_on)

    def _record(self, access: JobAccess, mine: Claim, error: LandbridgeError) -> None:
        at = {"flow_id": str(mine.flow_id), "phase": mine.phase, "trace_id": mine.trace_id}
        log.warning("phase_failed", **at, code=error.code)
        self._finish(access, lambda s: self._execution.fail(s, mine, error))

    def _finish(self, access: JobAccess, record: Callable[[TenantSession], None]) -> None:
        try:
            self._transact(access, record, patient=True)
        except PhaseInterrupted:
            log.info("phase_was_ended_by_others", flow_id=str(access.flow_id))

    def _transact(
        self, access: JobAccess, work: Callable[[TenantSession], T], *, patient: bool = False
    ) -> T:
        """One transaction, repeated while PostgreSQL is away or others were quicker.

        A worker does not give up on a lost database: while it lives, its claim is its own.

        Args:
            patient: it is short and has to happen: it is repeated as long as it takes.
        """
        contended = 0

        def repeats(error: Exception) -> bool:
            nonlocal contended
            if isinstance(error, CONTENDED):
                contended += 1
                return patient or contended <= CONTENDED_REPEATS
            return isinstance(error, AWAY) and (patient or not self.stop.is_set())

        for attempt in stamina.retry_context(
            on=repeats, attempts=None, timeout=None, wait_initial=0.1, wait_max=5.0
        ):
            with attempt, self._execution.door.open(access) as session:
                return work(session)
        raise AssertionError("unreachable")
