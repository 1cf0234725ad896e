"""Is the server of a data directory alive? A recorded pid alone proves nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

ORPHAN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a running server has written about itself.

    Attributes:
        pid: its process id.
        port: the TCP port on the loopback address.
        ready: whether it accepts connections.
        uprooted: whether its programs were removed since it was started; it cannot load
            what it has not loaded yet.
    """

    pid: int
    port: int
    ready: bool
    uprooted: bool = False

    @property
    def usable(self) -> bool:
        """Whether clients can work with it."""
        return self.ready and not self.uprooted


def running(data: Path) -> Postmaster | None:
    """The live server of this data directory.

    None when no pid is recorded, or the pid is gone, a zombie, or by now belongs to another
    program.
    """
    recorded = _recorded(data)
    if recorded is None:
        return None
    try:
        process = psutil.Process(recorded.pid)
        if process.status() == psutil.STATUS_ZOMBIE or not _is_postgres(process):
            return None
        if str(data) not in process.cmdline():
            return None
        return replace(recorded, uprooted=not Path(process.exe()).exists())
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return recorded


def await_orphans(data: Path) -> None:
    """Let processes that a killed server left behind end before a new one starts over them."""
    left = list(_orphans(data))
    _, left = psutil.wait_procs(left, timeout=ORPHAN_SECONDS)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=ORPHAN_SECONDS)


def _recorded(data: Path) -> Postmaster | None:
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        status = lines[7].strip() if len(lines) > 7 else ""
        return Postmaster(int(lines[0]), int(lines[3]), status == "ready")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_postgres(process: psutil.Process) -> bool:
    return "postgres" in process.name().lower()


def _orphans(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if _is_postgres(process) and Path(process.cwd()) == data:
                yield process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
