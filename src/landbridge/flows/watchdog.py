"""The watchdog: looks at every flow that has not ended, again and again, and heals it.

It knows the flows from a list of references, opens each as a job of its own client account,
and decides from the flow's rows under the flow's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text

from landbridge.database.session import JobAccess, SessionDoor
from landbridge.errors.common import NotFound
from landbridge.flows.crew import Crew, crew
from landbridge.flows.diagnosis import Diagnosis, diagnose
from landbridge.flows.healing import Healer
from landbridge.flows.locked import LockedFlow
from landbridge.flows.port import EngineKeeper
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS: Final = 5.0
FLOWS_AT_ONCE: Final = 100
MOST_REMEDIES: Final = 8  # for one flow at one look; each may bring the next to light
FORGET_EVERY: Final = 720  # looks: an hour

_DUE = text("""
update app_private.open_flows f
   set looks = least(f.looks + 1, 8),
       look_at = now() + make_interval(secs => least(20 * power(2, least(f.looks, 8)), 600))
  from (select flow_id from app_private.open_flows where look_at <= now()
         order by look_at limit :limit for update skip locked) due
 where f.flow_id = due.flow_id
returning f.client_account_id, f.flow_id""")
_OPEN = text("select client_account_id, flow_id from app_private.open_flows order by changed_at")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found on a flow, and what was done about it; None when nothing was."""

    client_account_id: UUID
    flow_id: UUID
    diagnosis: Diagnosis
    action: str | None


class Watchdog:
    """Examines open flows; several may run, on several machines."""

    def __init__(self, door: SessionDoor, engine: EngineKeeper, healer: Healer) -> None:
        self.stop = threading.Event()
        """Set: leave the flows that are still to be looked at to the next look, or to others."""
        self._door = door
        self._engine = engine
        self._healer = healer

    def look(self, limit: int = FLOWS_AT_ONCE) -> list[Report]:
        """Examine and heal flows that are due for a look."""
        with self._door.anonymous() as connection:
            rows = connection.execute(_DUE, {"limit": limit})
            due = [(row.client_account_id, row.flow_id) for row in rows]
        return self._examine(due, fix=True)

    def look_at_all(self, *, fix: bool) -> list[Report]:
        """Examine every flow that has not ended."""
        with self._door.anonymous() as connection:
            found = [(row.client_account_id, row.flow_id) for row in connection.execute(_OPEN)]
        return self._examine(found, fix=fix)

    def _examine(self, flows: Sequence[tuple[UUID, UUID]], *, fix: bool) -> list[Report]:
        with self._door.anonymous() as connection:
            alive = crew(connection)
        reports: list[Report] = []
        for client, flow_id in flows:
            if self.stop.is_set():
                break
            try:
                reports += self._one(client, flow_id, alive, fix=fix)
            except NotFound:
                continue  # it was deleted meanwhile
            except Exception as error:  # one that cannot be examined must not hide the others
                log.warning("flow_not_examined", flow_id=str(flow_id), exc_info=True)
                note_background("flow_not_examined", error)
        return reports

    def _has_job(self, flow_id: UUID, healed: list[Report]) -> bool:
        """What a remedy has just queued is not committed, and so not yet to be seen."""
        return bool(healed) or bool(self._engine.with_jobs([flow_id]))

    def _one(self, client: UUID, flow_id: UUID, alive: Crew, *, fix: bool) -> list[Report]:
        reports: list[Report] = []
        with self._door.open(JobAccess(client, flow_id)) as session:
            for _ in range(MOST_REMEDIES):
                flow = LockedFlow(session, flow_id)
                found = list(diagnose(flow, alive, lambda: self._has_job(flow_id, reports)))
                healed = next((one for one in found if fix and self._healer.can_heal(one)), None)
                if healed is None:
                    reports.extend(Report(client, flow_id, one, None) for one in found)
                    break
                action = self._healer.heal(flow, healed)
                reports.append(Report(client, flow_id, healed, action))
        for report in reports:
            log.warning(
                "watchdog_finding",
                flow_id=str(flow_id),
                finding=report.diagnosis.finding.value,
                phase=report.diagnosis.phase,
                action=report.action,
            )
        return reports


@contextmanager
def watching(watchdog: Watchdog, engine: EngineKeeper, retention: timedelta) -> Iterator[None]:
    """Look regularly, and delete old records of the engine, until the block ends."""
    stop = watchdog.stop

    def run() -> None:
        looks = 0
        while not stop.wait(LOOK_EVERY_SECONDS):
            try:
                watchdog.look()
                if looks % FORGET_EVERY == 0:
                    while not stop.is_set() and engine.forget(retention, 2000):
                        pass
            except Exception as error:  # a watchdog that ended here would leave flows alone
                log.warning("watchdog_could_not_look", exc_info=True)
                note_background("watchdog_could_not_look", error)
            looks += 1

    thread = threading.Thread(target=run, name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
