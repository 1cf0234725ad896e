"""Flows without a worker: tests move them themselves, as a worker would."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess
from landbridge.flows import events
from landbridge.flows.engine import FlowClient
from landbridge.flows.models import Approval, PhaseRun
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import FlowStatus
from landbridge.flows.transitions import move
from landbridge.kit.ids import new_id
from tests.support.accounts import Account
from tests.support.toy import toy_types


class HandledFlow:
    """A toy flow that a test moves along."""

    def __init__(self, databases: Databases, account: Account) -> None:
        self._databases = databases
        orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
        with databases.app.open(account.access) as session:
            self.id: UUID = orchestrator.create(session, account.engagement_id, "toy", {})
        self.access = JobAccess(account.client_account_id, self.id)

    def move(self, status: FlowStatus, **changes: Any) -> None:
        """Take a step of the transition table."""
        with self._databases.worker.open(self.access) as session:
            move(session, self.id, status, **changes)

    def happen(self, kind: str, phase: str | None = None, **data: Any) -> None:
        """Something happens that the event log tells."""
        with self._databases.worker.open(self.access) as session:
            events.append(session, self.id, kind, phase=phase, data=data)

    def progress(self, phase: str, done: int, total: int) -> None:
        """A phase has done some of its work; no event is stored for that."""
        with self._databases.worker.open(self.access) as session:
            session.execute(
                update(PhaseRun)
                .where(PhaseRun.flow_id == self.id, PhaseRun.phase == phase)
                .values(done=done, total=total, status="running")
            )
            events.announce(session, self.id)

    def ask(self) -> UUID:
        """Stop at the gate; returns the id of the decision it waits for."""
        approval = new_id()
        wanted = {"id": approval, "flow_id": self.id, "phase": "two", "gate": "check"}
        with self._databases.worker.open(self.access) as session:
            session.execute(insert(Approval).values(**wanted))
            move(session, self.id, FlowStatus.RUNNING)
            move(session, self.id, FlowStatus.WAITING)
        return approval
