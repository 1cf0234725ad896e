"""A worker that the kernel ends, and clocks that jump: the flow completes, once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo

import httpx
import pytest

from landbridge.kit import clock
from landbridge.worker.runtime import running_worker
from tests.support.accounts import make_account
from tests.support.fault_table import UNNOTICED, Seen
from tests.support.hall import Hall
from tests.support.http import serving
from tests.support.ordeal.cases import STEPS
from tests.support.shapes import shape_types

HOURS = 30
"""Longer than any lease, session that is tested here, or deadline of a phase."""


def jump(patch: pytest.MonkeyPatch, hours: float) -> None:
    """Set the clocks of this process forward; the database keeps its own."""

    class Jumped:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(hours=hours)

    true = time.time
    patch.setattr(clock, "datetime", Jumped)
    patch.setattr(time, "time", lambda: true() + hours * 3600)


def test_another_worker_takes_over_from_one_that_was_killed(
    fresh_databases, tmp_path, faults
) -> None:
    hall, seen = Hall(fresh_databases, tmp_path), Seen("worker killed in a phase")
    with hall.fleet() as fleet:
        (killed,) = fleet.start()
        flow = hall.expect("steps", *STEPS, inputs={"seconds": 1.0})
        hall.until_phase(flow, "one")
        killed.kill()
        (other,) = fleet.start()
        hall.until_ended()
        seen.check("kept", hall.violations(), [])
        assert other.end() == 0
    (lost,) = hall.events(flow, "phase.worker_lost")
    assert lost["data"]["executor"] == killed.executor
    assert {run["claimed_by"] for run in hall.runs(flow)} == {other.executor}
    ended = Counter(run["status"] for run in hall.runs(flow))
    seen.check("over", ended, {"completed": len(STEPS)})
    faults.saw(seen, "another worker", asked=UNNOTICED)


@pytest.mark.parametrize("hours", [HOURS, -HOURS])
def test_a_clock_that_jumps_while_a_flow_runs_changes_nothing(
    hours: int, fresh_databases, tmp_path, faults
) -> None:
    way = "forward" if hours > 0 else "back"
    hall, seen = Hall(fresh_databases, tmp_path), Seen(f"clock jumps {way} by {HOURS} hours")
    account = make_account(fresh_databases)
    with (
        running_worker(fresh_databases.worker, shape_types()),
        serving(fresh_databases, types=shape_types()) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}) as browser,
    ):
        signed_in = browser.post("/sign-in", data={"token": account.api_key})
        assert signed_in.status_code == 303
        pairs = (f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
        browser.headers["Cookie"] = "; ".join(pairs)  # the jar goes by the clock that jumps
        browser.cookies.clear()
        flow = hall.expect("steps", *STEPS, inputs={"seconds": 1.0})
        hall.until_phase(flow, "one")
        with pytest.MonkeyPatch.context() as patch:
            jump(patch, hours)
            assert abs((clock.now() - datetime.now(UTC)).total_seconds()) > 3600
            assert browser.get("/accounts").status_code == 200
            headers = account.headers
            listed = httpx.get(f"{url}/api/v1/client-accounts", headers=headers, timeout=20)
            assert listed.status_code == 200
            hall.until_phase(flow, "two")
        assert browser.get("/accounts").status_code == 200
        hall.until_ended()
        seen.check("kept", hall.violations(), [])
    assert {run["attempt"] for run in hall.runs(flow)} == {1}
    assert not any(run["crashes"] for run in hall.runs(flow))
    seen.check("over", hall.events(flow, "phase.worker_lost"), [])
    faults.saw(seen, "the database's clock counts", asked=UNNOTICED)
