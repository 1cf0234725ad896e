"""A look at all open flows at once, for operators: what is wrong, and what was healed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.flows.healing import Healer
from landbridge.flows.leases import live_executors, lost_leases, take_over
from landbridge.flows.port import EngineKeeper
from landbridge.flows.watchdog import Report, Watchdog

_STATUSES = text(
    "select status, count(*) as many from app_private.open_flows group by status order by 1"
)
_COUNTS = text("""
select finding, action, sum(times) as times, max(last_at) as last_at
  from app_private.watchdog_counts where day > current_date - 7
 group by finding, action order by times desc, finding""")


@dataclass(frozen=True, slots=True)
class Healed:
    """What the watchdogs did in the last seven days."""

    finding: str
    action: str
    times: int
    last_at: datetime


@dataclass(slots=True)
class Checkup:
    """How the flows are.

    Attributes:
        open_flows: how many flows have not ended, by status.
        workers: executors that are alive.
        lost_leases: executors that died, and whose work nobody has taken over.
        taken_over: jobs given to others, by dead executor; filled when healing.
        reports: what was found on single flows, and what was done.
        history: what the watchdogs did in the last seven days.
    """

    open_flows: dict[str, int]
    workers: list[str]
    lost_leases: list[str]
    taken_over: dict[str, int] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    history: list[Healed] = field(default_factory=list)

    @property
    def needs_worker(self) -> bool:
        """Whether flows could go on, but no worker is there to take them."""
        moving = {"initialized", "running"}
        return not self.workers and any(self.open_flows.get(status) for status in moving)

    @property
    def is_well(self) -> bool:
        """Whether nothing is left to do."""
        unhealed = any(report.action is None for report in self.reports)
        left = set(self.lost_leases) - set(self.taken_over)
        return not unhealed and not left and not self.needs_worker


def check(door: SessionDoor, engine: EngineKeeper, healer: Healer, *, fix: bool) -> Checkup:
    """Look at leases and at every open flow; heal what is safe when `fix` is set.

    Args:
        door: a worker's.
    """
    lost = lost_leases(door)
    taken = take_over(door, engine) if fix else {}
    reports = Watchdog(door, engine, healer).look_at_all(fix=fix)
    with door.anonymous() as connection:
        statuses = {row.status: int(row.many) for row in connection.execute(_STATUSES)}
        history = [
            Healed(row.finding, row.action, int(row.times), row.last_at)
            for row in connection.execute(_COUNTS)
        ]
    return Checkup(
        open_flows=statuses,
        workers=sorted(live_executors(door)),
        lost_leases=lost,
        taken_over=taken,
        reports=reports,
        history=history,
    )
