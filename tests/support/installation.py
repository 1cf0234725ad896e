"""A whole installation as an operator runs it: `landbridge serve`, with its worker beside it."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

from landbridge.database.engine import Databases
from tests.support.command import Command, command_for

SECONDS = 120
ADDRESS = re.compile(r"Serving (http://\S+?)/?\s")
Found = TypeVar("Found")


@dataclass
class Installation:
    """A served installation.

    Attributes:
        url: of the server.
        command: runs the command line beside it.
        out: file with what the server says to its operator.
        log: file with everything that server and worker log.
        temporary: where all of them keep temporary files.
    """

    url: str
    command: Command
    out: Path
    log: Path
    temporary: Path
    process: subprocess.Popen[bytes]

    @property
    def key(self) -> str:
        """The API key of the machine's own user."""
        path = Path(self.command.environment["LANDBRIDGE_DATA_DIR"]) / "local-api-key"
        return path.read_text(encoding="ascii").strip()

    @property
    def processes(self) -> list[psutil.Process]:
        """The server and everything it started."""
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(self.process.pid)
            return [server, *server.children(recursive=True)]
        return []


@contextlib.contextmanager
def installed(
    databases: Databases, directory: Path, arguments: tuple[str, ...] = (), **settings: str
) -> Iterator[Installation]:
    """Run `landbridge serve` on a free port until the block ends.

    Args:
        databases: its database.
        directory: for its data, temporary files and log.
        arguments: of `serve`.
        settings: environment variables.
    """
    command = command_for(databases, directory)
    temporary = directory / "temporary"
    temporary.mkdir()
    command.environment.update({"TMPDIR": str(temporary), **settings})
    said, log = directory / "out.txt", directory / "log.txt"
    with said.open("wb") as out, log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "landbridge", "serve", "--port", "0", *arguments],
            env=command.environment,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
        )
    try:
        found = until(lambda: process.poll() or ADDRESS.search(said.read_text("utf-8")))
        assert isinstance(found, re.Match), log.read_text("utf-8")[-3000:]
        yield Installation(found[1], command, said, log, temporary, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(look: Callable[[], Found], seconds: float = SECONDS) -> Found:
    """What `look` sees as soon as it sees something.

    Raises:
        AssertionError: it sees nothing for so long.
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.05)
    return found


@dataclass
class Memory:
    """The most memory that processes had at once, in bytes, looked at 20 times a second.

    Attributes:
        largest: of one process.
        together: of all.
    """

    look: Callable[[], list[psutil.Process]]
    largest: int = 0
    together: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            sizes = []
            for process in self.look():
                with contextlib.suppress(psutil.NoSuchProcess):
                    sizes.append(process.memory_info().rss)
            self.largest = max(self.largest, *sizes, 0)
            self.together = max(self.together, sum(sizes))
