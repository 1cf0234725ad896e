"""Worker processes that are killed, sleep, or are asked to stop, in the middle of phases."""

from __future__ import annotations

import time

import pytest

from landbridge.flows.claims import MAX_CRASHES
from tests.support.cluster import own_cluster
from tests.support.hall import Hall
from tests.support.ordeal.cases import LINE, STEPS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DRAIN_SECONDS = 1.0
AT_MOST_SECONDS = 30.0  # until a worker that was asked to stop has ended, on a busy machine
FENCED = "phase_fenced", "phase_was_ended_by_others"


def test_a_phase_that_kills_its_workers_fails_and_takes_nobody_along(hall: Hall) -> None:
    guilty = hall.start("steps", kill_in="two")
    innocent = [hall.expect("steps", *STEPS, inputs={"seconds": 0.8}) for _ in range(6)]
    with hall.fleet() as fleet:
        for _ in range(MAX_CRASHES + 1):
            fleet.launch()
        hall.until_ended(guilty, *innocent)
        assert hall.violations() == []
        dead = [w for w in fleet.workers if w.process.poll() is not None]
        (survivor,) = set(fleet.workers) - set(dead)
        survivor.end()
    assert [worker.process.returncode for worker in dead] == [-9] * MAX_CRASHES
    flow = hall.view(guilty)
    assert (flow.status, flow.error["code"]) == ("failed", "PHASE_POISONED")
    executors = {event["data"]["executor"] for event in hall.events(guilty, "phase.worker_lost")}
    assert executors == {worker.executor for worker in dead}
    assert flow.error["detail"].startswith(f"The phase two was begun {MAX_CRASHES} times")
    assert any(executor in flow.error["detail"] for executor in executors)
    assert any(run["crashes"] for run in hall.runs(*innocent))  # they shared a worker with it


def test_a_worker_that_slept_past_its_lease_is_fenced_and_begins_anew(hall: Hall) -> None:
    with hall.fleet() as fleet:
        (sleeper,) = fleet.start()
        how = {"seconds": 2.0, "lock": True}
        flows = [
            hall.expect("single", "only", inputs=how),
            hall.expect("single", "only", inputs={**how, "silent": True}),
        ]
        for flow in flows:
            hall.until_phase(flow, "only")
        sleeper.freeze()
        (other,) = fleet.start()
        hall.until_ended()
        assert {run["claimed_by"] for run in hall.runs(*flows)} == {other.executor}
        assert [run["crashes"] for run in hall.runs(*flows)] == [1, 1]

        sleeper.thaw()
        reborn = "select id from app_private.executor_leases where pid = %s and id <> %s"
        names = (sleeper.process.pid, sleeper.executor)
        hall.until(lambda: hall.rows(reborn, *names), "it was not born again")
        hall.until(lambda: sum(map(sleeper.said.count, FENCED)) == len(flows), "it is not fenced")
        assert other.end() == 0
        hall.expect("steps", *STEPS, inputs={})
        hall.until_ended()
        assert sleeper.end() == 0
    assert hall.violations() == []


def test_a_worker_that_is_asked_to_stop_ends_or_gives_back_what_it_runs(hall: Hall) -> None:
    with hall.fleet(LANDBRIDGE_DRAIN_SECONDS=str(DRAIN_SECONDS)) as fleet:
        (old,) = fleet.start()
        asked = hall.expect("line", *LINE, inputs={})
        hall.until_phase(asked, "second", "completed")
        long = hall.expect("single", "only", inputs={"seconds": 5.0})
        silent = hall.expect("single", "only", inputs={"seconds": 5.0, "silent": True})
        several = hall.expect("steps", *STEPS, inputs={"seconds": 0.5})
        quick = hall.expect("single", "only", inputs={"seconds": 0.3})
        for flow, phase in {long: "only", silent: "only", several: "one", quick: "only"}.items():
            hall.until_phase(flow, phase)
        new = fleet.launch()
        began = time.monotonic()
        assert old.end() == 0
        assert time.monotonic() - began < AT_MOST_SECONDS
        new.wait_ready()
        hall.approve(asked)
        hall.until_ended()
        assert hall.violations() == []
        assert new.end() == 0
    for flow in (long, silent):
        assert len(hall.events(flow, "phase.released")) == 1
    by = {run["flow_id"]: run["claimed_by"] for run in hall.runs(long, silent, quick)}
    assert by == {long: new.executor, silent: new.executor, quick: old.executor}
    assert not any(run["crashes"] for run in hall.runs(long, silent, quick, several))


def test_flows_go_on_by_themselves_after_postgresql_was_away(tmp_path) -> None:
    with own_cluster() as cluster:
        hall = Hall(cluster.databases, tmp_path)
        with hall.fleet() as fleet:
            (worker,) = fleet.start()
            flow = hall.expect("steps", *STEPS, inputs={"seconds": 1.0})
            hall.until_phase(flow, "one")
            cluster.crash_and_restart()
            hall.until_phase(flow, "two")
            cluster.stay_away(10.0)
            hall.until_ended()
            assert hall.violations() == []
            assert worker.end() == 0
