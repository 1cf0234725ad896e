"""The one thread of a process that writes down what occurred.

It writes in batches, each of them once however often it has to be sent. While the database is
away it keeps what there is, and tries again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id
from landbridge.kit.settings import Settings
from landbridge.occurrences.buffer import Batch, Buffer
from landbridge.occurrences.noting import BUFFER

log = structlog.get_logger(__name__)

GATHER_SECONDS: Final = 0.2
"""What occurs together is written together."""
AGAIN_SECONDS: Final = 2.0
STOP_SECONDS: Final = 5.0
FORGET_EVERY_SECONDS: Final = 3600.0

_RECORD: Final = text(
    "select app.record_errors(:writer, :batch, :dropped, cast(:groups as jsonb), :room)"
)
_FORGET: Final = text("select app.forget_errors(:traces, :counts)")
_active: list[Recorder] = []
"""Those that run in this process; the newest writes."""


class Recorder:
    """Writes what the buffer holds, on a thread of its own, until stopped."""

    def __init__(
        self, door: SessionDoor, chosen: Settings, *, forgets: bool = False, buffer: Buffer = BUFFER
    ) -> None:
        """
        Args:
            door: any door; no account is opened.
            chosen: how much is kept, and for how long.
            forgets: also deletes what is too old; the door has to be a worker's.
            buffer: where occurrences come from.
        """
        self._door, self._chosen, self._buffer = door, chosen, buffer
        self._forgets = forgets
        self._forget_at = time.monotonic()
        self._writer, self._number = new_id(), 0
        self._pending: Batch | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="error recorder", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        _active.append(self)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._stop.set()
        self._buffer.filled.set()
        self._thread.join(STOP_SECONDS)
        _active.remove(self)

    def flush(self) -> bool:
        """Write what there is now; False when the database is away, and it is kept."""
        if self._pending is None:
            self._pending = self._buffer.take()
            self._number += 1
        if self._pending is None:
            return True
        try:
            self._write(self._pending)
        except LandbridgeError as error:
            if error.category in {Category.DEPENDENCY, Category.CAPACITY, Category.CONFLICT}:
                log.warning("errors_not_recorded_yet", code=error.code)
                return False
            raise
        if self._pending.dropped:
            log.warning("traces_dropped", count=self._pending.dropped)
        self._pending = None
        return True

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._forget()
                if not self._buffer.filled.wait(AGAIN_SECONDS) or _active[-1] is not self:
                    self._stop.wait(GATHER_SECONDS)
                    continue
                self._stop.wait(GATHER_SECONDS)
                if not self.flush():
                    self._stop.wait(AGAIN_SECONDS)
            except Exception:  # a batch that cannot be written must not keep back the others
                lost = self._pending
                self._pending = None
                times = sum(group["times"] for group in lost.groups) if lost else 0
                log.exception("errors_not_recorded", count=times)
        if _active[-1:] == [self]:
            try:
                if self.flush():
                    self.flush()
            except Exception:
                log.exception("errors_not_recorded_at_the_end")

    def _write(self, batch: Batch) -> None:
        values = {
            "writer": self._writer,
            "batch": self._number,
            "dropped": batch.dropped,
            "groups": jsonio.dumps(batch.groups),
            "room": self._chosen.error_traces_per_hour,
        }
        for last in (False, True):
            try:
                with self._door.anonymous() as connection:
                    connection.execute(_RECORD, values)
            except NotFound:  # an account was erased at this moment: its errors are nobody's
                if last:
                    raise
            else:
                return

    def _forget(self) -> None:
        if not self._forgets or time.monotonic() < self._forget_at:
            return
        self._forget_at = time.monotonic() + FORGET_EVERY_SECONDS
        forget(self._door, self._chosen)


def forget(door: SessionDoor, chosen: Settings) -> int:
    """Delete traces and counts that are too old; returns how many traces."""
    values = {
        "traces": timedelta(days=chosen.error_trace_days),
        "counts": timedelta(days=chosen.error_count_days),
    }
    with door.anonymous() as connection:
        return int(connection.execute(_FORGET, values).scalar_one())


@contextmanager
def recording(door: SessionDoor, chosen: Settings, *, forgets: bool = False) -> Iterator[Recorder]:
    """Write down what occurs in this process until the block ends."""
    recorder = Recorder(door, chosen, forgets=forgets)
    recorder.start()
    try:
        yield recorder
    finally:
        recorder.stop()
