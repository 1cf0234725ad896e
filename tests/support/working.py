"""A worker process that executes Discovery flows over a test's database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from landbridge.database.engine import Databases
from landbridge.flows.leases import live_executors

START_SECONDS = 60


@contextmanager
def working(databases: Databases) -> Iterator[None]:
    """Run `landbridge worker`, as an operator would, until the block ends."""
    environment = {
        **os.environ,
        "LANDBRIDGE_APP_DATABASE_URL": _text(databases.app_url),
        "LANDBRIDGE_WORKER_DATABASE_URL": _text(databases.worker_url),
    }
    command = [str(Path(sys.executable).with_name("landbridge")), "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not live_executors(databases.app):
                assert process.poll() is None, "the worker stopped at once"
                assert time.monotonic() < deadline, "no worker became alive"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
