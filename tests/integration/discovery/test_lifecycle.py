"""Discovery under control: forked from each phase, retried after a real failure, paused."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from landbridge.assembly.platform import Platform, assemble
from landbridge.database.engine import Databases
from landbridge.database.session import TenantSession
from landbridge.discovery.imports import service
from landbridge.flows import progress
from landbridge.flows.follow import follow
from landbridge.flows.progress import ProgressReporter
from landbridge.flows.status import FlowView
from landbridge.flows.wakeups import Wakeups
from landbridge.samples.writing import write
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account, make_account
from tests.support.discovering import discover
from tests.support.observed import Observed, observe


def receive(session: TenantSession, import_id: UUID, files: list[Path]) -> None:
    for path in files:
        with path.open("rb") as stream:
            service.receive_file(session, import_id, path.name, stream)


PHASES = (
    *("data_import", "field_mapping", "data_cleansing"),
    *("asset_inventory", "dependency_analysis", "tech_debt_assessment"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Discovered:
    """A completed Discovery of a small estate, and what it left."""

    databases: Databases
    platform: Platform
    wakeups: Wakeups
    account: Account
    files: list[Path]
    import_id: UUID
    flow: FlowView
    seen: Observed

    def look(self, import_id: UUID | None = None) -> Observed:
        with self.databases.app.open(self.account.access) as session:
            return observe(session, self.account.engagement_id, import_id or self.import_id)

    def start(self, account: Account, files: list[Path]) -> tuple[UUID, UUID]:
        """Import files and create the flow; returns the ids of both."""
        with self.databases.app.open(account.access) as session:
            import_id = service.create_import(session, account.engagement_id).id
            receive(session, import_id, files)
            return import_id, self.platform.orchestrator.create(
                session, account.engagement_id, "discovery", {"import_id": str(import_id)}
            )

    def watch(self, account: Account, flow_id: UUID) -> FlowView:
        orchestrator, door = self.platform.orchestrator, self.databases.app
        *_, last = follow(orchestrator, door, account.access, flow_id, self.wakeups)
        return last.flow


@pytest.fixture(scope="module")
def discovered(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Discovered]:
    files = list(write(tmp_path_factory.mktemp("estate"), servers=120).files)
    account = make_account(databases)
    import_id, flow = discover(databases, account, files)
    platform = assemble(databases)
    with databases.app.open(account.access) as session:
        seen = observe(session, account.engagement_id, import_id)
    with Wakeups(databases.app_url) as wakeups, running_worker(databases.worker, platform.types):
        yield Discovered(databases, platform, wakeups, account, files, import_id, flow, seen)


def comparable(seen: Observed) -> dict[str, Any]:
    """What was left, without ids that a new row may have."""
    return {
        "names": seen.names,
        "assets": seen.assets,
        "edges": sorted(map(str, seen.edges)),
        "conflicts": sorted(map(str, seen.conflicts)),
        "members": sorted(map(str, seen.members)),
        "findings": sorted(str(f[:2]) for f in seen.findings),
        "issues": sorted(map(str, seen.issues)),
        "columns": seen.columns,
        "rows": (seen.rows_in, seen.rows_stored),
    }


@pytest.mark.parametrize("phase", PHASES)
def test_a_fork_from_any_phase_gives_the_same_inventory(discovered: Discovered, phase: str) -> None:
    account, orchestrator = discovered.account, discovered.platform.orchestrator
    with discovered.databases.app.open(account.access) as session:
        child = orchestrator.fork(session, discovered.flow.id, phase)
    ended = discovered.watch(account, child)
    assert ended.status == "completed", ended.error
    assert comparable(discovered.look()) == comparable(discovered.seen)
    outputs = {p.name: p.output for p in ended.phases}
    before = {p.name: p.output for p in discovered.flow.phases}
    for key in PHASES[: PHASES.index(phase)]:
        assert outputs[key] == before[key]


def test_a_retry_after_a_real_failure_completes_with_the_same_result(
    discovered: Discovered, tmp_path: Path
) -> None:
    """The only file is beyond reading; then the sound one takes its place."""
    databases, orchestrator = discovered.databases, discovered.platform.orchestrator
    account = make_account(databases)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    import_id, flow_id = discovered.start(account, [broken])
    failed = discovered.watch(account, flow_id)
    assert failed.status == "failed"
    assert failed.error is not None
    assert (failed.error["code"], failed.possible) == (
        "NOTHING_READABLE",
        ["retry", "cancel", "fork"],
    )
    with databases.app.open(account.access) as session:
        receive(session, import_id, discovered.files)
        orchestrator.retry(session, failed.id)
    ended = discovered.watch(account, failed.id)
    assert ended.status == "completed", ended.error
    assert {p.name: p.attempt for p in ended.phases}["data_import"] == 2
    with databases.app.open(account.access) as session:
        seen = observe(session, account.engagement_id, import_id)
    assert sorted(seen.names.values()) == sorted(discovered.seen.names.values())
    assert len(seen.edges) == len(discovered.seen.edges)


@dataclasses.dataclass
class HeldUp:
    """The first phase of an account that has done some work waits there to be let go on."""

    account: Account
    reached: threading.Event = dataclasses.field(default_factory=threading.Event)
    go_on: threading.Event = dataclasses.field(default_factory=threading.Event)

    def hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        report = ProgressReporter.__call__

        def held(reporter: ProgressReporter, done: int, total: int | None) -> None:
            mine = reporter._mine.client_account_id == self.account.client_account_id
            if mine and done and not self.reached.is_set():
                self.reached.set()
                assert self.go_on.wait(60)
                reporter._interval = 0.0
            report(reporter, done, total)

        monkeypatch.setattr(ProgressReporter, "__call__", held)


@pytest.mark.slow
def test_a_pause_in_a_running_phase_takes_effect_within_seconds_and_loses_nothing(
    discovered: Discovered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PAUSE_GRACE", timedelta(0))
    databases, orchestrator = discovered.databases, discovered.platform.orchestrator
    account = make_account(databases)
    work = HeldUp(account)
    work.hold(monkeypatch)
    files = list(write(tmp_path, servers=400).files)
    import_id, flow_id = discovered.start(account, files)
    assert work.reached.wait(60)
    with databases.app.open(account.access) as session:
        orchestrator.pause(session, flow_id, "Wait")
    asked = time.monotonic()
    work.go_on.set()
    told = follow(orchestrator, databases.app, account.access, flow_id, discovered.wakeups)
    for news in told:
        if not any(p.status == "running" for p in news.flow.phases):
            break
    assert time.monotonic() - asked < 5
    assert news.flow.status == "paused"
    with databases.app.open(account.access) as session:
        released = [e for e in orchestrator.events(session, flow_id) if e.kind == "phase.released"]
        assert [e.data["why"] for e in released] == ["paused"]
        assert not session.execute(text("select count(*) from app.source_rows")).scalar_one()
        orchestrator.resume(session, flow_id)
    ended = discovered.watch(account, flow_id)
    assert ended.status == "completed", ended.error
    twin = make_account(databases)
    twin_import, twin_flow = discovered.start(twin, files)
    assert discovered.watch(twin, twin_flow).status == "completed"
    with databases.app.open(account.access) as session:
        seen = observe(session, account.engagement_id, import_id)
    with databases.app.open(twin.access) as session:
        expected = observe(session, twin.engagement_id, twin_import)
    assert sorted(seen.names.values()) == sorted(expected.names.values())
    assert len(seen.edges) == len(expected.edges)
    assert len(seen.findings) == len(expected.findings)


def test_a_second_flow_says_how_much_is_left_by_the_first(discovered: Discovered) -> None:
    account, orchestrator = discovered.account, discovered.platform.orchestrator
    inputs = {"import_id": str(discovered.import_id)}
    with discovered.databases.app.open(account.access) as session:
        flow_id = orchestrator.create(session, account.engagement_id, "discovery", inputs)
    door, seen = discovered.databases.app, []
    for news in follow(orchestrator, door, account.access, flow_id, discovered.wakeups):
        seen.append((news.flow.status, news.flow.eta_seconds, news.flow.eta_basis))
    running = [(seconds, basis) for status, seconds, basis in seen if status == "running"]
    assert running
    for seconds, basis in running:
        assert seconds is not None
        assert seconds >= 0
        assert basis is not None
        assert "the account's last 1 completed flow of this type" in basis
    assert {item[1:] for item in seen if item[0] != "running"} == {(None, None)}
