"""Progress is counted, weighted, rounded down, and never invented."""

from datetime import UTC, datetime, timedelta

from landbridge.flows.models import PhaseRun
from landbridge.flows.progress import eta_seconds, percent

START = datetime(2026, 1, 1, tzinfo=UTC)


def run(
    status: str, weight: int = 1, done: int = 0, total: int | None = None, started: bool = True
) -> PhaseRun:
    return PhaseRun(
        status=status,
        weight=weight,
        done=done,
        total=total,
        started_at=START if started else None,
    )


def test_weights_decide_what_a_phase_is_worth() -> None:
    assert percent([run("completed", 30), run("running", 70, done=1, total=2)]) == 65


def test_a_phase_without_a_total_counts_only_when_it_ends() -> None:
    assert percent([run("running", 1, done=500)]) == 0


def test_only_completion_is_a_hundred_per_cent() -> None:
    assert percent([run("running", done=10, total=10)]) == 99
    assert percent([run("completed", done=10, total=10)]) == 100
    assert percent([]) == 0


def test_an_estimate_needs_a_basis() -> None:
    assert eta_seconds(run("running", done=1, total=1000), START + timedelta(seconds=60)) is None
    assert eta_seconds(run("running", done=500, total=1000), START + timedelta(seconds=1)) is None
    assert eta_seconds(run("running", done=500), START + timedelta(seconds=60)) is None
    assert eta_seconds(run("pending", started=False), START) is None


def test_an_estimate_follows_the_rate_so_far() -> None:
    assert eta_seconds(run("running", done=250, total=1000), START + timedelta(seconds=10)) == 30
