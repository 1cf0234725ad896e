"""What the API's login may do with the durable engine's tables: enqueue, no more."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from landbridge.database.errors import DatabasePermissionMissing
from landbridge.flows.engine import FlowClient
from landbridge.flows.port import Job


def test_the_api_can_enqueue_in_its_own_transaction(door, account, make_flow) -> None:
    flow = make_flow(account).flow_id
    client = FlowClient(door)
    for delay in (0.0, 60.0):
        with door.open(account.access) as session:
            client.enqueue(session, Job(account.client_account_id, flow, delay_seconds=delay))


@pytest.mark.parametrize(
    "statement",
    [
        "select inputs from dbos.workflow_input",
        "select message from dbos.notifications",
        "select output from dbos.operation_outputs",
        "select authenticated_user from dbos.workflow_status",
        "update dbos.workflow_status set status = 'CANCELLED'",
        "delete from dbos.workflow_status",
        "delete from dbos.notifications",
        "insert into dbos.operation_outputs default values",
    ],
)
def test_the_api_can_do_nothing_else_with_engine_tables(door, account, statement) -> None:
    with pytest.raises(DatabasePermissionMissing), door.open(account.access) as session:
        session.execute(text(statement))


def test_the_worker_cannot_change_the_engine_schema(worker_door, account, make_flow) -> None:
    with pytest.raises(DatabasePermissionMissing), worker_door.open(make_flow(account)) as session:
        session.execute(text("truncate dbos.workflow_status"))
