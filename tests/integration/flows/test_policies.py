"""What a definition and an operator ask for, seen in worker processes."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from landbridge.flows.account_limits import set_limits
from landbridge.flows.states import Priority
from landbridge.kit.clock import now
from tests.support.accounts import make_account
from tests.support.hall import Hall
from tests.support.ordeal.cases import MAX_ATTEMPTS, SHORT, STEPS
from tests.support.shapes import PROVIDER

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def alone(runs: list[dict[str, Any]]) -> bool:
    """Whether none of these began before the one before it had ended."""
    spans = [(run["started_at"], run["finished_at"]) for run in runs]
    return all(ended <= began for (_, ended), (began, _) in itertools.pairwise(spans))


def pauses(hall: Hall, flow: UUID, phase: str) -> list[float]:
    """Seconds between the end of an attempt and the beginning of the next."""
    runs = [run for run in hall.runs(flow) if run["phase"] == phase]
    return [
        (after["started_at"] - before["finished_at"]).total_seconds()
        for before, after in itertools.pairwise(runs)
    ]


def test_policies_hold_over_worker_processes(hall: Hall) -> None:
    ranked, limited, served = (make_account(hall.databases) for _ in range(3))
    assert hall.databases.owner is not None
    set_limits(hall.databases.owner, limited.client_account_id, {"running_phases": 1})
    by_rank: dict[Priority, list[UUID]] = {
        rank: [hall.start("single", account=ranked, priority=rank, seconds=0.2) for _ in range(2)]
        for rank in (Priority.LOW, Priority.NORMAL, Priority.HIGH)
    }
    few = [hall.start("single", account=limited, seconds=0.2) for _ in range(4)]
    calls = [hall.start("asking", account=served, seconds=0.2) for _ in range(4)]
    outage: dict[str, Any] = {"fail_in": "two"}
    retried = hall.expect("steps", *STEPS, inputs={**outage, "failures": 2}, failures=2)
    spent = hall.expect(
        "steps", "one", inputs={**outage, "failures": 9}, failures=MAX_ATTEMPTS, status="failed"
    )
    thoughtful = hall.expect("single", "only", inputs={"seconds": 7.0, "silent": True})
    undecided = hall.expect("road", *SHORT, inputs={})
    expected = retried, spent, undecided, thoughtful
    slow = hall.start("hurried", seconds=2.0)
    soon: datetime = now() + timedelta(seconds=6)
    planned = hall.start("single", start_at=soon)

    provider = f'{{"{PROVIDER}": {{"concurrency": 1}}}}'
    with hall.fleet(
        LANDBRIDGE_ACCOUNT_CONCURRENCY="1", LANDBRIDGE_PROVIDER_LIMITS=provider
    ) as fleet:
        workers = fleet.start(2)
        others = [flow for flows in by_rank.values() for flow in flows]
        hall.until_ended(*others, *few, *calls, slow, planned, *expected)
        assert hall.violations() == []
        assert [worker.end() for worker in workers] == [0, 0]

    assert [run["claim"] for run in hall.runs(thoughtful)] == [1]  # longer than idle ones may
    first, second = pauses(hall, retried, "two")
    assert first >= 0.2
    assert second >= 0.4
    assert [e["data"]["code"] for e in hall.events(spent, "flow.failed")] == ["SHAPE_OUTAGE"]
    assert [run["error"]["code"] for run in hall.runs(slow)] == ["PHASE_TIMED_OUT"] * 2
    assert hall.view(slow).status == "failed"
    (decided,) = hall.view(undecided).approvals
    assert (decided.answer, decided.decided_automatically) == ("short", True)
    assert hall.runs(planned)[0]["started_at"] >= soon
    assert alone(hall.runs(*few))
    assert alone(hall.runs(*calls))
    assert {run["claimed_by"] for run in hall.runs(*few, *calls)} <= {w.executor for w in workers}
    began = {
        rank: [run["started_at"] for run in hall.runs(*flows)] for rank, flows in by_rank.items()
    }
    # Two workers take flows in this order; one may begin what it took a moment later.
    assert min(began[Priority.HIGH]) <= min(began[Priority.NORMAL]) <= min(began[Priority.LOW])
    assert max(began[Priority.HIGH]) <= min(began[Priority.LOW])
