"""Wakes whoever follows a flow, from PostgreSQL's notifications. Payloads are opaque ids."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import structlog
from sqlalchemy import URL

from landbridge.database import urls
from landbridge.flows.events import CHANNEL

log = structlog.get_logger(__name__)


class Wakeups:
    """One listening connection for a process; any number of followers.

    After a lost connection every follower is woken once, because announcements may have
    been missed; followers read the log, so nothing is lost.
    """

    def __init__(self, url: URL) -> None:
        plain = url.set(drivername="postgresql")
        self._url = urls.text(plain)
        self._followers: dict[str, set[Callable[[], None]]] = defaultdict(set)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wakeups", daemon=True)

    def __enter__(self) -> Wakeups:
        """Start listening."""
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(timeout=5)

    @contextmanager
    def following(self, flow_id: object, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake` (from another thread) whenever the flow has news."""
        key = str(flow_id)
        with self._lock:
            self._followers[key].add(wake)
        try:
            yield
        finally:
            with self._lock:
                self._followers[key].discard(wake)
                if not self._followers[key]:
                    del self._followers[key]

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.OperationalError as error:
                log.warning("wakeups_reconnecting", error=type(error).__name__)
                self._stop.wait(1.0)

    def _listen(self) -> None:
        with psycopg.connect(
            self._url, autocommit=True, application_name="landbridge-wakeups"
        ) as c:
            c.execute(f"listen {CHANNEL}")
            self._wake_all()
            while not self._stop.is_set():
                for note in c.notifies(timeout=0.5, stop_after=100):
                    self._wake(note.payload)

    def _wake(self, key: str) -> None:
        with self._lock:
            followers = list(self._followers.get(key, ()))
        for wake in followers:
            wake()

    def _wake_all(self) -> None:
        with self._lock:
            keys = list(self._followers)
        for key in keys:
            self._wake(key)
