"""A worker process beside the server: started again when it dies, ended with the server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Final

import structlog

from landbridge.kit import metrics

log = structlog.get_logger(__name__)

RESTART_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STOP_SECONDS: Final = 15.0


class SupervisedWorker:
    """Keeps one `landbridge worker` running.

    Executing flows in a process of its own leaves the server's processor to its pages. The
    worker ends by itself when the server is killed. Ctrl-C in a terminal reaches the server alone,
    which then ends the worker.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> SupervisedWorker:
        """Start the worker."""
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Ask the worker to stop, and wait for it."""
        self._stop.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(timeout=STOP_SECONDS)
        if self._process is not None and self._process.poll() is None:
            log.warning("worker_did_not_stop", pid=self._process.pid)
            self._process.kill()

    def _run(self) -> None:
        restarts = 0
        command = [sys.executable, "-m", "landbridge", "worker", "--with-parent", str(os.getpid())]
        while not self._stop.is_set():
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0
            )
            code = self._process.wait()
            metrics.forget_process(self._process.pid)
            if self._stop.is_set():
                return
            pause = RESTART_SECONDS[min(restarts, len(RESTART_SECONDS) - 1)]
            restarts += 1
            log.error("worker_died", exit_code=code, restarts=restarts, again_in=pause)
            self._stop.wait(pause)
