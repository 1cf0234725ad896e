"""The engine without us: a worker of a workflow of three steps that do nothing.

python -m benchmarks.flow_parts.raw DATABASE_URL
"""

from __future__ import annotations

import signal
import sys
import threading

from dbos import DBOS, DBOSClient, DBOSConfig

SCHEMA = "raw_dbos"
QUEUE = "raw"
VERSION = "1"


@DBOS.step()
def nothing(key: str) -> dict[str, list[str]]:
    return {"seen": []}


@DBOS.workflow(name="three_steps")
def three_steps(number: int) -> None:
    for key in ("one", "two", "three"):
        nothing(key)


def enqueue(url: str, count: int, partitions: list[str]) -> None:
    """Enqueue `count` workflows, the partitions in turn."""
    client = DBOSClient(system_database_url=url, dbos_system_schema=SCHEMA)
    for number in range(count):
        options = {
            "workflow_name": "three_steps",
            "queue_name": QUEUE,
            "queue_partition_key": partitions[number % len(partitions)],
            "app_version": VERSION,
        }
        client.enqueue(options, number)
    client.destroy()


def main(url: str, concurrency: int, per_partition: int) -> None:
    """Execute workflows until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    config: DBOSConfig = {
        "name": "raw",
        "system_database_url": url,
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": "raw-1",
        "run_migrations": False,
        "sys_db_pool_size": 10,
        "console_log_level": "WARNING",
        "log_level": "WARNING",
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=concurrency,
        partition_worker_concurrency=per_partition,
        polling_interval_sec=0.1,
        on_conflict="always_update",
    )
    stop.wait()
    DBOS.destroy(workflow_completion_timeout_sec=1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
