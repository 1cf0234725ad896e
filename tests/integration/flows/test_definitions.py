"""A flow carries the definition it started with, whatever is deployed while it waits."""

from __future__ import annotations

from landbridge.database.engine import Databases
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.engine import FlowClient
from landbridge.flows.follow import follow
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.types import FlowType, FlowTypes
from landbridge.flows.wakeups import Wakeups
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account
from tests.support.toy import ToyPhase, toy_types


def next_version() -> FlowTypes:
    """The toy as a later release has it: the gate is gone, and a phase stands before the last."""
    toy = toy_types().get("toy")
    one, two, three = toy.definition.phases
    changed = FlowDefinition(
        flow_type="toy",
        title="Toy",
        version=2,
        phases=(
            one,
            two.model_copy(update={"gate": None}),
            three.model_copy(update={"key": "added", "title": "Added"}),
            three.model_copy(update={"after": None}),
        ),
    )
    phases = {**toy.phases, "added": ToyPhase("added")}
    return FlowTypes(toy=lambda: FlowType(changed, toy.inputs, phases, toy.gates))


def test_a_flow_that_waits_across_a_release_keeps_its_phases(
    databases: Databases, account: Account
) -> None:
    before = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
    with databases.app.open(account.access) as session:
        flow_id = before.create(session, account.engagement_id, "toy", {"ask": True})
    with Wakeups(databases.app_url) as wakeups:
        with running_worker(databases.worker, toy_types()):
            for news in follow(before, databases.app, account.access, flow_id, wakeups):
                if news.flow.waits_for:
                    break
        assert news.flow.waits_for

        after = MasterFlowOrchestrator(FlowClient(databases.app), next_version())
        with databases.app.open(account.access) as session:
            after.decide(session, news.flow.waits_for.id, approve=True, reason="fine")
            fresh = after.create(session, account.engagement_id, "toy", {})
        with running_worker(databases.worker, next_version()):
            *_, old = follow(after, databases.app, account.access, flow_id, wakeups)
            *_, new = follow(after, databases.app, account.access, fresh, wakeups)
    assert old.flow.status == new.flow.status == "completed"
    assert [phase.name for phase in old.flow.phases] == ["one", "two", "three"]
    assert [phase.name for phase in new.flow.phases] == ["one", "two", "added", "three"]
