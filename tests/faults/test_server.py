"""What happens to requests while the database misbehaves, and that they go on when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import sqlalchemy as sa
import structlog

from tests.support.accounts import Account, make_account
from tests.support.cluster import Cluster, own_cluster
from tests.support.fault_table import ASKED, UNNOTICED, Seen
from tests.support.faults import PROCESSORS, faulty_types, told_of
from tests.support.http import serving

DEADLINE = 20.0  # seconds: longer than any wait for the database may take


@dataclass(frozen=True, slots=True)
class Deployment:
    """A served application over a cluster that may be treated badly."""

    cluster: Cluster
    account: Account
    url: str

    @property
    def engagements(self) -> str:
        """An address that reads and writes."""
        return f"/api/v1/client-accounts/{self.account.client_account_id}/engagements"

    def write(self, **options: object) -> httpx.Response:
        """Create an engagement."""
        name = f"Engagement {time.monotonic_ns()}"
        return httpx.post(
            self.url + self.engagements,
            json={"name": name},
            headers=self.account.headers,
            timeout=DEADLINE,
        )

    def read(self) -> httpx.Response:
        """List the engagements."""
        return httpx.get(
            self.url + self.engagements, headers=self.account.headers, timeout=DEADLINE
        )

    def as_admin(self, *statements: str) -> None:
        """Change the server."""
        assert self.cluster.databases.admin_url is not None
        engine = sa.create_engine(self.cluster.databases.admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def forget_connections(self) -> None:
        """Have every request connect anew."""
        self.as_admin(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app_rw'"
        )


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    with own_cluster() as cluster:
        account = make_account(cluster.databases)
        with serving(cluster.databases, types=faulty_types()) as url:
            yield Deployment(cluster, account, url)


@contextmanager
def stopped(d: Deployment) -> Iterator[None]:
    data = d.cluster.server.location.data
    d.cluster.server.binaries.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    try:
        yield
    finally:
        d.cluster.server.start()


@contextmanager
def altered(d: Deployment, change: str, back: str) -> Iterator[None]:
    d.as_admin(change)
    d.forget_connections()
    try:
        yield
    finally:
        d.as_admin(back)
        d.forget_connections()


@contextmanager
def refusing_writes(d: Deployment, body: str) -> Iterator[None]:
    d.as_admin(
        f"create function public.fault() returns trigger language plpgsql as"
        f" $$ begin {body}; return new; end $$",
        "create trigger a_fault before insert on app.engagements"
        " for each row execute function public.fault()",
    )
    try:
        yield
    finally:
        d.as_admin("drop trigger a_fault on app.engagements", "drop function public.fault()")


@contextmanager
def locked(d: Deployment) -> Iterator[None]:
    assert d.cluster.databases.admin_url is not None
    engine = sa.create_engine(d.cluster.databases.admin_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("lock table app.engagements in access exclusive mode")
        yield
    engine.dispose()


def raising(sqlstate: str) -> Callable[[Deployment], object]:
    body = f"raise exception 'canary-sql' using errcode = '{sqlstate}'"
    return lambda d: refusing_writes(d, body)


FAULTS = {
    "database down": (stopped, "DATABASE_UNAVAILABLE", 503),
    "no connection left": (
        lambda d: altered(
            d, "alter role app_rw connection limit 0", "alter role app_rw connection limit -1"
        ),
        "DATABASE_TOO_MANY_CONNECTIONS",
        503,
    ),
    "login locked": (
        lambda d: altered(d, "alter role app_rw nologin", "alter role app_rw login"),
        "DATABASE_AUTHENTICATION_FAILED",
        503,
    ),
    "password of the login expired": (
        lambda d: altered(
            d,
            "alter role app_rw valid until '2001-01-01'",
            "alter role app_rw valid until 'infinity'",
        ),
        "DATABASE_AUTHENTICATION_FAILED",
        503,
    ),
    "server made read-only": (
        lambda d: altered(
            d,
            "alter role app_rw set default_transaction_read_only = on",
            "alter role app_rw reset default_transaction_read_only",
        ),
        "DATABASE_READ_ONLY",
        503,
    ),
    "table locked": (locked, "DATABASE_BUSY", 503),
    "disk full in the database": (raising("53100"), "DATABASE_DISK_FULL", 507),
    "memory used up in the database": (raising("53200"), "DATABASE_OVERLOADED", 503),
    "deadlock": (raising("40P01"), "CONCURRENT_CHANGE", 409),
    "serialization failure": (raising("40001"), "CONCURRENT_CHANGE", 409),
    "statement too slow": (raising("57014"), "DATABASE_BUSY", 503),
    "damage in a table": (raising("XX001"), "DATABASE_CORRUPTED", 500),
    "a defect of ours": (raising("22012"), "INTERNAL_ERROR", 500),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_request_meets(name: str, deployment: Deployment, catalogue, faults) -> None:
    inject, code, status = FAULTS[name]
    assert deployment.write().status_code == 201
    before = len(deployment.read().json()["items"])
    with inject(deployment), structlog.testing.capture_logs(PROCESSORS) as logged:
        began = time.monotonic()
        answer = deployment.write()
        assert time.monotonic() - began < DEADLINE
    problem, seen = answer.json(), Seen(f"request: {name}")
    assert answer.status_code == status
    trace_id = seen.problem(problem, code, catalogue)
    seen.check("answer", answer.headers["x-trace-id"], trace_id)
    seen.check("log", code in told_of(trace_id, logged))
    assert "canary" not in answer.text
    assert "retry-after" in answer.headers or not problem["retryable"] or status == 409
    seen.check("over", deployment.write().status_code, 201)
    seen.check("kept", len(deployment.read().json()["items"]), before + 1)
    faults.saw(seen, "the next request", asked=ASKED)


def test_probes_are_told_why(deployment: Deployment, catalogue, faults) -> None:
    name, ready = "probe: database down", deployment.url + "/readyz?verbose"
    seen, before = Seen(name), len(deployment.read().json()["items"])
    with stopped(deployment):
        answer = httpx.get(ready, timeout=DEADLINE)
        alive = httpx.get(deployment.url + "/livez", timeout=DEADLINE)
    assert (answer.status_code, alive.status_code) == (503, 200)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == str(answer.json()["retry_after"])
    trace_id = seen.problem(answer.json(), "NOT_READY", catalogue)
    seen.check("answer", answer.headers["x-trace-id"], trace_id)
    failed = next(c for c in answer.json()["checks"] if not c["passed"])
    assert (failed["name"], failed["code"]) == ("database", "DATABASE_UNAVAILABLE")
    assert failed["remedy"]
    seen.check("over", httpx.get(ready, timeout=DEADLINE).json()["status"], "ready")
    seen.check("kept", len(deployment.read().json()["items"]), before)
    faults.saw(seen, "the next probe", asked=ASKED - {"log"})  # a probe comes every few seconds


def test_sessions_that_the_server_ends_go_unnoticed(deployment: Deployment, faults) -> None:
    got_over(deployment, "every session ended", deployment.forget_connections, faults)


def test_a_crashed_server_is_met_again(deployment: Deployment, faults) -> None:
    crash = deployment.cluster.crash_and_restart
    got_over(deployment, "database crashed and restarted", crash, faults)


def got_over(deployment: Deployment, name: str, inject: Callable[[], object], faults) -> None:  # type: ignore[no-untyped-def]
    seen, before = Seen(f"request: {name}"), len(deployment.read().json()["items"])
    inject()
    seen.check("over", deployment.write().status_code, 201)
    seen.check("kept", len(deployment.read().json()["items"]), before + 1)
    faults.saw(seen, "connected anew", asked=UNNOTICED)
