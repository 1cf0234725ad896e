"""Make the cluster of a location: once, whole, and with a password of its own."""

from __future__ import annotations

import os
import secrets
import shutil
from subprocess import CompletedProcess

from landbridge.database.embedded import process
from landbridge.database.embedded.binaries import Binaries
from landbridge.database.embedded.configuration import CONFIGURATION
from landbridge.database.embedded.errors import EmbeddedDatabaseVersionMismatch
from landbridge.database.embedded.location import Location, refused


def require_version(location: Location, major: str) -> bool:
    """Whether there is a cluster that programs of this major version can run.

    Raises:
        EmbeddedDatabaseVersionMismatch: there is one of another major version.
    """
    marker = location.data / "PG_VERSION"
    if not marker.exists():
        return False
    found = marker.read_text(encoding="ascii").strip()
    if found != major:
        raise EmbeddedDatabaseVersionMismatch(path=str(location.data), found=found, installed=major)
    return True


def make(location: Location, programs: Binaries) -> CompletedProcess[str]:
    """Make the cluster; it takes its place only when it is complete."""
    unfinished = location.home / "data.unfinished"
    process.await_orphans(unfinished)
    shutil.rmtree(unfinished, ignore_errors=True)
    _write_password(location)
    done = programs.run(
        "initdb", "-D", unfinished, "-U", "postgres", "-A", "scram-sha-256",
        f"--pwfile={location.password_file}", "--encoding=UTF8", "--locale=C",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
    )  # fmt: skip
    if done.returncode == 0:
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in CONFIGURATION.items())
        unfinished.rename(location.data)
    return done


def _write_password(location: Location) -> None:
    path = location.password_file
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
    except OSError as e:
        raise refused(e, path) from e
    location.give(path)
