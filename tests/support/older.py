"""A PostgreSQL of an older major version, where this machine has one installed."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from landbridge.database.embedded.location import is_root
from tests.support.server import run_directory

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "a password with spaces, ümläute and /?#%+"


def installed() -> bool:
    """Whether this machine has PostgreSQL 15."""
    return (PROGRAMS / "postgres").exists()


@contextlib.contextmanager
def running() -> Iterator[URL]:
    """A server of PostgreSQL 15 and its superuser's URL."""
    home = run_directory() / f"postgres15-{os.getpid()}"
    home.mkdir()
    options: dict[str, Any] = {}
    if is_root():
        import pwd

        user = pwd.getpwnam("postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    password = home / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            **options,
        )

    data = home / "data"
    run(
        PROGRAMS / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256",
        f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8",
    )  # fmt: skip
    control = PROGRAMS / "pg_ctl"
    start = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    run(control, "-D", data, "-l", home / "log", "-o", start, "-w", "start")
    try:
        yield URL.create(
            "postgresql+psycopg", "postgres", PASSWORD, "127.0.0.1", port, "landbridge"
        )
    finally:
        run(control, "-D", data, "-m", "immediate", "-w", "stop")
