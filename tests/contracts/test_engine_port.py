"""What every engine behind the port promises: the durable one, and the one for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient, running_engine
from landbridge.flows.memory import MemoryEngine
from landbridge.flows.port import Job
from landbridge.flows.states import Priority
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account

PATIENCE = 20.0
Running = Callable[[Callable[[Job], None]], AbstractContextManager[None]]
Engine = FlowClient | MemoryEngine


@dataclass
class Bench:
    """An engine, the way to run it, and a record of what it ran."""

    databases: Databases
    engine: Engine
    keeper: Engine
    running: Running
    ran: list[Job] = field(default_factory=list)
    seconds: float = 0.0
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def perform(self, job: Job) -> None:
        with self._lock:
            self.ran.append(job)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        threading.Event().wait(self.seconds)
        with self._lock:
            self._now -= 1

    def job(self, account: Account, **options: object) -> Job:
        return Job(account.client_account_id, new_id(), **options)  # type: ignore[arg-type] - options of Job

    def put(self, account: Account, *jobs: Job) -> None:
        with self.databases.app.open(account.access) as session:
            for job in jobs:
                self.engine.enqueue(session, job)

    def put_and_break(self, account: Account, job: Job) -> None:
        with self.databases.app.open(account.access) as session:
            self.engine.enqueue(session, job)
            raise ZeroDivisionError

    def wait(self, jobs: int) -> list[Job]:
        deadline = time.monotonic() + PATIENCE
        while len(self.ran) < jobs and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        return self.ran


@pytest.fixture(params=["durable", "memory"])
def bench(request: pytest.FixtureRequest, fresh_databases: Databases) -> Bench:
    if request.param == "memory":
        memory = MemoryEngine()
        return Bench(
            fresh_databases,
            memory,
            memory,
            lambda perform: memory.running(perform, concurrency=4, per_account=2),
        )

    @contextmanager
    def running(perform: Callable[[Job], None]) -> Iterator[None]:
        with running_engine(
            perform,
            fresh_databases.worker,
            f"bench-{new_id()}",
            concurrency=4,
            per_account=2,
            providers={},
            drain_seconds=lambda: 5,
        ):
            yield

    door = fresh_databases.worker
    return Bench(fresh_databases, FlowClient(fresh_databases.app), FlowClient(door), running)


def same(a: Job, b: Job) -> bool:
    """Whether both are the same reference; how it was queued is not carried along."""
    return (a.client_account_id, a.flow_id, a.queue) == (b.client_account_id, b.flow_id, b.queue)


def test_a_job_runs_when_its_transaction_commits_and_only_then(bench: Bench) -> None:
    account = make_account(bench.databases)
    lost, kept = bench.job(account), bench.job(account)
    with bench.running(bench.perform):
        with pytest.raises(ZeroDivisionError):
            bench.put_and_break(account, lost)
        with bench.databases.app.open(account.access) as session:
            bench.engine.enqueue(session, kept)
            threading.Event().wait(0.5)
            assert bench.ran == []
        (ran,) = bench.wait(1)
        assert same(ran, kept)


def test_it_knows_which_flows_have_a_job(bench: Bench) -> None:
    account = make_account(bench.databases)
    queued, delayed, none = (
        bench.job(account),
        bench.job(account, delay_seconds=60.0),
        bench.job(account),
    )
    bench.put(account, queued, delayed)
    ids = [queued.flow_id, delayed.flow_id, none.flow_id]
    assert bench.keeper.with_jobs(ids) == {queued.flow_id, delayed.flow_id}
    with bench.running(bench.perform):
        bench.wait(1)
        deadline = time.monotonic() + PATIENCE
        while bench.keeper.with_jobs(ids) != {delayed.flow_id}:
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
    assert bench.keeper.forget(timedelta(0), 100) in {0, 1}
    assert bench.keeper.with_jobs(ids) == {delayed.flow_id}


def test_a_delayed_job_waits_its_time(bench: Bench) -> None:
    account = make_account(bench.databases)
    later, sooner = bench.job(account, delay_seconds=2.0), bench.job(account)
    began = time.monotonic()
    bench.put(account, later, sooner)
    with bench.running(bench.perform):
        ran = bench.wait(2)
    assert [same(ran[0], sooner), same(ran[1], later)] == [True, True]
    assert time.monotonic() - began >= 2.0


def test_the_more_urgent_of_an_account_go_first(bench: Bench) -> None:
    account = make_account(bench.databases)
    low, normal, high = (bench.job(account, priority=p) for p in reversed(Priority))
    bench.seconds = 0.3
    bench.put(account, *[bench.job(account) for _ in range(2)])
    with bench.running(bench.perform):
        bench.wait(2)
        bench.put(account, low, normal, high)
        ran = bench.wait(5)
    order = [job.flow_id for job in ran]
    assert order.index(high.flow_id) < order.index(low.flow_id)


def test_one_accounts_many_jobs_do_not_delay_anothers(bench: Bench) -> None:
    many, few = make_account(bench.databases), make_account(bench.databases)
    bench.seconds = 0.05
    bench.put(many, *[bench.job(many) for _ in range(60)])
    bench.put(few, *[bench.job(few) for _ in range(3)])
    with bench.running(bench.perform):
        ran = bench.wait(63)
    last = max(i for i, job in enumerate(ran) if job.client_account_id == few.client_account_id)
    assert len(ran) == 63
    assert last < 30


def test_an_account_runs_no_more_than_its_share(bench: Bench) -> None:
    account = make_account(bench.databases)
    bench.seconds = 0.2
    bench.put(account, *[bench.job(account) for _ in range(8)])
    with bench.running(bench.perform):
        bench.wait(8)
    assert bench.most_at_once == 2


def test_a_job_that_breaks_does_not_stop_the_others(bench: Bench) -> None:
    account = make_account(bench.databases)
    bad, good = bench.job(account), bench.job(account)

    def perform(job: Job) -> None:
        if job.flow_id == bad.flow_id:
            raise ZeroDivisionError
        bench.perform(job)

    bench.put(account, bad, good)
    with bench.running(perform):
        (ran,) = bench.wait(1)
    assert same(ran, good)
