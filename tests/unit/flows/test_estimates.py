"""When a flow will have ended: by its own rate, by the past, or unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landbridge.flows.definitions import (
    Choice,
    Condition,
    FlowDefinition,
    GateDefinition,
    PhaseDefinition,
)
from landbridge.flows.estimates import estimate
from landbridge.flows.models import PhaseRun
from landbridge.flows.past import Past, PastPhase

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
NOTHING = Past(0, {})


def flow(*phases: PhaseDefinition) -> FlowDefinition:
    return FlowDefinition(flow_type="t", title="T", version=1, phases=phases)


def phase(key: str, after: tuple[str, ...] | None = None, **values: object) -> PhaseDefinition:
    return PhaseDefinition(key=key, title=key.title(), unit="rows", weight=1, after=after, **values)


def run(key: str, status: str = "pending", **values: object) -> PhaseRun:
    return PhaseRun(**{"phase": key, "status": status, "done": 0, "total": None, **values})


def running(key: str, seconds: float, done: int, total: int | None) -> PhaseRun:
    started = NOW - timedelta(seconds=seconds)
    return run(key, "running", started_at=started, done=done, total=total)


def test_without_any_basis_there_is_no_estimate() -> None:
    one = flow(phase("a"), phase("b"))
    assert estimate(one, [running("a", 10, 50, 100), run("b")], NOTHING, NOW) is None
    assert estimate(one, [running("a", 1, 0, None), run("b")], NOTHING, NOW) is None


def test_the_last_phase_goes_on_at_its_own_rate() -> None:
    found = estimate(flow(phase("a")), [running("a", 10, 25, 100)], NOTHING, NOW)
    assert found is not None
    assert found.seconds == 30
    assert found.basis == "the rate of A"


def test_the_rest_takes_what_it_took_before() -> None:
    past = Past(3, {"a": PastPhase(40, 100), "b": PastPhase(20, 7)})
    found = estimate(flow(phase("a"), phase("b")), [running("a", 10, 25, 100), run("b")], past, NOW)
    assert found is not None
    assert found.seconds == 30 + 20
    assert found.basis == ("the rate of A and the account's last 3 completed flows of this type")


def test_a_larger_flow_takes_longer_by_as_much() -> None:
    past = Past(1, {"a": PastPhase(4, 100), "b": PastPhase(20, 50)})
    runs = [run("a", "completed", done=1000, total=1000), run("b")]
    found = estimate(flow(phase("a"), phase("b")), runs, past, NOW)
    assert found is not None
    assert found.seconds == 200


def test_branches_run_beside_each_other() -> None:
    shape = flow(phase("a", ()), phase("b", ("a",)), phase("c", ("a",)), phase("d", ("b", "c")))
    past = Past(2, {k: PastPhase(s, 1) for k, s in (("a", 1), ("b", 10), ("c", 60), ("d", 5))})
    runs = [run("a", "completed"), run("b"), run("c"), run("d")]
    found = estimate(shape, runs, past, NOW)
    assert found is not None
    assert found.seconds == 65


def test_a_phase_that_waits_after_a_failure_begins_later() -> None:
    past = Past(2, {"a": PastPhase(10, 1)})
    runs = [run("a", not_before=NOW + timedelta(seconds=30))]
    found = estimate(flow(phase("a")), runs, past, NOW)
    assert found is not None
    assert found.seconds == 40


def test_a_choice_nobody_ever_made_costs_nothing() -> None:
    gate = GateDefinition(
        key="g",
        title="G",
        kind="choice",
        choices=(Choice(key="x", title="X"), Choice(key="y", title="Y")),
    )
    shape = flow(phase("a", gate=gate), phase("b", when=Condition(gate="g", choice="x")))
    past = Past(2, {"a": PastPhase(10, 1)})
    found = estimate(shape, [run("a"), run("b")], past, NOW)
    assert found is not None
    assert found.seconds == 10
