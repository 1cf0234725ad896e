"""The transactions of phases live as long as their worker does.

PostgreSQL ends a worker's transaction in which nothing happens for `IDLE_WORKER_TIMEOUT`: its
process is frozen or its network gone, and whoever takes its phase up must not wait for the
locks it left. A phase may well compute for longer than that without a statement, so its process
sends one for it now and then. It stops when the phase's own time is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import psycopg
import structlog
from psycopg import generators, pq

from landbridge.database.session import TenantSession

log = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 3.0
GRACE_SECONDS: Final = 30.0

Driver = psycopg.Connection[Any]


class Heartbeat:
    """The connections of this process's phases."""

    def __init__(self) -> None:
        self._kept: dict[Driver, float] = {}

    @contextmanager
    def keeping(self, session: TenantSession, seconds: float) -> Iterator[None]:
        """Keep the session's transaction alive inside the block, for about so long at most."""
        driver = cast("Driver", session.connection().connection.driver_connection)
        self._kept[driver] = time.monotonic() + seconds + GRACE_SECONDS
        try:
            yield
        finally:
            self._kept.pop(driver, None)

    def beat(self) -> None:
        """Send a statement over each connection that has a transaction open and is not busy."""
        for driver, until in list(self._kept.items()):
            if time.monotonic() < until and driver.lock.acquire(blocking=False):
                try:
                    _touch(driver)
                except psycopg.Error as error:  # the phase will see for itself
                    log.warning("phase_connection_lost", error=type(error).__name__)
                finally:
                    driver.lock.release()


def _touch(driver: Driver) -> None:
    pgconn = driver.pgconn
    is_open = pgconn.transaction_status == pq.TransactionStatus.INTRANS
    if is_open and pgconn.pipeline_status == pq.PipelineStatus.OFF:
        pgconn.send_query(b"select 1")
        driver.wait(generators.execute(pgconn))


@contextmanager
def beating(heartbeat: Heartbeat) -> Iterator[None]:
    """Beat until the block ends."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(BEAT_SECONDS):
            heartbeat.beat()

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=1)
