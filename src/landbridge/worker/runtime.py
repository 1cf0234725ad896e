"""A running worker: its lease, engine and sender, and its next life once declared dead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog

from landbridge.database.session import SessionDoor
from landbridge.flows.engine import FlowClient, running_engine
from landbridge.flows.execution import FlowExecution
from landbridge.flows.healing import Healer
from landbridge.flows.heartbeat import beating
from landbridge.flows.leases import LeaseKeeper, new_executor_id
from landbridge.flows.runner import Runner
from landbridge.flows.types import FlowTypes
from landbridge.flows.unheard import hearing
from landbridge.flows.upgrade import retire_older_jobs
from landbridge.flows.watchdog import Watchdog, watching
from landbridge.kit.settings import Settings, settings
from landbridge.occurrences.noting import note_background
from landbridge.webhooks.sending.sender import running_sender

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 60.0
LAST_SECONDS: Final = 3  # for phases that were interrupted to give themselves back
REBIRTH_SECONDS: Final = 2.0


class Worker:
    """Executes flows in this process until told to stop.

    A lease that was lost, because the machine slept or the database was away for longer
    than the lease, ends one life of the worker; the next begins under a new name.
    """

    def __init__(self, door: SessionDoor, types: FlowTypes, chosen: Settings) -> None:
        self._door = door
        self._types = types
        self._chosen = chosen
        self.executor_id = ""
        self.ready = threading.Event()
        self.stopping = threading.Event()
        self._life_ends = threading.Event()
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin, and wait until flows are executed.

        Raises:
            LandbridgeError: the worker cannot begin.
        """
        self._thread.start()
        self.ready.wait()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """Let what runs end, within the drain time, and leave the rest to others."""
        self.stopping.set()
        self._life_ends.set()
        self._thread.join(self._chosen.drain_seconds + STOP_SECONDS)

    def _run(self) -> None:
        first = True
        while not self.stopping.is_set():
            try:
                self._live()
            except Exception as error:
                if first:
                    self.failure = error
                    self.ready.set()
                    return
                log.warning("worker_cannot_begin", exc_info=True)
                note_background("worker_cannot_begin", error)
            first = False
            self.stopping.wait(REBIRTH_SECONDS)

    def _live(self) -> None:
        self.executor_id = executor_id = new_executor_id()
        self._life_ends.clear()
        if self.stopping.is_set():
            return
        chosen, engine = self._chosen, FlowClient(self._door)
        seconds = chosen.drain_seconds
        runner = Runner(FlowExecution(self._types, self._door, engine, executor_id))
        watchdog = Watchdog(self._door, engine, Healer(self._types, engine))
        retention = timedelta(hours=chosen.engine_retention_hours)
        retire_older_jobs(self._door, engine)
        with (
            LeaseKeeper(
                self._door, executor_id, engine, self._life_ends.set, self._types.abilities()
            ) as keeper,
            beating(runner.heartbeat),
            giving_back(runner),
            running_engine(
                runner.perform,
                self._door,
                executor_id,
                concurrency=chosen.worker_concurrency,
                per_account=chosen.account_concurrency,
                providers=chosen.provider_limits,
                drain_seconds=lambda: 0 if runner.is_idle else seconds + LAST_SECONDS,
            ),
            hearing(engine, executor_id),
            running_sender(self._door),
            watching(watchdog, engine, retention),
        ):
            keeper.sweeping.set()
            self.ready.set()
            self._life_ends.wait()
            keeper.sweeping.clear()
            seconds = 0 if keeper.lost.is_set() else chosen.drain_seconds
            runner.drain(seconds)


@contextmanager
def giving_back(runner: Runner) -> Iterator[None]:
    """After the engine has stopped and while the lease holds, give back what still runs."""
    try:
        yield
    finally:
        runner.give_back()


@contextmanager
def running_worker(
    door: SessionDoor, types: FlowTypes, chosen: Settings | None = None
) -> Iterator[Worker]:
    """Execute flows in this process until the block ends.

    The lease is taken before the engine starts and given back after it has stopped, so no
    other worker takes over work that this one still does.

    Raises:
        LandbridgeError: the worker cannot begin.
    """
    worker = Worker(door, types, chosen or settings())
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
