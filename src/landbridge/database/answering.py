"""Connections that do not wait for ever for an answer.

PostgreSQL's own time limits help while the server runs. One that is frozen, or whose machine has
gone, enforces nothing: then the waiting ends here, and the connection is given up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

CONNECT_SECONDS: Final = 5
PING_SECONDS: Final = 3.0
GRACE_SECONDS: Final = 2.0
KEEPALIVE: Final = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""What the operating system does about a peer that is silent; times in seconds, the last in
milliseconds.
"""

RV = TypeVar("RV")


Took = Callable[[Any, float], None]
"""Is told each statement, in any form the driver takes, with the seconds until its answer."""


class TimedCursor(psycopg.Cursor[Any]):
    """A cursor that says how long statements take. It does so below SQLAlchemy, whose own events
    would cost a tenth of a short transaction.
    """

    def execute(self, query: Any, *args: Any, **options: Any) -> TimedCursor:
        """Execute as the driver does."""
        took = getattr(self.connection, "took", None)
        if took is None:
            super().execute(query, *args, **options)
            return self
        began = time.perf_counter()
        try:
            super().execute(query, *args, **options)
        finally:
            took(query, time.perf_counter() - began)
        return self


class AnsweredConnection(psycopg.Connection[Any]):
    """A connection each of whose waits for the server has an end.

    Attributes:
        answer_seconds: the longest wait; None for no end.
        took: is told how long statements take.
    """

    answer_seconds: float | None = None
    took: Took | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the server as the driver does, but not longer than `answer_seconds`.

        Raises:
            psycopg.OperationalError: there was no answer; the connection is closed.
        """
        limit = self.answer_seconds if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.errors._WaitTimeout:
            if timeout is not None:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from None

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Wait for no more than the time of a ping inside the block."""
        usual, self.answer_seconds = self.answer_seconds, PING_SECONDS
        try:
            yield
        finally:
            self.answer_seconds = usual


def use_answered_connections(
    engine: Engine, answer_seconds: float | None, took: Took | None
) -> None:
    """Have this engine's connections be such, and its tests of idle ones be short.

    Args:
        engine: before its first connection.
        answer_seconds: the longest wait; None for no end.
        took: is told how long statements take.
    """

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, parameters: Any) -> Any:
        connection = AnsweredConnection.connect(*args, **parameters)
        connection.answer_seconds = answer_seconds
        if took is not None:
            connection.took = took
            connection.cursor_factory = TimedCursor
        return connection

    dialect: Any = engine.dialect
    usual = dialect.do_ping

    def ping(connection: Any) -> bool:
        with connection.in_a_hurry():
            return bool(usual(connection))

    dialect.do_ping = ping
