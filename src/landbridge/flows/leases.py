"""Leases: which executors are alive, and who takes over from those that are not.

Each worker renews a row; a row past its time, or pending work of an executor without a row,
means a dead worker. One survivor, holding an advisory lock for the sweep, puts that work
back on its queues. The engine fences a worker that was only asleep.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from landbridge.database.session import SessionDoor
from landbridge.flows import engine
from landbridge.kit.ids import new_id

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 6.0
SWEEP_EVERY: Final = 10  # heartbeats, when no lease has run out

_RENEW = text("""
insert into app_private.executor_leases (id, host, pid, lease_until)
values (:id, :host, :pid, clock_timestamp() + make_interval(secs => :ttl))
on conflict (id) do update set lease_until = excluded.lease_until""")
_RELEASE = text("delete from app_private.executor_leases where id = :id")
_LEASES = text(
    "select id, lease_until >= clock_timestamp() as runs from app_private.executor_leases"
)
_LIVE = text("select id from app_private.executor_leases where lease_until >= clock_timestamp()")
_RUN_OUT = text("""
select exists (select from app_private.executor_leases where lease_until < clock_timestamp())""")
_FORGET = text("delete from app_private.executor_leases where id = any(:ids)")
_ONE_SWEEPER = text("select pg_try_advisory_xact_lock(hashtextextended('landbridge.sweep', 0))")


def new_executor_id() -> str:
    """A name for this process that no other process ever had."""
    return f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-12:]}"


def live_executors(door: SessionDoor) -> set[str]:
    """The executors whose lease runs."""
    with door.anonymous() as connection:
        return set(connection.execute(_LIVE).scalars())


class LeaseKeeper:
    """Renews this executor's lease until stopped; while `sweeping` is set, it also takes
    over from dead executors. The engine must run while it is set.
    """

    def __init__(self, door: SessionDoor, executor_id: str) -> None:
        self._door = door
        self.executor_id = executor_id
        self.sweeping = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def __enter__(self) -> LeaseKeeper:
        """Take the lease, then start to renew it."""
        self._renew()
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop renewing and give the lease back, so that others take over at once."""
        self._stop.set()
        self._thread.join(timeout=10)
        try:
            with self._door.anonymous() as connection:
                connection.execute(_RELEASE, {"id": self.executor_id})
        except DBAPIError as error:
            log.warning("lease_not_released", executor=self.executor_id, error=type(error).__name__)

    def _run(self) -> None:
        beats = 0
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                self._renew()
                if self.sweeping.is_set() and (beats % SWEEP_EVERY == 0 or self._any_run_out()):
                    self.sweep()
            except Exception:  # a thread that ended here would strand flows
                log.warning("lease_not_renewed", executor=self.executor_id, exc_info=True)
            beats += 1

    def _renew(self) -> None:
        values = {
            "id": self.executor_id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "ttl": LEASE_SECONDS,
        }
        with self._door.anonymous() as connection:
            connection.execute(_RENEW, values)

    def _any_run_out(self) -> bool:
        with self._door.anonymous() as connection:
            return bool(connection.execute(_RUN_OUT).scalar_one())

    def sweep(self) -> int:
        """Take over the pending work of executors without a running lease; returns how much."""
        taken = 0
        with self._door.anonymous() as connection:
            if not connection.execute(_ONE_SWEEPER).scalar_one():
                return 0
            pending = engine.pending_by_executor()
            leases = {row.id: row.runs for row in connection.execute(_LEASES)}
            for executor, queues in pending.items():
                if leases.get(executor):
                    continue
                for queue, ids in queues.items():
                    engine.take_over(ids, queue)
                    taken += len(ids)
                log.warning("executor_taken_over", dead=executor, by=self.executor_id, count=taken)
            run_out = [executor for executor, runs in leases.items() if not runs]
            connection.execute(_FORGET, {"ids": run_out})
        return taken
