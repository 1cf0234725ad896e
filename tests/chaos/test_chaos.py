"""The ordeal in short: what `python -m benchmarks.chaos` does with 200 flows."""

from __future__ import annotations

import os

import pytest

from tests.support.cluster import own_cluster
from tests.support.ordeal.run import Plan, ordeal

SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
PLAN = Plan(
    seed=SEED, flows=40, workers=3, kill_every=1.5, longest=0.4, spread=12.0, patience=240.0
)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_flows_end_as_they_have_to_whatever_happens_to_workers_and_server() -> None:
    with own_cluster() as cluster:
        report = ordeal(cluster, PLAN, lambda line: None)
    assert report["violations"] == [], report
    assert report["kills"] >= 2
    assert report["effects"] == report["effects_distinct"] == report["phases_completed"]
    assert report["failed_attempts"] == report["failed_attempts_wanted"]
