"""Flows that the release before had under way, when the engine itself interpreted them."""

from __future__ import annotations

from uuid import UUID

import pytest
from dbos import DBOSClient

from landbridge.flows.engine import APPLICATION, OLDER, SCHEMA, ReferenceSerializer
from tests.support.hall import Hall
from tests.support.ordeal.cases import LINE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

GONE = "gone-1-000000000000"


def as_before(hall: Hall, *, first: str, asked: bool, pending: bool) -> UUID:
    """A flow as the release before left it: its rows, and the engine's workflows."""
    flow = hall.expect("line", *LINE, inputs={})
    name, client = str(flow), str(hall.account.client_account_id)
    hall.run("delete from dbos.workflow_status where workflow_uuid like %s", f"{name}%")
    old = DBOSClient(
        system_database_engine=hall.databases.app.engine,
        dbos_system_schema=SCHEMA,
        serializer=ReferenceSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )
    interpreter, runner = OLDER
    common = {"app_version": "1"}
    with hall.databases.app.open(hall.account.access) as session:
        options = {"workflow_name": interpreter, "queue_name": "flows", "workflow_id": name}
        old.enqueue_in_transaction(session, {**options, **common}, client, name)
        if first == "running":
            options = {"workflow_name": runner, "queue_name": "work", "workflow_id": f"{name}:0"}
            options["queue_partition_key"] = client
            old.enqueue_in_transaction(session, {**options, **common}, client, name, "first")
    if pending:
        hall.run(
            "update dbos.workflow_status set status = 'PENDING', executor_id = %s "
            "where workflow_uuid like %s",
            GONE,
            f"{name}%",
        )
    hall.run("update app.phase_runs set queued_at = null where flow_id = %s", flow)
    hall.run(
        "update app.phase_runs set status = %s, started_at = now(), claim = 0 "
        "where flow_id = %s and phase = 'first'",
        first,
        flow,
    )
    if pending:
        hall.run("update app.flows set status = 'running', started_at = now() where id = %s", flow)
    if asked:
        hall.run("update app.flows set status = 'waiting' where id = %s", flow)
        hall.run(
            "update app.phase_runs set status = 'completed', output = '{\"seen\": []}', "
            "gate_open = phase = 'second', finished_at = now() "
            "where flow_id = %s and phase <> 'third'",
            flow,
        )
        hall.run(
            "insert into app.approvals (client_account_id, id, flow_id, phase, gate, summary, "
            "status) values (%s, gen_random_uuid(), %s, 'second', 'check', '{}', 'pending')",
            hall.account.client_account_id,
            flow,
        )
    return flow


def test_flows_of_the_release_before_are_finished(hall: Hall) -> None:
    queued = as_before(hall, first="pending", asked=False, pending=False)
    begun = as_before(hall, first="running", asked=False, pending=True)
    waiting = as_before(hall, first="completed", asked=True, pending=True)
    with hall.fleet() as fleet:
        (worker,) = fleet.start()
        for flow in (queued, begun):
            hall.until_phase(flow, "second", "completed")
        for flow in (queued, begun, waiting):
            hall.approve(flow)
        hall.until_ended()
        assert worker.end() == 0
    assert [hall.view(flow).status for flow in (queued, begun, waiting)] == ["completed"] * 3
    left = hall.rows(
        "select name, status from dbos.workflow_status where name = any(%s) group by 1, 2",
        list(OLDER),
    )
    assert {row["status"] for row in left} == {"CANCELLED"}
    effects = hall.rows("select name, count(*) as n from app.applications group by 1")
    wanted = {f"{flow} {phase}" for flow in (queued, begun) for phase in LINE}
    assert {row["name"]: row["n"] for row in effects} == dict.fromkeys(
        wanted | {f"{waiting} third"}, 1
    )
