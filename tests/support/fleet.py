"""Worker processes that tests and benchmarks start, stop, freeze and kill."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.kit.ids import new_id
from tests.support.repository import ROOT

START_SECONDS = 120


class WorkerProcess:
    """One worker of `tests.support.shapes`, in a process of its own."""

    def __init__(
        self, databases: Databases, directory: Path, module: str, settings: dict[str, str]
    ) -> None:
        assert databases.admin_url is not None
        self._ready = directory / f"worker-{new_id().hex}"
        self._log = self._ready.with_suffix(".log")
        where = (databases.admin_url, databases.app_url, databases.worker_url)
        command = [sys.executable, "-m", module, *map(urls.text, where), str(self._ready)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env={**os.environ, **settings}, cwd=ROOT, stdout=log, stderr=log
            )

    @property
    def is_ready(self) -> bool:
        """Whether it executes flows; a worker that ended before is an error."""
        if self.process.poll() is not None:
            raise AssertionError(f"the worker ended: {self.said[-2000:]}")
        return self._ready.exists() and bool(self.executor)

    def wait_ready(self) -> None:
        """Wait until it executes flows."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready:
            assert time.monotonic() < deadline, f"it does not begin: {self.threads()}"
            time.sleep(0.05)

    @property
    def executor(self) -> str:
        """The name under which it began."""
        return self._ready.read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        """What it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it as the kernel does when memory is short."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(30)

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def end(self, seconds: float = 60) -> int:
        """Ask it to stop, as an orchestrator of containers does; returns its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end: {self.threads()}") from None

    def threads(self) -> str:
        """What it wrote, and where each of its threads is."""
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(1)
        return self.said[-20000:]


class Fleet:
    """The worker processes over one database."""

    def __init__(
        self,
        databases: Databases,
        directory: Path,
        module: str = "tests.support.shapes",
        **settings: str,
    ) -> None:
        self.databases = databases
        self.workers: list[WorkerProcess] = []
        self._directory = directory
        self._module = module
        self._settings = settings

    def launch(self, **settings: str) -> WorkerProcess:
        """Start a worker without waiting for it."""
        chosen = {**self._settings, **settings}
        worker = WorkerProcess(self.databases, self._directory, self._module, chosen)
        self.workers.append(worker)
        return worker

    def start(self, count: int = 1, **settings: str) -> list[WorkerProcess]:
        """Start workers and wait until they execute flows."""
        started = [self.launch(**settings) for _ in range(count)]
        for worker in started:
            worker.wait_ready()
        return started

    def close(self) -> None:
        """Kill what is left."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.thaw()
                worker.kill()


@contextlib.contextmanager
def fleet(
    databases: Databases, directory: Path, module: str = "tests.support.shapes", **settings: str
) -> Iterator[Fleet]:
    """Worker processes that end with the block."""
    made = Fleet(databases, directory, module, **settings)
    try:
        yield made
    finally:
        made.close()
