"""A deployment for a proof alone: a database of its own, and the server and a worker in a
process of their own; gone without a trace when the proof ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landbridge.cli.context import migrate_engine
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.engine import Databases, connect
from landbridge.kit.settings import Settings
from landbridge.proving.errors import DeploymentUnreachable

STOP_SECONDS: Final = 15.0
LOG: Final = "server.log"
PROGRAM: Final = "landbridge.cli.prove_server"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A deployment over a scratch database."""

    url: str
    databases: Databases
    directory: Path


class Booting:
    """A deployment that starts while other things are done."""

    def __init__(self, directory: Path, process: subprocess.Popen[str]) -> None:
        self._directory, self._process = directory, process

    @contextmanager
    def ready(self) -> Iterator[Scratch]:
        """Wait until it answers.

        Raises:
            DeploymentUnreachable: it ended before it answered.
        """
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        url = self._process.stdout.readline().strip()
        if not url:
            last = (self._directory / LOG).read_text(encoding="utf-8").strip().splitlines()[-1:]
            reason = " ".join([f"it ended with the exit code {self._process.wait()}", *last])
            raise DeploymentUnreachable(url="the server of the proof's own", reason=reason)
        databases = connect(scratch_settings(self._directory), migrate_engine=migrate_engine)
        try:
            yield Scratch(url, databases, self._directory)
        finally:
            databases.close()


@contextmanager
def scratch_deployment() -> Iterator[Booting]:
    """Begin to start a database, a server and a worker; end and remove all of it."""
    directory = Path(tempfile.mkdtemp(prefix="landbridge-prove-"))
    directory.chmod(0o711)  # the embedded server may run as another user
    ours = {k: v for k, v in os.environ.items() if not k.startswith("LANDBRIDGE_")}
    with (directory / LOG).open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, str(directory)],
            env=ours,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield Booting(directory, process)
    finally:
        _end(process)
        _remove(directory)


def scratch_settings(directory: Path) -> Settings:
    """Settings of a deployment that keeps everything in a directory."""
    return Settings(
        data_dir=directory,
        database_url=None,
        app_database_url=None,
        worker_database_url=None,
    )


def _end(process: subprocess.Popen[str]) -> None:
    """The program ends when its standard input does."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _remove(directory: Path) -> None:
    server = EmbeddedServer(directory)
    server.stop()
    for left in (server.location.home, directory):
        shutil.rmtree(left, ignore_errors=True)
