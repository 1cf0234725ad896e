"""Whatever people do to flows in whatever order: nothing but the table, nothing twice.

A Hypothesis state machine acts on flows that a worker runs meanwhile on the real engine. Each
action takes the flow's lock first, so what the table says about it is known exactly.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.flows.actions import ACTIONS, Action
from landbridge.flows.engine import FlowClient
from landbridge.flows.errors import ActionRefused, ForkNotPossible
from landbridge.flows.gate_errors import AlreadyDecided
from landbridge.flows.locked import LockedFlow
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import FLOW_TRANSITIONS, TERMINAL, FlowStatus, Priority
from landbridge.flows.status import FlowView
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account, make_account
from tests.support.toy import toy_types

PATIENCE = 60.0
ALREADY: dict[Action, frozenset[FlowStatus]] = {
    Action.PAUSE: frozenset({FlowStatus.PAUSED}),
    Action.RESUME: frozenset({FlowStatus.INITIALIZED, FlowStatus.RUNNING, FlowStatus.WAITING}),
    Action.CANCEL: frozenset({FlowStatus.CANCELLED}),
    Action.RETRY: frozenset({FlowStatus.RUNNING}),
}
"""Where an action finds its effect there already, and succeeds without one."""


class FlowLife(RuleBasedStateMachine):
    """People at work."""

    databases: Databases
    account: Account
    flows = Bundle("flows")

    def __init__(self) -> None:
        super().__init__()
        self.orchestrator = MasterFlowOrchestrator(FlowClient(self.databases.app), toy_types())
        self.known: list[UUID] = []

    @rule(
        target=flows,
        ask=st.booleans(),
        fail_in=st.sampled_from([None, None, "two"]),
        seconds=st.sampled_from([0.0, 0.05]),
    )
    def start(self, ask: bool, fail_in: str | None, seconds: float) -> UUID:
        with self.databases.app.open(self.account.access) as session:
            inputs = {"ask": ask, "fail_in": fail_in, "seconds": seconds}
            flow_id = self.orchestrator.create(session, self.account.engagement_id, "toy", inputs)
        self.known.append(flow_id)
        return flow_id

    @rule(flow_id=flows, action=st.sampled_from([Action.PAUSE, Action.RESUME, Action.RETRY]))
    def act(self, flow_id: UUID, action: Action) -> None:
        self._act(flow_id, action)

    @rule(flow_id=flows, action=st.sampled_from([Action.CANCEL, Action.PRIORITIZE]))
    def act_otherwise(self, flow_id: UUID, action: Action) -> None:
        self._act(flow_id, action)

    @rule(flow_id=flows, approve=st.booleans())
    def decide(self, flow_id: UUID, approve: bool) -> None:
        with self.databases.app.open(self.account.access) as session:
            flow = LockedFlow(session, flow_id)
            if not flow.approvals:
                return
            approval, before = flow.approvals[-1], flow.status
            try:
                self.orchestrator.decide(session, approval.id, approve=approve)
            except AlreadyDecided:
                assert approval.status != "pending"
            except ActionRefused:
                assert before in TERMINAL

    @rule(target=flows, flow_id=flows, phase=st.sampled_from(["one", "two", "three"]))
    def fork(self, flow_id: UUID, phase: str) -> UUID:
        with self.databases.app.open(self.account.access) as session:
            flow = LockedFlow(session, flow_id)
            able = phase in self.orchestrator.status(session, flow_id).forkable
            try:
                child = self.orchestrator.fork(session, flow.id, phase, inputs={"fail_in": None})
            except ActionRefused:
                assert Action.FORK not in ACTIONS[flow.status]
                return flow_id
            except ForkNotPossible:
                assert not able
                return flow_id
        assert able
        self.known.append(child)
        return child

    @rule(seconds=st.sampled_from([0.05, 0.3]))
    def wait(self, seconds: float) -> None:
        threading.Event().wait(seconds)

    @invariant()
    def events_tell_only_allowed_steps(self) -> None:
        for flow_id in self.known[-3:]:
            self._check_events(flow_id)

    def teardown(self) -> None:
        for flow_id in self.known:
            view = self._bring_to_an_end(flow_id)
            self._check_events(flow_id)
            self._check_effects(view)

    def _act(self, flow_id: UUID, action: Action) -> None:
        do = {
            Action.PAUSE: lambda s: self.orchestrator.pause(s, flow_id),
            Action.RESUME: lambda s: self.orchestrator.resume(s, flow_id),
            Action.RETRY: lambda s: self.orchestrator.retry(s, flow_id),
            Action.CANCEL: lambda s: self.orchestrator.cancel(s, flow_id),
            Action.PRIORITIZE: lambda s: self.orchestrator.prioritize(s, flow_id, Priority.HIGH),
        }[action]
        with self.databases.app.open(self.account.access) as session:
            flow = LockedFlow(session, flow_id)
            before, same = flow.status, flow.priority is Priority.HIGH
            already = before in ALREADY.get(action, ()) or (action is Action.PRIORITIZE and same)
            try:
                do(session)
            except ActionRefused:
                assert action not in ACTIONS[before]
            else:
                assert already or action in ACTIONS[before]

    def _view(self, flow_id: UUID) -> FlowView:
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator.status(session, flow_id)

    def _bring_to_an_end(self, flow_id: UUID) -> FlowView:
        deadline = time.monotonic() + PATIENCE
        while (view := self._view(flow_id)).status not in TERMINAL:
            assert time.monotonic() < deadline, f"{flow_id} is stuck at {view.status}"
            if view.status == FlowStatus.PAUSED:
                self._act(flow_id, Action.RESUME)
            elif view.waits_for:
                with self.databases.app.open(self.account.access) as session:
                    self.orchestrator.decide(session, view.waits_for.id, approve=True)
            threading.Event().wait(0.05)
        return view

    def _check_events(self, flow_id: UUID) -> None:
        with self.databases.app.open(self.account.access) as session:
            events = self.orchestrator.events(session, flow_id)
        assert [e.seq for e in events] == list(range(1, len(events) + 1))
        status = FlowStatus.INITIALIZED
        for event in events:
            name = event.kind.removeprefix("flow.")
            if event.kind.startswith("flow.") and name in set(FlowStatus):
                assert FlowStatus(name) in FLOW_TRANSITIONS[status], (status, name)
                status = FlowStatus(name)

    def _check_effects(self, view: FlowView) -> None:
        """Each completed phase of the flow left exactly one row; no other phase left any."""
        with self.databases.app.open(self.account.access) as session:
            names = session.execute(
                text("select name from app.applications where name like :flow"),
                {"flow": f"{view.id}%"},
            ).scalars()
            written = Counter(name.split()[1] for name in names)
            events = self.orchestrator.events(session, view.id)
        completed = Counter(e.phase for e in events if e.kind == "phase.completed")
        assert written == completed
        assert set(completed.values()) <= {1}


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[FlowLife]]:
    FlowLife.databases = databases
    FlowLife.account = make_account(databases)
    with running_worker(databases.worker, toy_types()):
        yield FlowLife


def test_flows_keep_to_the_table_whatever_is_done_to_them(machine: type[FlowLife]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
