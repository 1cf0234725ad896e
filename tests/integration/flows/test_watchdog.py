"""The watchdog finds each way in which a flow can be left standing, heals it, and says so."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess
from landbridge.flows.checkup import check
from landbridge.flows.diagnosis import MEANING, Finding
from landbridge.flows.engine import FlowClient
from landbridge.flows.execution import FlowExecution
from landbridge.flows.follow import follow
from landbridge.flows.healing import Healer
from landbridge.flows.holding import Turn
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.port import WORK
from landbridge.flows.status import FlowView
from landbridge.flows.wakeups import Wakeups
from landbridge.flows.watchdog import Watchdog
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account, make_account
from tests.support.toy import toy_types

LONG_AGO = "clock_timestamp() - interval '3 hours'"


class House:
    """A flow of the toy type, and the ways to spoil it."""

    def __init__(self, databases: Databases, account: Account) -> None:
        self.databases = databases
        self.account = account
        self.orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
        engine = FlowClient(databases.worker)
        self.engine = engine
        self.healer = Healer(toy_types(), engine)
        self.watchdog = Watchdog(databases.worker, engine, self.healer)

    def start(self, **inputs: object) -> UUID:
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator.create(session, self.account.engagement_id, "toy", inputs)

    def view(self, flow_id: UUID) -> FlowView:
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator.status(session, flow_id)

    def spoil(self, flow_id: UUID, *statements: str) -> None:
        access = JobAccess(self.account.client_account_id, flow_id)
        with self.databases.worker.open(access) as session:
            for statement in statements:
                session.execute(text(statement), {"flow": flow_id})

    def lose_jobs(self, flow_id: UUID) -> None:
        with self.databases.worker.engine.begin() as connection:
            connection.execute(
                text("delete from dbos.workflow_status where workflow_uuid like :flow"),
                {"flow": f"{flow_id}:%"},
            )

    def finish(self, flow_id: UUID) -> FlowView:
        databases = self.databases
        with Wakeups(databases.app_url) as wakeups, running_worker(databases.worker, toy_types()):
            *_, last = follow(
                self.orchestrator, databases.app, self.account.access, flow_id, wakeups
            )
        return last.flow

    def wait_at_gate(self) -> UUID:
        flow_id = self.start(ask=True)
        databases = self.databases
        with Wakeups(databases.app_url) as wakeups, running_worker(databases.worker, toy_types()):
            for news in follow(
                self.orchestrator, databases.app, self.account.access, flow_id, wakeups
            ):
                if news.flow.waits_for:
                    return flow_id
        raise AssertionError(news.flow.status)


@pytest.fixture
def house(fresh_databases: Databases) -> House:
    return House(fresh_databases, make_account(fresh_databases))


def lost_job(house: House) -> UUID:
    flow_id = house.start()
    house.lose_jobs(flow_id)
    return flow_id


def dead_worker(house: House) -> UUID:
    flow_id = house.start()
    house.lose_jobs(flow_id)
    house.spoil(
        flow_id,
        "update app.flows set status = 'running', started_at = now() where id = :flow",
        "update app.phase_runs set status = 'running', claim = 1, claimed_by = 'nobody-1', "
        f"started_at = {LONG_AGO} where flow_id = :flow and phase = 'one'",
    )
    return flow_id


def status_behind(house: House) -> UUID:
    flow_id = house.start()
    house.spoil(flow_id, "update app.flows set status = 'waiting' where id = :flow")
    return flow_id


def nobody_asked(house: House) -> UUID:
    flow_id = house.wait_at_gate()
    house.spoil(flow_id, "delete from app.approvals where flow_id = :flow")
    return flow_id


def event_gap(house: House) -> UUID:
    flow_id = house.start()
    house.spoil(
        flow_id, "update app.flows set last_event_seq = last_event_seq + 2 where id = :flow"
    )
    return flow_id


def overdue(house: House) -> UUID:
    flow_id = house.start()
    with house.databases.worker.anonymous() as connection:
        connection.execute(
            text(
                "insert into app_private.executor_leases (id, host, pid, lease_until) values "
                "('frozen-1', 'h', 1, clock_timestamp() + interval '1 hour')"
            )
        )
    house.spoil(
        flow_id,
        "update app.flows set status = 'running', started_at = now() where id = :flow",
        "update app.phase_runs set status = 'running', claim = 1, claimed_by = 'frozen-1', "
        f"started_at = {LONG_AGO} where flow_id = :flow and phase = 'one'",
    )
    return flow_id


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (lost_job, Finding.NO_JOB),
        (dead_worker, Finding.WORKER_LOST),
        (status_behind, Finding.STATUS_BEHIND),
        (nobody_asked, Finding.ORPHANED_WAIT),
        (event_gap, Finding.EVENT_GAP),
        (overdue, Finding.OVERDUE),
    ],
)
def test_it_finds_heals_and_says_so(
    house: House, spoil: Callable[[House], UUID], finding: Finding
) -> None:
    flow_id = spoil(house)
    seen = check(house.databases.worker, house.engine, house.healer, fix=False)
    assert [r.diagnosis.finding for r in seen.reports if r.flow_id == flow_id] == [finding]
    assert not seen.is_well

    healed = check(house.databases.worker, house.engine, house.healer, fix=True)
    assert finding in {r.diagnosis.finding for r in healed.reports}
    assert [h.times for h in healed.history if h.finding == finding] == [1]
    assert house.watchdog.look_at_all(fix=False) == []

    ended = house.finish(flow_id)
    assert ended.status == "completed", ended.error
    with house.databases.app.open(house.account.access) as session:
        events = house.orchestrator.events(session, flow_id)
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    said = [e.data["finding"] for e in events if e.kind == "watchdog.healed"]
    assert said == [finding.value]


def test_a_flow_whose_worker_lost_its_thread_is_given_to_another(house: House) -> None:
    flow_id = overdue(house)
    house.spoil(
        flow_id,
        "update app.phase_runs set started_at = clock_timestamp() - interval '5 minutes' "
        "where flow_id = :flow and phase = 'one'",
    )
    assert house.watchdog.look_at_all(fix=False) == []
    house.lose_jobs(flow_id)
    (report,) = house.watchdog.look_at_all(fix=True)
    assert (report.diagnosis.finding, report.action) == (
        Finding.ABANDONED,
        "given_to_another_worker",
    )
    assert house.finish(flow_id).status == "completed"


def test_a_phase_whose_worker_died_in_a_pause_goes_on_at_resume(house: House) -> None:
    flow_id = dead_worker(house)
    with house.databases.app.open(house.account.access) as session:
        house.orchestrator.pause(session, flow_id)
    execution = FlowExecution(toy_types(), house.databases.worker, house.engine, "other-1")
    access = JobAccess(house.account.client_account_id, flow_id)
    with house.databases.worker.open(access) as session:
        assert execution.take(session, flow_id, WORK, Turn()) is None
    assert house.view(flow_id).phases[0].status == "pending"
    with house.databases.app.open(house.account.access) as session:
        house.orchestrator.resume(session, flow_id)
    assert house.finish(flow_id).status == "completed"


def test_flows_with_a_reason_to_stand_still_are_left_alone(house: House) -> None:
    waiting = house.wait_at_gate()
    paused = house.start()
    with house.databases.app.open(house.account.access) as session:
        house.orchestrator.pause(session, paused)
    queued = house.start()
    assert house.watchdog.look_at_all(fix=True) == []
    assert house.view(waiting).status == "waiting"
    assert house.view(paused).status == "paused"
    assert house.view(queued).status == "initialized"


def test_it_looks_at_a_flow_only_when_it_is_due_and_less_and_less_often(house: House) -> None:
    flow_id = lost_job(house)
    assert house.watchdog.look() == []
    with house.databases.worker.anonymous() as connection:
        connection.execute(text("update app_private.open_flows set look_at = now()"))
    (report,) = house.watchdog.look()
    assert report.flow_id == flow_id
    with house.databases.worker.anonymous() as connection:
        looks, later = connection.execute(
            text("select looks, look_at > now() + interval '15 s' from app_private.open_flows")
        ).one()
    assert (looks, later) == (1, True)


def test_every_finding_has_a_meaning_in_words() -> None:
    assert set(MEANING) == set(Finding)
