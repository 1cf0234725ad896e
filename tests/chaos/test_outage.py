"""The outage in short: what `python -m benchmarks.outage` does for 30 s."""

from __future__ import annotations

import pytest

from tests.support.cluster import own_cluster
from tests.support.outage import Plan, outage

SHORT = {"before": 1.5, "away": 4.0, "after": 2.0, "readers": 3, "writers": 2, "workers": 1}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["kill", "freeze"])
def test_nothing_hangs_or_is_lost_while_postgresql_is_away(way):
    plan = Plan(way=way, statement_seconds=2.0, phase_seconds=0.05, **SHORT)
    with own_cluster() as cluster:
        report = outage(cluster, plan, lambda line: None)
    assert report["violations"] == [], report
    assert report["requests_while_away"] > 0
    assert report["flows_accepted"] > 3
    assert "DATABASE_UNAVAILABLE" in report["codes"]
