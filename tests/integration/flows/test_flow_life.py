"""A flow's life on the real engine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.errors.common import NotFound
from landbridge.flows.engine import FlowClient
from landbridge.flows.errors import InvalidFlowInputs, UnknownFlowType
from landbridge.flows.follow import follow
from landbridge.flows.gate_errors import AlreadyDecided
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.status import FlowView
from landbridge.flows.wakeups import Wakeups
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account
from tests.support.toy import toy_types

Start = Callable[..., UUID]
Watch = Callable[[UUID], FlowView]


@pytest.fixture(scope="module")
def wakeups(databases: Databases) -> Iterator[Wakeups]:
    with (
        Wakeups(databases.app_url) as listening,
        running_worker(databases.worker, toy_types()),
    ):
        yield listening


@pytest.fixture
def orchestrator(databases: Databases) -> MasterFlowOrchestrator:
    return MasterFlowOrchestrator(FlowClient(databases.app), toy_types())


@pytest.fixture
def start(databases: Databases, orchestrator: MasterFlowOrchestrator, account: Account) -> Start:
    def create(**inputs: object) -> UUID:
        with databases.app.open(account.access) as session:
            return orchestrator.create(session, account.engagement_id, "toy", inputs)

    return create


@pytest.fixture
def watch(
    databases: Databases,
    orchestrator: MasterFlowOrchestrator,
    account: Account,
    wakeups: Wakeups,
) -> Watch:
    def until_rest(flow_id: UUID) -> FlowView:
        for news in follow(orchestrator, databases.app, account.access, flow_id, wakeups):
            if news.flow.waits_for:
                break
        return news.flow

    return until_rest


def effects(databases: Databases, account: Account, flow_id: UUID) -> list[str]:
    with databases.app.open(account.access) as session:
        names = session.execute(
            text("select name from app.applications where name like :flow"),
            {"flow": f"{flow_id}%"},
        ).scalars()
        return sorted(name.split()[1] for name in names)


def test_a_flow_runs_all_phases_in_order_and_hands_outputs_on(
    databases: Databases, account: Account, start: Start, watch: Watch
) -> None:
    flow = watch(start())
    assert (flow.status, flow.progress, flow.error) == ("completed", 100, None)
    assert [p.status for p in flow.phases] == ["completed"] * 3
    assert flow.phases[2].output == {"seen": ["one", "two"]}
    assert effects(databases, account, flow.id) == ["one", "three", "two"]


def test_events_are_in_order_and_without_gaps(
    databases: Databases,
    account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start())
    with databases.app.open(account.access) as session:
        events = orchestrator.events(session, flow.id)
        later = orchestrator.events(session, flow.id, after_seq=4)
    assert [e.seq for e in events] == list(range(1, flow.last_event_seq + 1))
    assert [e.kind for e in events] == [
        "flow.created",
        "flow.running",
        *["phase.started", "phase.completed"] * 3,
        "flow.completed",
    ]
    assert [e.seq for e in later] == list(range(5, flow.last_event_seq + 1))


def test_a_gate_waits_for_a_person_and_goes_on_after_approval(
    databases: Databases,
    account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start(ask=True))
    assert flow.status == "waiting"
    assert flow.waits_for is not None
    assert flow.waits_for.summary == {"things": 1}
    with databases.app.open(account.access) as session:
        orchestrator.decide(session, flow.waits_for.id, approve=True, reason="looks right")
    ended = watch(flow.id)
    assert ended.status == "completed"
    assert ended.approvals[0].status == "approved"
    assert ended.approvals[0].decided_by == account.user_id
    with databases.app.open(account.access) as session:
        carried_out = session.execute(
            text("select count(*) from app.engagements where name like 'approved %'")
        ).scalar_one()
    assert carried_out == 1


def test_rejection_cancels_the_flow_and_says_why(
    databases: Databases,
    account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start(ask=True))
    assert flow.waits_for is not None
    with databases.app.open(account.access) as session:
        orchestrator.decide(session, flow.waits_for.id, approve=False, reason="wrong file")
    ended = watch(flow.id)
    assert ended.status == "cancelled"
    assert ended.error is not None
    assert ended.error["code"] == "FLOW_REJECTED"
    assert "wrong file" in ended.error["detail"]
    assert effects(databases, account, flow.id) == ["one", "two"]


def test_a_decision_is_taken_once(
    databases: Databases,
    account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start(ask=True))
    assert flow.waits_for is not None
    approval = flow.waits_for.id
    for _ in range(2):
        with databases.app.open(account.access) as session:
            orchestrator.decide(session, approval, approve=True)
    with pytest.raises(AlreadyDecided), databases.app.open(account.access) as session:
        orchestrator.decide(session, approval, approve=False)
    assert watch(flow.id).status == "completed"


def test_a_failing_phase_is_on_the_flow_with_its_code_and_leaves_nothing(
    databases: Databases, account: Account, start: Start, watch: Watch
) -> None:
    flow = watch(start(fail_in="two"))
    assert flow.status == "failed"
    assert flow.error is not None
    assert flow.error["code"] == "TOY_FAILURE"
    assert flow.error["trace_id"] == flow.trace_id
    assert flow.error["phase"] == "two"
    assert flow.phases[1].error == flow.error
    assert effects(databases, account, flow.id) == ["one"]


def test_a_defect_is_a_bug_with_a_trace_id_and_without_its_text(
    databases: Databases, start: Start, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    flow = watch(start(break_in="one"))
    assert flow.status == "failed"
    assert flow.error is not None
    assert flow.error["code"] == "INTERNAL_ERROR"
    assert "secret" not in str(flow.error)
    with databases.worker.engine.connect() as connection:
        engine_rows = connection.execute(
            text(
                "select coalesce(output, '') || coalesce(error, '') from dbos.workflow_output "
                "union all select coalesce(output, '') || coalesce(error, '') "
                "from dbos.operation_outputs"
            )
        ).scalars()
        assert not [row for row in engine_rows if "secret" in row]


def test_a_flow_that_has_ended_cannot_be_decided(
    databases: Databases,
    account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start(ask=True))
    assert flow.waits_for is not None
    with databases.app.open(account.access) as session:
        orchestrator.cancel(session, flow.id, "not needed")
    with (
        pytest.raises(AlreadyDecided, match="withdrawn"),
        databases.app.open(account.access) as session,
    ):
        orchestrator.decide(session, flow.waits_for.id, approve=True)


def test_bad_requests_create_nothing(
    databases: Databases, account: Account, orchestrator: MasterFlowOrchestrator, start: Start
) -> None:
    with pytest.raises(InvalidFlowInputs, match="seconds"):
        start(seconds="soon")
    with pytest.raises(UnknownFlowType), databases.app.open(account.access) as session:
        orchestrator.create(session, account.engagement_id, "nonsense", {})
    with databases.app.open(account.access) as session:
        assert orchestrator.flows(session) == []


def test_another_account_sees_no_flow(
    databases: Databases,
    other_account: Account,
    orchestrator: MasterFlowOrchestrator,
    start: Start,
    watch: Watch,
) -> None:
    flow = watch(start(ask=True))
    assert flow.waits_for is not None
    with databases.app.open(other_account.access) as session:
        assert orchestrator.flows(session) == []
        assert orchestrator.events(session, flow.id) == []
        with pytest.raises(NotFound):
            orchestrator.status(session, flow.id)
        with pytest.raises(NotFound):
            orchestrator.decide(session, flow.waits_for.id, approve=True)


def test_the_engine_holds_references_only(
    databases: Databases, start: Start, watch: Watch, account: Account
) -> None:
    watch(start(ask=True))
    with databases.worker.engine.connect() as connection:
        names = connection.execute(
            text("select inputs from dbos.workflow_input where inputs like :name"),
            {"name": f"%{account.name}%"},
        ).all()
    assert names == []


def test_what_the_engine_logs_passes_our_formatter(
    start: Start, watch: Watch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert watch(start()).status == "completed"
    caplog.clear()
    logging.getLogger("dbos").warning("connected to %s", "postgresql://u:CANARY@h/d")
    assert [record.name for record in caplog.records] == ["dbos"], "the root's handler has it"
    assert "CANARY" not in capsys.readouterr().err, "the engine wrote it by itself"
