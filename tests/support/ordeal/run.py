"""One ordeal from its beginning to its verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any

import psycopg

from landbridge.database import urls
from landbridge.database.engine import Databases
from tests.support import accounts
from tests.support.cluster import Cluster
from tests.support.fleet import fleet
from tests.support.ordeal.cases import draw
from tests.support.ordeal.havoc import Havoc
from tests.support.ordeal.person import Person
from tests.support.ordeal.verdict import Rows, judge, read
from tests.support.shapes import shape_types

LOOK_SECONDS = 0.5
SETTLE_SECONDS = 30.0
ENDED = "('completed', 'failed', 'cancelled')"


@dataclass(frozen=True)
class Plan:
    """How hard an ordeal is.

    Attributes:
        kill_every: seconds between disturbances, on average.
        longest: seconds of the slowest phases.
        spread: seconds over which the flows are started.
        patience: seconds after which flows that have not ended count as stuck.
    """

    seed: int
    flows: int = 200
    clients: int = 5
    workers: int = 3
    kill_every: float = 4.0
    longest: float = 1.5
    spread: float = 45.0
    patience: float = 600.0


def ordeal(cluster: Cluster, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run it; returns the counts, times and violations of the verdict."""
    random = Random(plan.seed)
    databases = cluster.databases
    made = [accounts.make_account(databases) for _ in range(plan.clients)]
    cases = draw(random, made, plan.flows, plan.longest)
    person = Person(databases, shape_types(), cases, random)
    with fleet(databases, cluster.directory, LANDBRIDGE_DRAIN_SECONDS="3") as workers:
        workers.start(plan.workers)
        began = time.monotonic()
        share = _Share(databases, plan.flows)
        havoc = Havoc(cluster, workers, random, kill_every=plan.kill_every)
        with person, havoc:
            person.start_flows(plan.spread, lambda: havoc.left)
            created = time.monotonic() - began
            while time.monotonic() - began < plan.patience and share.look() < 1:
                if havoc.failure or person.failure:
                    break
                time.sleep(LOOK_SECONDS)
                tell(f"{share.value:4.0%} of the flows have ended, {len(havoc.kills)} kills")
        seconds = time.monotonic() - began
        rows = _quiet(databases)
    verdict = judge(cases, rows)
    for failure in (havoc.failure, person.failure):
        if failure is not None:
            verdict.violations.append(f"the ordeal itself failed: {failure!r}")
    for left in havoc.left:
        verdict.violations.append(f"the flows ended before this happened: {left}")
    if any(havoc.exit_codes):
        verdict.violations.append(f"graceful stops ended with {havoc.exit_codes}")
    return {
        "seed": plan.seed,
        "workers": plan.workers,
        "client_accounts": plan.clients,
        "kills": len(havoc.kills),
        "disturbances": havoc.log,
        "decisions_by_the_person": person.decisions,
        "outages_seen_by_the_person": person.outages,
        **verdict.counts,
        "seconds": {
            "to create all": round(created, 2),
            "until all ended": round(seconds, 1),
            "kill to takeover of a phase, median": _recovery(rows, havoc.kills, median),
            "kill to takeover of a phase, longest": _recovery(rows, havoc.kills, max),
        },
        "violations": verdict.violations,
    }


class _Share:
    """The share of the flows that have ended."""

    def __init__(self, databases: Databases, flows: int) -> None:
        assert databases.admin_url is not None
        self._url = urls.text(databases.admin_url.set(drivername="postgresql"))
        self._flows = flows
        self.value = 0.0

    def look(self) -> float:
        """Count; while the server is away the last count stands."""
        query = f"select count(*) from app.flows where status in {ENDED}"
        try:
            with psycopg.connect(self._url) as connection:
                self.value = connection.execute(query).fetchone()[0] / self._flows
        except psycopg.OperationalError:
            return self.value
        return self.value


def _quiet(databases: Databases) -> Rows:
    """The rows once the last jobs, which find nothing to do, are gone as well."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while (rows := read(databases)).jobs and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return rows


def _recovery(
    rows: Rows, kills: list[tuple[float, str]], average: Callable[[list[float]], float]
) -> float | None:
    killed = {executor: moment for moment, executor in kills}
    delays = [
        event["at"].timestamp() - killed[event["data"]["executor"]]
        for events in rows.events.values()
        for event in events
        if event["kind"] == "phase.worker_lost" and event["data"]["executor"] in killed
    ]
    return round(average(delays), 1) if delays else None
