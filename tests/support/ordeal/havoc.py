"""What happens to the workers and the server of an ordeal."""

from __future__ import annotations

import threading
import time
from random import Random

from landbridge.flows.leases import LEASE_SECONDS
from tests.support.cluster import Cluster
from tests.support.fleet import Fleet, WorkerProcess

FROZEN_SECONDS = LEASE_SECONDS + 4
FREEZE, STOP, CRASH = "freeze a worker", "stop a worker gracefully", "crash the server"
PROGRAMME = (None, FREEZE, None, STOP, None, CRASH)


class Havoc:
    """Kills a worker every few seconds and starts another; and, each once among the kills,
    freezes one for longer than its lease, stops one gracefully in the middle of its work, and
    crashes the server.

    Attributes:
        kills: when which executor was killed, in seconds since the epoch.
        log: what was done, with the seconds since the beginning.
        left: what is still to come.
    """

    def __init__(
        self, cluster: Cluster, fleet: Fleet, random: Random, *, kill_every: float
    ) -> None:
        self._cluster = cluster
        self._fleet = fleet
        self._random = random
        self._kill_every = kill_every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="havoc", daemon=True)
        self._began = time.monotonic()
        self._thaws: list[tuple[float, WorkerProcess]] = []
        self.kills: list[tuple[float, str]] = []
        self.log: list[tuple[float, str]] = []
        self.left = [what for what in PROGRAMME if what]
        self.exit_codes: list[int] = []
        self.failure: BaseException | None = None

    def __enter__(self) -> Havoc:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join(90)

    def _run(self) -> None:
        programme = list(PROGRAMME)
        try:
            while not self._stop.wait(self._kill_every * self._random.uniform(0.6, 1.4)):
                self._thaw_due()
                self._replace_ended()
                if self._do(programme[0] if programme else None) and programme:
                    programme.pop(0)
            self._thaw_due(at_once=True)
        except BaseException as error:
            self.failure = error
            raise

    def _do(self, what: str | None) -> bool:
        """Whether it could be done now."""
        victim = None if what is CRASH else self._victim()
        if what is not CRASH and victim is None:
            return False
        self._say(what or "kill a worker")
        if what is CRASH:
            self._cluster.crash_and_restart()
        elif victim is None:
            return False
        elif what is FREEZE:
            victim.freeze()
            self._thaws.append((time.monotonic() + FROZEN_SECONDS, victim))
        elif what is STOP:
            self.exit_codes.append(victim.end())
            self._fleet.launch()
        else:
            self._kill(victim)
        if what:
            self.left.remove(what)
        return True

    def _kill(self, victim: WorkerProcess) -> None:
        executor = victim.executor
        victim.kill()
        self.kills.append((time.time(), executor))
        self._fleet.launch()

    def _thaw_due(self, *, at_once: bool = False) -> None:
        for moment, worker in list(self._thaws):
            if at_once or time.monotonic() >= moment:
                self._thaws.remove((moment, worker))
                self._say("thaw it")
                worker.thaw()

    def _victim(self) -> WorkerProcess | None:
        """A worker that executes flows, while another one does, too."""
        frozen = [worker for _, worker in self._thaws]
        alive = [w for w in self._fleet.workers if w.process.poll() is None and w not in frozen]
        ready = [w for w in alive if w.is_ready]
        return self._random.choice(ready) if len(ready) > 1 else None

    def _replace_ended(self) -> None:
        for worker in list(self._fleet.workers):
            if worker.process.poll() is not None:
                self._fleet.workers.remove(worker)
                if worker.process.returncode not in (0, -9):
                    self._say(f"a worker ended by itself: {worker.said[-300:]}")
                    self._fleet.launch()

    def _say(self, what: str) -> None:
        self.log.append((round(time.monotonic() - self._began, 1), what))
