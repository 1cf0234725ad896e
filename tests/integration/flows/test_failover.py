"""A worker is killed; another finishes its flows, and nothing happens twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.follow import follow
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.wakeups import Wakeups
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account
from tests.support.toy import toy_types

Spawn = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def spawn(databases: Databases, tmp_path: Path) -> Spawn:
    def worker() -> subprocess.Popen[bytes]:
        ready = tmp_path / "ready"
        urls = [
            u.render_as_string(hide_password=False)
            for u in (databases.admin_url, databases.app_url, databases.worker_url)
            if u is not None
        ]
        command = [sys.executable, "-m", "tests.support.toy", *urls, str(ready)]
        process = subprocess.Popen(command, env=os.environ, cwd=Path(__file__).parents[3])
        deadline = time.monotonic() + 30
        while not ready.exists():
            assert process.poll() is None, "the worker did not start"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    return worker


def running_phase(
    databases: Databases, account: Account, orchestrator: MasterFlowOrchestrator, flow: UUID
) -> str | None:
    with databases.app.open(account.access) as session:
        view = orchestrator.status(session, flow)
    return next((p.name for p in view.phases if p.status == "running"), None)


@pytest.mark.parametrize("killed_in", ["one", "two", "three"])
def test_sigkill_in_any_phase_loses_and_repeats_nothing(
    databases: Databases, account: Account, spawn: Spawn, killed_in: str
) -> None:
    types = toy_types()
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types)
    victim = spawn()
    with databases.app.open(account.access) as session:
        flow = orchestrator.create(session, account.engagement_id, "toy", {"seconds": 0.8})
    deadline = time.monotonic() + 60
    while running_phase(databases, account, orchestrator, flow) != killed_in:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    victim.send_signal(signal.SIGKILL)
    victim.wait()

    with Wakeups(databases.app_url) as wakeups, running_worker(databases.worker, types):
        *_, last = follow(orchestrator, databases.app, account.access, flow, wakeups)
    with databases.app.open(account.access) as session:
        events = orchestrator.events(session, flow)
        names = session.execute(
            text("select name from app.applications where name like :flow"), {"flow": f"{flow}%"}
        ).scalars()
        written = sorted(name.split()[1] for name in names)
    assert last.flow.status == "completed"
    assert written == ["one", "three", "two"]
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert [e.kind for e in events].count("phase.completed") == 3
