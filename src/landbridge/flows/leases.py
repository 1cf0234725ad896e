"""Leases: which executors are alive, and who takes over from those that are not.

Each worker renews a row. One survivor removes rows that have run out, and puts the work of
executors without a row back on its queues. A removed lease does not come back: a worker
that was only asleep finds it gone and starts anew under another name, and the claims it
held are no longer the latest.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from landbridge.database.session import SessionDoor
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.crew import Abilities
from landbridge.flows.port import EngineKeeper
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 6.0
SWEEP_EVERY: Final = 10  # heartbeats, when no lease has run out

_TAKE = text("""
insert into app_private.executor_leases (id, host, pid, lease_until, abilities)
values (:id, :host, :pid, clock_timestamp() + make_interval(secs => :ttl),
        cast(:abilities as jsonb))""")
_RENEW = text("""
update app_private.executor_leases
   set lease_until = clock_timestamp() + make_interval(secs => :ttl) where id = :id""")
_RELEASE = text("delete from app_private.executor_leases where id = :id")
_ALL = text("select id from app_private.executor_leases")
_LIVE = text("select id from app_private.executor_leases where lease_until >= clock_timestamp()")
_LOST = text("select id from app_private.executor_leases where lease_until < clock_timestamp()")
_RUN_OUT = text("""
select exists (select from app_private.executor_leases where lease_until < clock_timestamp())""")
_FORGET = text("""
delete from app_private.executor_leases where lease_until < clock_timestamp() returning id""")
_ONE_SWEEPER = text("""
select set_config('idle_in_transaction_session_timeout', '10s', true),
       pg_try_advisory_xact_lock(hashtextextended('landbridge.sweep', 0)) as won""")
_NO_SWEEP = text("select pg_advisory_xact_lock_shared(hashtextextended('landbridge.sweep', 0))")


def new_executor_id() -> str:
    """A name for this process that no other process ever had."""
    return f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-12:]}"


def live_executors(door: SessionDoor) -> set[str]:
    """The executors whose lease runs."""
    with door.anonymous() as connection:
        return set(connection.execute(_LIVE).scalars())


class LeaseKeeper:
    """Renews this executor's lease until stopped; while `sweeping` is set, it also takes
    over from dead executors.

    Attributes:
        lost: set once the lease is gone: others do this executor's work now. `on_lost` is
            called then, from the keeper's thread.
    """

    def __init__(
        self,
        door: SessionDoor,
        executor_id: str,
        engine: EngineKeeper,
        on_lost: Callable[[], None] = lambda: None,
        abilities: Abilities | None = None,
    ) -> None:
        self._abilities = abilities
        self._on_lost = on_lost
        self._door = door
        self._engine = engine
        self.executor_id = executor_id
        self.sweeping = threading.Event()
        self.lost = threading.Event()
        self._fair_from = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def __enter__(self) -> LeaseKeeper:
        """Take the lease, then start to renew it."""
        values = {
            "id": self.executor_id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "ttl": LEASE_SECONDS,
            "abilities": jsonio.dumps(self._abilities),
        }
        with self._door.anonymous() as connection:
            connection.execute(_NO_SWEEP)
            connection.execute(_TAKE, values)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop renewing and give the lease back, so that others take over at once."""
        self._stop.set()
        self._thread.join(timeout=10)
        try:
            with self._door.anonymous() as connection:
                connection.execute(_RELEASE, {"id": self.executor_id})
        except (DBAPIError, LandbridgeError) as error:
            log.warning("lease_not_released", executor=self.executor_id, error=type(error).__name__)

    def _run(self) -> None:
        beats = 0
        renewed = time.monotonic()
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                if not self._renew():
                    log.warning("lease_lost", executor=self.executor_id)
                    self.lost.set()
                    self._on_lost()
                    return
                before, renewed = renewed, time.monotonic()
                if renewed - before > LEASE_SECONDS:
                    self._fair_from = renewed + LEASE_SECONDS
                if self._may_sweep and (beats % SWEEP_EVERY == 0 or self._any_run_out()):
                    self.sweep()
            except Exception as error:  # a thread that ended here would strand flows
                log.warning("lease_not_renewed", executor=self.executor_id, exc_info=True)
                note_background("lease_not_renewed", error)
            beats += 1

    @property
    def _may_sweep(self) -> bool:
        """After an outage that no lease could outlast, the others get time to renew theirs."""
        return self.sweeping.is_set() and time.monotonic() >= self._fair_from

    def _renew(self) -> bool:
        with self._door.anonymous() as connection:
            values = {"id": self.executor_id, "ttl": LEASE_SECONDS}
            return connection.execute(_RENEW, values).rowcount == 1

    def _any_run_out(self) -> bool:
        with self._door.anonymous() as connection:
            return bool(connection.execute(_RUN_OUT).scalar_one())

    def sweep(self) -> int:
        """Take over the jobs of executors without a lease; returns how many."""
        taken = take_over(self._door, self._engine)
        for executor, count in taken.items():
            log.warning("executor_taken_over", dead=executor, by=self.executor_id, count=count)
        return sum(taken.values())


def lost_leases(door: SessionDoor) -> list[str]:
    """Executors that gave no sign of life for longer than a lease, and still hold one."""
    with door.anonymous() as connection:
        return list(connection.execute(_LOST).scalars())


def take_over(door: SessionDoor, engine: EngineKeeper) -> dict[str, int]:
    """Remove leases that have run out, and queue anew the jobs of executors without one.

    No executor begins meanwhile, so who is missing from the leases is dead.

    Returns:
        Executor → how many jobs it had; nothing when another process does this now.
    """
    with door.anonymous() as connection:
        if not connection.execute(_ONE_SWEEPER).one().won:
            return {}
        removed = dict.fromkeys(connection.execute(_FORGET).scalars(), 0)
    with door.anonymous() as connection:
        if not connection.execute(_ONE_SWEEPER).one().won:
            return removed
        return removed | engine.take_over(set(connection.execute(_ALL).scalars()))
