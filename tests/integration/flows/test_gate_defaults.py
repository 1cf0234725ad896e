"""The default of a gate, when its code fails, or when a worker has none."""

from __future__ import annotations

from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.definitions import GateDefinition
from landbridge.flows.engine import FlowClient
from landbridge.flows.execution import FlowExecution
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.port import Job
from landbridge.flows.runner import Runner
from landbridge.flows.status import FlowView
from landbridge.flows.types import FlowType, FlowTypes
from tests.support.accounts import Account
from tests.support.shapes import Outage, ShapeGate, kind, phase


class FailingGate(ShapeGate):
    """Cannot carry out a yes."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        raise self._failure


class Bench:
    """A flow that has waited at its gate for too long, and a worker by hand."""

    def __init__(self, databases: Databases, account: Account) -> None:
        self._databases, self._account = databases, account
        gate = GateDefinition(key="check", title="?", timeout_seconds=1e-6, default="approve")
        self.kind = kind("asked", phase("first", gate=gate), phase("second"))
        types = FlowTypes(asked=lambda: self.kind)
        self._orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types)
        with databases.app.open(account.access) as session:
            self._flow = self._orchestrator.create(session, account.engagement_id, "asked", {})
        self.work(types)

    def with_gate(self, gate: Any) -> FlowTypes:
        """The same type with other code of its gate."""
        mine = self.kind
        return FlowTypes(
            asked=lambda: FlowType(mine.definition, mine.inputs, mine.phases, {"check": gate})
        )

    def work(self, types: FlowTypes) -> FlowView:
        """What a worker with these types makes of the flow."""
        door = self._databases.worker
        execution = FlowExecution(types, door, FlowClient(door), "by-hand")
        Runner(execution).perform(Job(self._account.client_account_id, self._flow))
        with self._databases.app.open(self._account.access) as session:
            return self._orchestrator.status(session, self._flow)


def went_on(flow: FlowView) -> bool:
    """Whether the default was applied."""
    return flow.status == "running" and [a.status for a in flow.approvals] == ["approved"]


@pytest.fixture
def bench(databases: Databases, account: Account) -> Bench:
    return Bench(databases, account)


def test_a_default_that_cannot_be_carried_out_fails_the_flow(bench: Bench) -> None:
    flow = bench.work(bench.with_gate(FailingGate(ZeroDivisionError("a client's value"))))
    assert (flow.status, flow.error["code"]) == ("failed", "INTERNAL_ERROR")
    assert "client's value" not in str(flow.error)
    assert [a.status for a in flow.approvals] == ["withdrawn"]


def test_a_default_that_may_yet_be_carried_out_is_tried_again(bench: Bench) -> None:
    with pytest.raises(LandbridgeError, match="was away"):
        bench.work(bench.with_gate(FailingGate(Outage(phase="first"))))
    assert went_on(bench.work(bench.with_gate(ShapeGate())))


def test_a_worker_without_the_code_leaves_the_gate_alone(bench: Bench) -> None:
    assert bench.work(FlowTypes()).status == "waiting"
    assert went_on(bench.work(bench.with_gate(ShapeGate())))
