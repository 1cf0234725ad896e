"""What operators learn of a pool: connections in use, and statements that take long.

A slow statement is logged as it stands in our code: its values travel beside it and are never
looked at. Each is told at most once a minute, with how often it was slow since.
"""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from psycopg.sql import Composable
from sqlalchemy import Engine, event

from landbridge.kit import metrics

log = structlog.get_logger(__name__)

TELL_EVERY_SECONDS: Final = 60.0
KEPT: Final = 500
_OUT: Final = "landbridge_out"
_LOGINS: Final = {"api": "app", "worker": "worker", "owner": "admin"}
_PLAIN: Final = ("select", "with", "insert", "update", "delete")
"""Statements of other kinds are not shown: they have no parameters, so they may hold a secret."""
_PLACE = re.compile(r"%\((\w+)\)s(?:::\w+)?|%s")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_SPACE = re.compile(r"\s+")


def count_connections(engine: Engine, pool: str, most: int) -> None:
    """Count the connections of a new engine that are in use, where anything is counted.

    Args:
        engine: a new one.
        pool: its name in metrics.
        most: connections it may have.
    """

    @event.listens_for(engine, "checkout")
    def out(_connection: Any, record: Any, _proxy: Any) -> None:
        meters = metrics.meters()
        if meters is not None:
            record.record_info[_OUT] = True
            meters.connections.labels(pool).inc()
            meters.most_connections.labels(pool).set(most)

    @event.listens_for(engine, "checkin")
    def back(_connection: Any, record: Any) -> None:
        meters = metrics.meters()
        if meters is not None and record.record_info.pop(_OUT, False):
            meters.connections.labels(pool).dec()


@dataclass(slots=True)
class SlowStatements:
    """Reports slow statements of one pool.

    Attributes:
        told: fingerprint → when it was last reported, and how often it was slow since.
    """

    pool: str
    seconds: float
    told: dict[str, tuple[float, int]] = field(default_factory=dict)

    def took(self, statement: Any, spent: float) -> None:
        """A statement, in any form the driver takes, took so many seconds."""
        if spent >= self.seconds:
            self._report(_as_text(statement), spent)

    def _report(self, statement: str, spent: float) -> None:
        meters = metrics.meters()
        if meters is not None:
            meters.slow.labels(self.pool).inc()
        named = fingerprint(statement)
        at, silent = self.told.get(named, (float("-inf"), 0))
        if time.monotonic() - at < TELL_EVERY_SECONDS:
            self.told[named] = (at, silent + 1)
            return
        if len(self.told) >= KEPT:
            self.told.clear()
        self.told[named] = (time.monotonic(), 0)
        if not statement.lstrip(" (\n").lower().startswith(_PLAIN):
            statement = statement.split(None, 1)[0] + " …"
        log.warning(
            "slow_statement",
            fingerprint=named,
            seconds=round(spent, 3),
            pool=self.pool,
            untold=silent,
            statement=without_texts(statement)[:1000],
            hint=explain_command(statement, _LOGINS[self.pool]),
        )


def _as_text(statement: Any) -> str:
    if isinstance(statement, Composable):
        return statement.as_string()
    return statement.decode() if isinstance(statement, bytes) else str(statement)


def without_texts(statement: str) -> str:
    """The statement in one line, its quoted texts replaced."""
    return _SPACE.sub(" ", _TEXT.sub("'…'", statement)).strip()


def fingerprint(statement: str) -> str:
    """A short name that is the same for the same statement, whatever its values."""
    plain = _PLACE.sub("?", without_texts(statement)).lower()
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def explain_command(statement: str, login: str) -> str:
    """What an operator runs to see the plan, from PostgreSQL 16 on. No values are needed."""
    numbers: dict[str, int] = {}
    seen = 0

    def place(found: re.Match[str]) -> str:
        nonlocal seen
        name = found[1] or f"#{seen}"
        seen += 1
        return f"${numbers.setdefault(name, len(numbers) + 1)}"

    plain = _SPACE.sub(" ", _PLACE.sub(place, without_texts(statement))).strip()[:2000]
    return f'psql "$(landbridge db url {login})" -c {_shell("explain (generic_plan) " + plain)}'


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
