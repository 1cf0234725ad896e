"""The landbridge command as a user runs it: a process of its own, against a database of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.database import urls
from landbridge.database.engine import Databases

TIMEOUT = 240


def heed_interrupts() -> None:
    """As a terminal starts its commands: what runs in the background of a script ignores Ctrl-C,
    and so would everything that it starts.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True, slots=True)
class Command:
    """Runs `landbridge …` with its own data directory and database."""

    environment: dict[str, str]
    directory: Path

    def start(
        self, *arguments: str | Path, in_a_group: bool = False, errors_too: bool = False
    ) -> subprocess.Popen[str]:
        """Start a command and return at once.

        Args:
            in_a_group: the process leads a group of its own, as in a terminal.
            errors_too: standard error comes with standard output.
        """
        return subprocess.Popen(
            [sys.executable, "-m", "landbridge", *map(str, arguments)],
            env=self.environment,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors_too else subprocess.PIPE,
            text=True,
            process_group=0 if in_a_group else None,
            preexec_fn=heed_interrupts if in_a_group else None,  # noqa: PLW1509 - takes no lock
        )

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=TIMEOUT)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def json(self, *arguments: str | Path, expect: int = 0) -> Any:
        """Run a command with --json; its standard output must be one JSON document."""
        done = self.run(*arguments, "--json")
        assert done.returncode == expect, (
            f"{done.args}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return json.loads(done.stdout)


def command_for(databases: Databases, directory: Path) -> Command:
    """The command line over a database of the tests' server."""
    assert databases.admin_url is not None
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LANDBRIDGE_")}
    environment |= {
        "LANDBRIDGE_DATABASE_URL": urls.text(databases.admin_url.set(drivername="postgresql")),
        "LANDBRIDGE_DATA_DIR": str(directory / "data"),
        "COLUMNS": "120",
    }
    return Command(environment, directory)
