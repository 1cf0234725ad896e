"""Jobs that were given to this process without its knowing.

The engine marks a job as given, then hands it over. When the database goes away between the
two, the job belongs to a worker that lives and does not run it; nobody else would take it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from landbridge.flows.engine import FlowClient
from landbridge.occurrences.noting import note_background

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 4.0


@contextmanager
def hearing(engine: FlowClient, executor_id: str) -> Iterator[None]:
    """Put such jobs back on their queues until the block ends; seen twice, they are sure."""
    stop = threading.Event()

    def run() -> None:
        suspected: set[str] = set()
        while not stop.wait(LOOK_SECONDS):
            try:
                found = engine.unheard(executor_id)
                sure = {name: queue for name, queue in found.items() if name in suspected}
                suspected = set(found) - set(sure)
                if sure:
                    engine.put_back(sure)
                    log.warning("jobs_put_back", executor=executor_id, count=len(sure))
            except Exception as error:  # a thread that ended here would leave jobs lying
                log.warning("jobs_not_looked_at", executor=executor_id, exc_info=True)
                note_background("jobs_not_looked_at", error)

    thread = threading.Thread(target=run, name="unheard", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)
