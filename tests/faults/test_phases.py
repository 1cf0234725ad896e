"""Each fault that a phase can meet ends in its code, and the flow goes on when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from landbridge.flows.engine import FlowClient
from landbridge.flows.execution import FlowExecution
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.port import Job
from landbridge.flows.runner import Runner
from tests.support.faults import PHASE_FAULTS, Fault, faulty_types
from tests.support.http import serving

SECRETS = ("canary", "select ", "Traceback", "/srv/", ".py", "psycopg")


@pytest.fixture(scope="module")
def server(databases) -> Iterator[str]:
    with serving(databases, types=faulty_types()) as url:
        yield url


@pytest.fixture
def api(server, account) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers=account.headers) as client:
        yield client


@pytest.mark.parametrize("fault", PHASE_FAULTS, ids=lambda fault: fault.name)
def test_a_phase_that_meets(fault: Fault, databases, account, api, faults) -> None:
    types = faulty_types()
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types)
    client = FlowClient(databases.worker)
    runner = Runner(FlowExecution(types, databases.worker, client, "by-hand"))
    with databases.app.open(account.access) as session:
        inputs = {"fault": fault.name}
        flow = orchestrator.create(session, account.engagement_id, "faulty", inputs)
    job = Job(account.client_account_id, flow)
    path = f"/api/v1/client-accounts/{account.client_account_id}"
    path = f"{path}/engagements/{account.engagement_id}/flows/{flow}"

    with structlog.testing.capture_logs() as logged:
        runner.perform(job)
    seen: dict[str, Any] = api.get(path).json()
    if fault.code is None:
        assert seen["status"] == "completed", seen["error"]
        faults.saw(fault.name, "none: the worker repeats", "by itself")
        return
    assert seen["status"] == "failed"
    error = seen["error"]
    assert error["code"] == fault.code
    assert error["remedy"]
    assert error["title"]
    assert not [word for word in SECRETS if word in str(error)]
    assert {e["trace_id"] for e in logged if e["event"] == "phase_failed"} == {error["trace_id"]}
    assert api.get(f"/errors/{error['code']}").status_code == 200

    assert api.post(f"{path}/retry").status_code == 200
    runner.perform(job)
    healed = api.get(path).json()
    assert healed["status"] == "completed", healed["error"]
    with databases.app.open(account.access) as session:
        kinds = [event.kind for event in orchestrator.events(session, flow)]
    assert [kinds.count(k) for k in ("phase.failed", "phase.completed")] == [1, 1]
    faults.saw(fault.name, error["code"], "retry")
