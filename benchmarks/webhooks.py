"""What an event costs for having webhooks: the share of the outbox trigger in its insertion.

    python -m benchmarks.webhooks

PostgreSQL's own clock (EXPLAIN ANALYZE) is read, so that a busy machine disturbs little.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess
from landbridge.kit.ids import new_id
from tests.support import accounts, server
from tests.support.accounts import Account

EVENTS = 400
INSERT = text(
    "explain (analyze, costs off) insert into app.flow_events (flow_id, seq, kind)"
    " values (:flow, :seq, 'phase.completed')"
)
SUBSCRIBE = text(
    "insert into app.webhooks (id, url, kinds, created_by)"
    " values (:id, 'https://example.com', cast(:kinds as text[]), :id)"
)


@contextmanager
def database() -> Iterator[Databases]:
    server.begin_run()
    databases = server.create_database("benchmark")
    try:
        yield databases
    finally:
        databases.close()
        server.end_run()


def measure(databases: Databases, job: JobAccess, first: int) -> tuple[float, float]:
    """Median microseconds of the whole insertion and of the trigger."""
    whole, trigger = [], []
    for seq in range(first, first + EVENTS):
        with databases.worker.open(job) as session:
            told = "\n".join(session.execute(INSERT, {"flow": job.flow_id, "seq": seq}).scalars())
        whole.append(1000 * float(re.findall(r"Execution Time: ([\d.]+)", told)[0]))
        trigger.append(1000 * float(re.findall(r"tell_webhooks: time=([\d.]+)", told)[0]))
    return statistics.median(whole), statistics.median(trigger)


def subscribe(databases: Databases, account: Account, kinds: list[str]) -> None:
    with databases.app.open(account.access) as session:
        session.execute(SUBSCRIBE, {"id": new_id(), "kinds": kinds})


def main() -> None:
    with database() as databases:
        account = accounts.make_account(databases)
        job = accounts.make_flow(databases, account)
        seq = 1
        for label, kinds in (
            ("without a webhook", None),
            ("one webhook for another kind", ["flow.completed"]),
            ("one webhook that is told", ["*"]),
        ):
            if kinds:
                subscribe(databases, account, kinds)
            whole, trigger = measure(databases, job, seq)
            seq += EVENTS
            print(f"{label:30} insertion {whole:6.0f} us, of which trigger {trigger:6.1f} us")


if __name__ == "__main__":
    main()
