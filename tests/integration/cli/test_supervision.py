"""The worker beside the server: started again when it dies, gone when the server is."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest

from landbridge.cli.supervision import SupervisedWorker
from landbridge.database import urls
from landbridge.database.engine import Databases

SECONDS = 60


def until(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def workers() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile, and is a zombie
            if "--with-parent" in process.cmdline():
                found.append(process)
    return found


@pytest.fixture
def environment(fresh_databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert fresh_databases.admin_url is not None
    url = urls.text(fresh_databases.admin_url.set(drivername="postgresql"))
    monkeypatch.setenv("LANDBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("LANDBRIDGE_DATA_DIR", str(tmp_path))


@pytest.mark.usefixtures("environment")
def test_a_killed_worker_is_started_again_and_the_last_one_ends_with_the_server() -> None:
    with SupervisedWorker():
        until(workers)
        (first,) = workers()
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: [p for p in workers() if p.pid != first.pid])
        (second,) = workers()
    assert not second.is_running() or second.status() == psutil.STATUS_ZOMBIE
