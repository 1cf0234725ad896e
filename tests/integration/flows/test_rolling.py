"""Workers of a new release take the place of old ones while flows are under way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from landbridge.flows.checkup import check
from landbridge.flows.definitions import GateDefinition
from landbridge.flows.diagnosis import Finding
from landbridge.flows.engine import FlowClient
from landbridge.flows.healing import Healer
from landbridge.flows.types import FlowTypes
from landbridge.kit.clock import now
from tests.support.example import offer
from tests.support.hall import Hall
from tests.support.shapes import kind, phase

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

BEFORE = "gather", "move", "tidy"
AFTER = "verify", "collect", "move"
PACKAGE = "from tests.integration.flows.test_rolling import {version} as make\n"


def gate() -> GateDefinition:
    """The gate of both versions, which goes on by itself in the end."""
    return GateDefinition(key="check", title="Check it", timeout_seconds=3600, default="approve")


def first_version():
    """Gather, ask, move, tidy."""
    gather, move, tidy = BEFORE
    return kind("moving", phase(gather, gate=gate()), phase(move), phase(tidy))


def second_version():
    """A phase is added in front, one renamed, one removed, and the question comes later. The
    code of what flows under way still have is kept.
    """
    verify, collect, move = AFTER
    phases = (phase(verify), phase(collect), phase(move, gate=gate()))
    return kind("moving", *phases, version=2, extra="gather tidy")


def site(directory: Path, version: str) -> str:
    """A folder in which a version of the package is installed."""
    offer(directory / version, "acme-moving", "moving", PACKAGE.format(version=version))
    return str(directory / version)


def test_flows_of_a_package_end_as_they_began_and_wait_for_a_worker_that_knows_them(
    hall: Hall, tmp_path: Path
) -> None:
    before, after = FlowTypes(moving=first_version), FlowTypes(moving=second_version)
    old_site, new_site = (site(tmp_path, v) for v in ("first_version", "second_version"))
    with hall.fleet("tests.support.deployed", LANDBRIDGE_DRAIN_SECONDS="0.3") as fleet:
        old, without = fleet.launch(PYTHONPATH=old_site), fleet.launch()
        old.wait_ready()
        without.wait_ready()
        forgotten = hall.start("moving", types=before)
        asked = hall.start("moving", types=before)
        hall.until_phase(asked, "gather", "completed")
        hall.until_phase(forgotten, "gather", "completed")
        under_way = hall.start("moving", types=before, ask=False, seconds=1.0)
        hall.until_phase(under_way, "move")
        assert old.end() == 0

        engine = FlowClient(hall.databases.worker)
        healer = Healer(before, engine)

        def unknown() -> set[str | None]:
            seen = check(hall.databases.worker, engine, healer, fix=True).reports
            return {
                report.diagnosis.phase
                for report in seen
                if report.flow_id == under_way
                and report.diagnosis.finding is Finding.UNKNOWN_TO_WORKERS
                and report.action is None
            }

        hall.until(unknown, "nobody says that the flow is unknown")
        hall.approve(asked, types=before)
        hall.decide_by(forgotten, now() + timedelta(seconds=1))
        hall.until(lambda: without.said.count("left_to_another_worker") >= 3)
        statuses = [hall.view(flow).status for flow in (under_way, asked, forgotten)]
        assert statuses == ["running", "running", "waiting"]

        (new,) = fleet.start(PYTHONPATH=new_site)
        fresh = hall.start("moving", types=after, ask=False)
        hall.until_ended(under_way, asked, forgotten, fresh)
        assert [new.end(), without.end()] == [0, 0]
    for flow in (under_way, asked, forgotten, fresh):
        view = hall.view(flow)
        assert view.status == "completed", view.error
        assert [p.name for p in view.phases] == list(AFTER if flow == fresh else BEFORE)
        assert {run["attempt"] for run in hall.runs(flow)} == {1}
    assert {run["claimed_by"] for run in hall.runs(fresh)} == {new.executor}
    (decided,) = hall.view(forgotten).approvals
    assert (decided.status, decided.decided_automatically) == ("approved", True)
