"""The parts of `benchmarks.flows`, and what they share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from tests.support.accounts import Account
from tests.support.shapes import shape_types

CLIENT_THREADS = 8
PATIENCE_SECONDS = 900.0


class Office:
    """Clients that start flows and approve them, and the superuser's look at the rows."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), shape_types())

    def create(
        self, accounts: Sequence[Account], flow_type: str, count: int, **inputs: Any
    ) -> list[UUID]:
        """Start `count` flows, the accounts in turn, from several threads."""

        def one(number: int) -> UUID:
            account = accounts[number % len(accounts)]
            with self.databases.app.open(account.access) as session:
                return self.orchestrator.create(session, account.engagement_id, flow_type, inputs)

        with ThreadPoolExecutor(CLIENT_THREADS) as pool:
            return list(pool.map(one, range(count)))

    def approve_all(self, accounts: Sequence[Account]) -> int:
        """Approve every open question of these accounts; returns how many."""
        todo = []
        for account in accounts:
            with self.databases.app.open(account.access) as session:
                waiting = self.orchestrator.waiting(session, account.engagement_id)
                todo += [(account, approval.id) for approval in waiting]

        def one(task: tuple[Account, UUID]) -> None:
            account, approval = task
            with self.databases.app.open(account.access) as session:
                self.orchestrator.decide(session, approval, approve=True)

        with ThreadPoolExecutor(CLIENT_THREADS) as pool:
            list(pool.map(one, todo))
        return len(todo)

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """What the server's superuser sees."""
        assert self.databases.admin_url is not None
        url = urls.text(self.databases.admin_url.set(drivername="postgresql"))
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(query, parameters).fetchall()

    def count(self, flows: Sequence[UUID], *statuses: str) -> int:
        """How many of these flows are in one of these states."""
        query = "select count(*) as n from app.flows where id = any(%s) and status = any(%s)"
        return int(self.rows(query, list(flows), list(statuses))[0]["n"])

    def wait(self, flows: Sequence[UUID], *statuses: str) -> float:
        """Wait until all are in one of these states; returns the seconds."""
        return until(lambda: self.count(flows, *statuses) == len(flows))


def until(done: Callable[[], bool]) -> float:
    """Seconds until it is done."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError(f"not done after {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.25)
    return time.monotonic() - began


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def noise() -> str:
    """What else the machine does."""
    load = os.getloadavg()
    return f"{os.cpu_count()} CPUs, load average {load[0]:.1f} {load[1]:.1f} {load[2]:.1f}"
