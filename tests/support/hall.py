"""Flows of the shapes, started by people and executed by worker processes of a fleet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import Priority
from landbridge.flows.status import FlowView
from landbridge.flows.types import FlowTypes
from tests.support.accounts import Account, make_account
from tests.support.fleet import Fleet, fleet
from tests.support.ordeal.cases import Case
from tests.support.ordeal.verdict import judge, read
from tests.support.shapes import HASTE, shape_types

PATIENCE_SECONDS = 90.0
LOOK_SECONDS = 0.05
ENDED = {"completed", "failed", "cancelled"}
RUNS = "select * from app.phase_runs where flow_id = any(%s) order by started_at"


class Hall:
    """One database, one client account, and what is asked of its flows."""

    def __init__(self, databases: Databases, directory: Path) -> None:
        self.databases = databases
        self.account = make_account(databases)
        self.cases: list[Case] = []
        self._directory = directory

    @contextmanager
    def fleet(self, module: str = "tests.support.shapes", **settings: str) -> Iterator[Fleet]:
        """Worker processes with short leases."""
        with fleet(self.databases, self._directory, module, **{HASTE: "1", **settings}) as workers:
            yield workers

    def orchestrator(self, types: FlowTypes | None = None) -> MasterFlowOrchestrator:
        """What a server with these flow types uses."""
        return MasterFlowOrchestrator(FlowClient(self.databases.app), types or shape_types())

    def start(
        self,
        flow_type: str,
        *,
        account: Account | None = None,
        priority: Priority = Priority.NORMAL,
        start_at: datetime | None = None,
        types: FlowTypes | None = None,
        **inputs: Any,
    ) -> UUID:
        """Start a flow."""
        who = account or self.account
        with self.databases.app.open(who.access) as session:
            return self.orchestrator(types).create(
                session,
                who.engagement_id,
                flow_type,
                inputs,
                priority=priority,
                start_at=start_at,
            )

    def expect(self, flow_type: str, *done: str, inputs: Mapping[str, Any], **how: Any) -> UUID:
        """Start a flow that has to complete these phases; `how` differs otherwise."""
        case = Case(flow_type, flow_type, dict(inputs), self.account, done=frozenset(done), **how)
        case.flow_id = self.start(flow_type, **inputs)
        self.cases.append(case)
        return case.flow_id

    def approve(self, flow_id: UUID, types: FlowTypes | None = None) -> None:
        """Say yes to what the flow asks."""
        asked = self.view(flow_id).waits_for
        assert asked is not None
        with self.databases.app.open(self.account.access) as session:
            self.orchestrator(types).decide(session, asked.id, approve=True)

    def decide_by(self, flow_id: UUID, deadline: datetime) -> None:
        """Ask the account's admin to decide before another deadline."""
        asked = self.view(flow_id).waits_for
        assert asked is not None
        with self.databases.app.open(self.account.access) as session:
            self.orchestrator().delegate(
                session, asked.id, self.account.user_id, deadline_at=deadline
            )

    def view(self, flow_id: UUID) -> FlowView:
        """The flow as its page shows it."""
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator().status(session, flow_id)

    def events(self, flow_id: UUID, kind: str) -> list[dict[str, Any]]:
        """What its event log tells of one kind."""
        query = "select * from app.flow_events where flow_id = %s and kind = %s order by seq"
        return self.rows(query, flow_id, kind)

    def runs(self, *flows: UUID) -> list[dict[str, Any]]:
        """The attempts at the phases of these flows, in the order in which they began."""
        return self.rows(RUNS, list(flows))

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """What the server's superuser sees."""
        assert self.databases.admin_url is not None
        url = urls.text(self.databases.admin_url.set(drivername="postgresql"))
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(query, parameters).fetchall()

    def run(self, query: str, *parameters: Any) -> None:
        """Change what only the server's superuser can, without anybody's triggers."""
        assert self.databases.admin_url is not None
        url = urls.text(self.databases.admin_url.set(drivername="postgresql"))
        with psycopg.connect(url) as connection:
            connection.execute("set session_replication_role = replica")  # no triggers
            connection.execute(query, parameters)

    def until(self, done: Callable[[], Any], what: str = "") -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            assert time.monotonic() < deadline, what or self.rows("select * from app.flows")
            time.sleep(LOOK_SECONDS)

    def until_phase(self, flow_id: UUID, phase: str, status: str = "running") -> None:
        """Wait until a phase is there."""
        query = "select from app.phase_runs where flow_id = %s and phase = %s and status = %s"
        self.until(lambda: self.rows(query, flow_id, phase, status), f"{phase} is not {status}")

    def until_ended(self, *flows: UUID) -> None:
        """Wait until flows have ended; those that are expected to, when none is named."""
        ids = list(flows) or [case.flow_id for case in self.cases]
        query = "select status from app.flows where id = any(%s)"
        self.until(lambda: {row["status"] for row in self.rows(query, ids)} <= ENDED)

    def violations(self) -> list[str]:
        """What is not as it has to be, once the engine has no jobs left."""
        self.until(lambda: not read(self.databases).jobs, "the engine still has jobs")
        return judge(self.cases, read(self.databases)).violations
