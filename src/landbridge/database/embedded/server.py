"""Start, find and stop the embedded server of a data directory."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import fasteners
import psutil
import stamina
from sqlalchemy import URL

from landbridge.database.embedded import binaries, cluster, process
from landbridge.database.embedded.errors import EmbeddedDatabaseStartFailed
from landbridge.database.embedded.location import Location, locate, refused
from landbridge.database.errors import DatabaseDiskFull, DataDirectoryNotWritable

START_SECONDS = 180
PORT_ATTEMPTS = 3
DATABASE = "landbridge"
TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] ")
TELLING = re.compile(r"FATAL|PANIC|error|invalid|could not", re.IGNORECASE)

_threads = threading.Lock()


class _NotReady(Exception):
    """The server is alive but does not accept connections yet."""


class EmbeddedServer:
    """The server of one data directory.

    Any number of processes may share it: the first one starts it, it outlives all of them,
    and only `stop` ends it.
    """

    def __init__(self, data_dir: Path) -> None:
        self.location: Location = locate(data_dir)
        self.binaries = binaries.find(self.location)

    @property
    def running(self) -> process.Postmaster | None:
        """The live server, if there is one."""
        return process.running(self.location.data)

    def start(self) -> URL:
        """The superuser's URL of the running server, which is started when it is not.

        Raises:
            EmbeddedDatabaseStartFailed: the server ended before it was ready.
            EmbeddedDatabaseVersionMismatch: another major version made the directory.
            DataDirectoryNotWritable: the directory cannot be written.
            DatabaseDiskFull: there is no room for the cluster.
        """
        alive = self.running
        if alive is None or not alive.usable:
            with self._lock():
                self._require_cluster()
                alive = self.running
                if alive is not None and alive.uprooted:
                    self._end()
                    alive = None
                alive = alive or self._launch()
                alive = alive if alive.ready else self._await_ready()
        return self.url(alive.port)

    def stop(self) -> bool:
        """End the server after its clients' current transactions are rolled back; False when
        it was not running.
        """
        with self._lock():
            if self.running is None:
                return False
            self._end()
            return True

    def url(self, port: int) -> URL:
        """The superuser's URL at `port`."""
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            password=self.location.password_file.read_text(encoding="utf-8"),
            host="127.0.0.1",
            port=port,
            database=DATABASE,
        )

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One process, and in it one thread, at a time."""
        lock = fasteners.InterProcessLock(self.location.home / "lock")
        with _threads:
            try:
                lock.acquire(delay=0.02, max_delay=0.1)
            except OSError as e:
                raise refused(e, self.location.home) from e
            try:
                yield
            finally:
                lock.release()

    def _end(self) -> None:
        done = self.binaries.run(
            "pg_ctl", "-D", self.location.data, "-m", "fast", "-w", "-t", START_SECONDS, "stop"
        )
        if done.returncode:
            raise self._failure(done.stdout)

    def _require_cluster(self) -> None:
        if not cluster.require_version(self.location, self.binaries.major):
            done = cluster.make(self.location, self.binaries)
            if done.returncode:
                raise self._failure(done.stdout)

    def _launch(self) -> process.Postmaster:
        """Start the server on its last port, or another when somebody else has taken it."""
        data, log = self.location.data, self.location.startup_log
        process.await_orphans(data)
        (data / "postmaster.pid").unlink(missing_ok=True)
        said = ""
        for _ in range(PORT_ATTEMPTS):
            port = self._free_port()
            log.unlink(missing_ok=True)
            done = self.binaries.run(
                "pg_ctl", "-D", data, "-l", log, "-o", f"-p {port}", "-w", "-t", START_SECONDS,
                "start",
            )  # fmt: skip
            alive = self.running
            if alive is not None and done.returncode == 0:
                self._port_file.write_text(str(alive.port), encoding="ascii")
                return alive
            said = _text(log) or done.stdout
            if "Address already in use" not in said:
                break
            self._port_file.unlink(missing_ok=True)
        raise self._failure(said)

    def _await_ready(self) -> process.Postmaster:
        """Wait for a server that another process launched and that still recovers."""
        try:
            return self._unless_recovering() or self._launch()
        except _NotReady:
            raise self._failure(f"it is not ready after {START_SECONDS} seconds") from None

    @stamina.retry(
        on=_NotReady, timeout=START_SECONDS, attempts=None, wait_initial=0.05, wait_max=0.5
    )
    def _unless_recovering(self) -> process.Postmaster | None:
        alive = self.running
        if alive is not None and not alive.ready:
            raise _NotReady
        return alive

    @property
    def _port_file(self) -> Path:
        return self.location.home / "port"

    def _free_port(self) -> int:
        """The port of the last start while it is free, so that clients find the server again."""
        last = int(_text(self._port_file) or 0)
        for wanted in (last, 0):
            with contextlib.closing(socket.socket()) as probe:
                if os.name == "posix":
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", wanted))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise EmbeddedDatabaseStartFailed(
            reason="no free port on 127.0.0.1", log=str(self.location.startup_log)
        )

    def _failure(
        self, said: str
    ) -> EmbeddedDatabaseStartFailed | DatabaseDiskFull | DataDirectoryNotWritable:
        if os.strerror(errno.ENOSPC) in said:
            return DatabaseDiskFull()
        if os.strerror(errno.EACCES) in said:
            return DataDirectoryNotWritable(
                path=str(self.location.home), reason="permission denied to the server's user"
            )
        lines = [TIMESTAMP.sub("", line.strip()) for line in said.splitlines() if line.strip()]
        telling = [line for line in lines if TELLING.search(line)] or lines
        reason = " ".join(telling[-2:]) or "it gave no reason"
        return EmbeddedDatabaseStartFailed(reason=reason, log=str(self.location.startup_log))

    def free_bytes(self) -> int:
        """Free space, in bytes, on the disk of the cluster."""
        return int(psutil.disk_usage(str(self.location.home)).free)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
