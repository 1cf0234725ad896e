"""Circuits of outside services: one that keeps failing is not asked for a while, by any process.

The state is a row that all processes share, changed in transactions of its own: what a phase rolls
back does not take back that a service failed. Closed: everybody asks. Open: nobody does. When its
time is over, one caller may try (half-open); it closes the circuit or opens it again for longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.errors.foreign import translated
from landbridge.errors.service_errors import ServiceCircuitOpen
from landbridge.kit import metrics

log = structlog.get_logger(__name__)

_LOOK: Final = text("""
select state, failures,
       greatest(0, ceil(extract(epoch from greatest(open_until, probe_until) - now())))::int
         as seconds
  from app_private.circuits where provider = :provider""")
_ADD: Final = text(
    "insert into app_private.circuits (provider) values (:provider) on conflict do nothing"
)
_TRY: Final = text("""
update app_private.circuits set state = 'half_open', changed_at = now(),
  probe_until = now() + make_interval(secs => :probe)
 where provider = :provider and state <> 'closed' and open_until <= now() and probe_until <= now()
""")
_LOCK: Final = text("""
select state, failures, openings, window_ends < clock_timestamp() as stale
  from app_private.circuits where provider = :provider for update""")
_COUNT: Final = text("""
update app_private.circuits set failures = :failures, last_code = :code,
  window_ends = case when :fresh then clock_timestamp() + make_interval(secs => :window)
                     else window_ends end
 where provider = :provider""")
_OPEN: Final = text("""
update app_private.circuits set state = 'open', failures = 0, openings = openings + 1,
  last_code = :code, changed_at = clock_timestamp(), probe_until = '-infinity',
  open_until = clock_timestamp() + make_interval(secs => :seconds)
 where provider = :provider""")
_CLOSE: Final = text("""
update app_private.circuits set state = 'closed', failures = 0, openings = 0,
  open_until = '-infinity', probe_until = '-infinity',
  changed_at = case when state = 'closed' then changed_at else clock_timestamp() end
 where provider = :provider""")
_END_PROBE: Final = text("""
update app_private.circuits set probe_until = '-infinity'
 where provider = :provider and state = 'half_open'""")
_ALL: Final = text("""
select provider, state, failures, openings, last_code, changed_at,
       greatest(0, ceil(extract(epoch from open_until - clock_timestamp())))::int as seconds
  from app_private.circuits order by provider""")


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """When a circuit opens, and for how long.

    Attributes:
        failures: so many within the window open it.
        window_seconds: the window, from its first failure; a success begins anew.
        open_seconds: how long it stays open the first time; doubled each time a try fails.
        most_seconds: the longest it stays open.
        probe_seconds: how long the one caller that tries has; then another may.
    """

    failures: int = 5
    window_seconds: float = 60.0
    open_seconds: float = 15.0
    most_seconds: float = 300.0
    probe_seconds: float = 120.0

    def pause(self, openings: int, wish: float = 0.0) -> float:
        """Seconds to stay open after so many openings in a row, or what the service asks for."""
        return min(max(self.open_seconds * 2.0 ** min(openings, 20), wish), self.most_seconds)


@dataclass(frozen=True, slots=True)
class CircuitState:
    """What is known of a service.

    Attributes:
        seconds: until it is tried again; 0 when it may be.
        last_code: of the failure that was counted last.
    """

    provider: str
    state: str
    failures: int
    openings: int
    last_code: str | None
    changed_at: datetime
    seconds: int


@contextmanager
def asking(engine: Engine, provider: str, policy: CircuitPolicy | None = None) -> Iterator[None]:
    """Ask an outside service inside the block; a failure of the driver leaves it catalogued.

    Failures of a dependency and refusals for lack of capacity count, unless no repetition helps:
    a wrong key says nothing about the service's health.

    Args:
        engine: of the API's or the worker's login.
        provider: the service, in lower case, as in the setting `provider_limits`.
        policy: when it opens; the usual one when left out.

    Raises:
        ServiceCircuitOpen: the service keeps failing, and is not asked now.
        LandbridgeError: whatever the block raised.
    """
    rules = policy or CircuitPolicy()
    trouble = _enter(engine, provider, rules)
    try:
        yield
    except Exception as error:
        known = translated(error)
        if counts(known):
            _failed(engine, provider, rules, known)
        elif trouble:
            _execute(engine, _END_PROBE, provider)
        if known is error:
            raise
        raise known from error
    except BaseException:  # the caller is interrupted, which says nothing about the service
        if trouble:
            _execute(engine, _END_PROBE, provider)
        raise
    if trouble:
        _execute(engine, _CLOSE, provider)


def counts(error: LandbridgeError) -> bool:
    """Whether an error says that the service itself is unwell."""
    unwell = error.category in {Category.DEPENDENCY, Category.CAPACITY}
    return unwell and error.retry is not Retry.NEVER and not isinstance(error, ServiceCircuitOpen)


def circuits(engine: Engine) -> list[CircuitState]:
    """Every service that was ever asked."""
    with catalogued_errors(), engine.begin() as connection:
        return [CircuitState(**row) for row in connection.execute(_ALL).mappings()]


def close(engine: Engine, provider: str) -> bool:
    """Have a service asked again at once; returns whether it is known."""
    return bool(_execute(engine, _CLOSE, provider))


def _enter(engine: Engine, provider: str, rules: CircuitPolicy) -> bool:
    """Whether there was trouble lately, so that a success has to be noted."""
    with catalogued_errors(), engine.begin() as connection:
        named = {"provider": provider}
        row = connection.execute(_LOOK, named).one_or_none()
        if row is None:
            connection.execute(_ADD, named)
            return False
        if row.state == "closed":
            return bool(row.failures)
        if connection.execute(_TRY, {**named, "probe": rules.probe_seconds}).rowcount == 1:
            return True
    raise ServiceCircuitOpen(service=provider, retry_after=max(1, row.seconds))


def _failed(engine: Engine, provider: str, rules: CircuitPolicy, error: LandbridgeError) -> None:
    with catalogued_errors(), engine.begin() as connection:
        row = connection.execute(_LOCK, {"provider": provider}).one()
        failures = 1 if row.stale else row.failures + 1
        known = {"provider": provider, "code": error.code}
        if row.state == "open":
            return
        if row.state == "closed" and failures < rules.failures:
            fresh = {"fresh": failures == 1, "window": rules.window_seconds}
            connection.execute(_COUNT, {**known, "failures": failures, **fresh})
            return
        seconds = rules.pause(row.openings, float(error.fields.get("retry_after", 0)))
        connection.execute(_OPEN, {**known, "seconds": seconds})
    log.warning("circuit_opened", provider=provider, code=error.code, seconds=seconds)
    meters = metrics.meters()
    if meters is not None:
        meters.circuits.labels(provider).inc()


def _execute(engine: Engine, statement: Any, provider: str) -> int:
    with catalogued_errors(), engine.begin() as connection:
        return int(connection.execute(statement, {"provider": provider}).rowcount)
