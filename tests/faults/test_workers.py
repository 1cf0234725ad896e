"""A worker that the kernel ends: another one takes its phase over, and the flow completes once."""

from __future__ import annotations

from collections import Counter

from tests.support.hall import Hall
from tests.support.ordeal.cases import STEPS


def test_another_worker_takes_over_from_one_that_was_killed(
    fresh_databases, tmp_path, faults
) -> None:
    hall = Hall(fresh_databases, tmp_path)
    with hall.fleet() as fleet:
        (killed,) = fleet.start()
        flow = hall.expect("steps", *STEPS, inputs={"seconds": 1.0})
        hall.until_phase(flow, "one")
        killed.kill()
        (other,) = fleet.start()
        hall.until_ended()
        assert hall.violations() == []
        assert other.end() == 0
    (lost,) = hall.events(flow, "phase.worker_lost")
    assert lost["data"]["executor"] == killed.executor
    assert {run["claimed_by"] for run in hall.runs(flow)} == {other.executor}
    assert Counter(run["status"] for run in hall.runs(flow)) == {"completed": len(STEPS)}
    faults.saw("worker killed in a phase", "none: phase.worker_lost", "another worker")
