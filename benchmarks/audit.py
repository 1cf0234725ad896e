"""What auditing costs, and how fast a log is verified: each beside the same work without it, in
the same run.

    python -m benchmarks.audit [TRANSACTIONS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from landbridge.audit import service
from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.kit.settings import Settings
from tests.support import accounts, server
from tests.support.accounts import Account

ROUNDS = 5
BULK = 20_000
DECISIONS = 1_000
THREADS = 4

FINDINGS = """
insert into app.findings (id, engagement_id, code, severity, title, detail, remedy, cache_key)
select gen_random_uuid(), :engagement, 'EOL', 'high', 'Windows Server 2012 R2', 'Ended', 'Replace',
       i::text from generate_series(1, :count) i"""
DECIDE = """
update app.findings set status = 'accepted', decision_reason = 'Known', decided_by = :user
 where id in (select id from app.findings where status = 'open' limit :count)"""


def audited(databases: Databases, *, on: bool) -> None:
    """Switch every audit trigger on or off."""
    assert databases.admin_url is not None
    word = "enable" if on else "disable"
    with bootstrap.connect(databases.admin_url) as connection:
        names = connection.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger"
            " where not tgisinternal and tgname like 'audit\\_%'"
        ).fetchall()
        for table, name in names:
            connection.execute(f"alter table {table} {word} trigger {name}")  # type: ignore[arg-type]


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(name: str, databases: Databases, work: Callable[[], None], per: int) -> None:
    """Print the medians with and without auditing, in turns, and their ratio."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for on in (False, True):
            audited(databases, on=on)
            times[on].append(seconds(work))
    audited(databases, on=True)
    without, with_it = (statistics.median(times[on]) for on in (False, True))
    print(
        f"{name:<58} without {without / per * 1e6:>9,.1f} µs"
        f"  audited {with_it / per * 1e6:>9,.1f} µs  ratio {with_it / without:.2f}"
    )


class Work:
    """What people and workers do, on an account of its own."""

    def __init__(self, databases: Databases, account: Account, transactions: int) -> None:
        self.databases, self.account, self.transactions = databases, account, transactions
        self.job = accounts.make_flow(databases, account)

    def decide_one_by_one(self, count: int | None = None) -> None:
        """A person accepts one finding per transaction."""
        for _ in range(count or self.transactions):
            with self.databases.app.open(self.account.access) as session:
                session.execute(text(DECIDE), {"user": self.account.user_id, "count": 1})

    def decide_in_parallel(self) -> None:
        """The same by several people of one account at once."""
        each = self.transactions // THREADS
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self.decide_one_by_one, [each] * THREADS))

    def decide_at_once(self) -> None:
        """A person accepts a thousand findings in one transaction."""
        with self.databases.app.open(self.account.access) as session:
            session.execute(text(DECIDE), {"user": self.account.user_id, "count": DECISIONS})

    def write_in_bulk(self) -> None:
        """A worker writes findings, resolves them and finds them again."""
        with self.databases.worker.open(self.job) as session:
            session.execute(text("delete from app.findings"))
            session.execute(
                text(FINDINGS), {"engagement": self.account.engagement_id, "count": BULK}
            )
            session.execute(text("update app.findings set status = 'resolved'"))
            session.execute(text("update app.findings set status = 'open'"))


def verify(databases: Databases, account: Account) -> None:
    """Print how fast the log just written is verified."""
    with tempfile.TemporaryDirectory() as folder, databases.app.open(account.access) as session:
        start = time.perf_counter()
        found = service.verify(session, Settings(data_dir=Path(folder), audit_signing_key=None))
        taken = time.perf_counter() - start
    assert found.intact, found.faults
    print(
        f"verified {found.entries:,} entries in {found.links:,} links in {taken:.2f} s: "
        f"{found.entries / taken:,.0f} entries/s, {found.links / taken:,.0f} links/s"
    )


def main(transactions: int) -> None:
    """Print one line per kind of work, then the speed of verifying."""
    server.begin_run()
    try:
        databases = server.create_database("landbridge_benchmark_audit")
        account = accounts.make_account(databases)
        work = Work(databases, account, transactions)
        work.write_in_bulk()
        compare("a decision per transaction", databases, work.decide_one_by_one, transactions)
        name = f"a decision per transaction, {THREADS} at once, one account"
        compare(name, databases, work.decide_in_parallel, transactions)
        work.write_in_bulk()
        name = f"{DECISIONS:,} decisions in one transaction, each"
        compare(name, databases, work.decide_at_once, DECISIONS)
        name = f"{BULK:,} findings written and updated by a worker, each"
        compare(name, databases, work.write_in_bulk, BULK)
        verify(databases, account)
        server.drop_database(databases)
    finally:
        server.end_run()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
