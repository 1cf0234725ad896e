"""The transition table, step by step, over every pair of statuses."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess
from landbridge.flows import events
from landbridge.flows.errors import TransitionRefused
from landbridge.flows.states import FLOW_TRANSITIONS, FlowStatus
from tests.support.accounts import Account
from tests.support.flows import HandledFlow
from tests.support.repository import SOURCE, python_files


@pytest.mark.parametrize(("current", "target"), list(itertools.product(FlowStatus, FlowStatus)))
def test_a_step_is_taken_or_refused_as_the_table_says(
    databases: Databases, account: Account, current: FlowStatus, target: FlowStatus
) -> None:
    flow = HandledFlow(databases, account)
    access = JobAccess(account.client_account_id, flow.id)
    with databases.worker.open(access) as session:
        values = {"flow": flow.id, "status": current.value}
        session.execute(text("update app.flows set status = :status where id = :flow"), values)
        before = len(events.after(session, flow.id, 0))
    allowed = target in FLOW_TRANSITIONS[current]
    if allowed:
        flow.move(target)
    else:
        with pytest.raises(TransitionRefused):
            flow.move(target)
    with databases.worker.open(access) as session:
        status = session.execute(
            text("select status from app.flows where id = :flow"), {"flow": flow.id}
        ).scalar_one()
        said = [e.kind for e in events.after(session, flow.id, before)]
    assert status == (target if allowed else current)
    assert said == ([f"flow.{target.value}"] if allowed else [])


def test_only_one_file_writes_a_flows_status() -> None:
    writers = [
        path.relative_to(SOURCE).as_posix()
        for path in python_files("src")
        if "change(status=" in path.read_text(encoding="utf-8")
        or "update(Flow).values(status" in path.read_text(encoding="utf-8")
    ]
    assert writers == ["flows/locked.py"]
