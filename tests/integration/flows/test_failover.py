"""A worker is killed; another finishes its flows, and nothing happens twice."""

from __future__ import annotations

import pytest

from tests.support.hall import Hall
from tests.support.ordeal.cases import STEPS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_sigkill_in_any_phase_loses_and_repeats_nothing(hall: Hall) -> None:
    with hall.fleet() as fleet:
        for killed_in in ("one", "two", "three"):
            (victim,) = fleet.start()
            flow = hall.expect("steps", *STEPS, inputs={"seconds": 0.8})
            hall.until_phase(flow, killed_in)
            victim.kill()
        fleet.start()
        hall.until_ended()
        assert hall.violations() == []
        crashes = {
            run["phase"]: run["crashes"]
            for case in hall.cases
            for run in hall.runs(case.flow_id)
            if run["crashes"]
        }
    assert set(crashes) == STEPS
