"""Each fault that a phase can meet ends in its code, and the flow goes on when it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.execution import FlowExecution
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.port import Job
from landbridge.flows.runner import Runner
from tests.support.accounts import Account
from tests.support.fault_table import UNNOTICED, Seen
from tests.support.faults import PHASE_FAULTS, PROCESSORS, Fault, faulty_types
from tests.support.http import serving

SECRETS = ("canary", "select ", "Traceback", "/srv/", ".py", "psycopg")
REPEATED = "stamina.retry_scheduled"


@pytest.fixture(scope="module")
def server(databases) -> Iterator[str]:
    with serving(databases, types=faulty_types()) as url:
        yield url


@pytest.fixture
def api(server, account) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers=account.headers) as client:
        yield client


@pytest.mark.parametrize("fault", PHASE_FAULTS, ids=lambda fault: fault.name)
def test_a_phase_that_meets(fault: Fault, databases, account, api, catalogue, faults) -> None:
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

    seen = Seen(fault.name)
    with structlog.testing.capture_logs(PROCESSORS) as logged:
        runner.perform(job)
    told: dict[str, Any] = api.get(path).json()
    if fault.code is None:
        assert told["status"] == "completed", told["error"]
        repeated = {e["trace_id"] for e in logged if e["event"] == REPEATED}
        seen.check("log", repeated, {told["trace_id"]})
    else:
        assert told["status"] == "failed"
        error = told["error"]
        trace_id = seen.problem(error, fault.code, catalogue)
        assert error["title"]
        assert not [word for word in SECRETS if word in str(error)]
        failed = [e for e in logged if e["event"] == "phase_failed"]
        seen.check("log", {(e["trace_id"], e["code"]) for e in failed}, {(trace_id, fault.code)})
        seen.check("flow", rows_of(databases, account, flow), {(trace_id, trace_id)})
        assert api.get(f"/errors/{error['code']}").status_code == 200
        assert api.post(f"{path}/retry").status_code == 200
        runner.perform(job)
    healed = api.get(path).json()
    seen.check("over", healed["status"], "completed")
    with databases.app.open(account.access) as session:
        events = Counter(event.kind for event in orchestrator.events(session, flow))
    failures = int(fault.code is not None)
    ended = (events["phase.failed"], events["phase.completed"], healed["inputs"])
    seen.check("kept", ended, (failures, 1, inputs))
    if fault.code is None:
        faults.saw(seen, "by itself", asked=UNNOTICED | {"log"})
    else:
        faults.saw(seen, "retry")


def rows_of(databases: Databases, account: Account, flow: UUID) -> set[tuple[str, str]]:
    """The trace id of a flow's row, and of the error on it."""
    found = text("select trace_id, error ->> 'trace_id' from app.flows where id = :id")
    with databases.app.open(account.access) as session:
        return {tuple(row) for row in session.execute(found, {"id": flow})}
