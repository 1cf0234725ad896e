"""A service that keeps failing is not asked; one caller tries it again."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.circuits import CircuitPolicy, asking, circuits, close
from landbridge.errors.common import NotFound
from landbridge.errors.service_errors import (
    ServiceCircuitOpen,
    ServiceCredentialRefused,
    ServiceFailed,
    ServiceOverloaded,
    ServiceTimedOut,
)
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.types import FlowTypes
from landbridge.kit.ids import new_id
from landbridge.sdk import (
    FlowDefinition,
    FlowType,
    PhaseDefinition,
    RetryPolicy,
    outside_service,
)
from landbridge.worker.runtime import running_worker

RUNS = text(
    "select status, error->>'code' as code from app.phase_runs"
    " where flow_id = :flow order by attempt"
)
QUICK = CircuitPolicy(failures=3, open_seconds=0.4, most_seconds=5.0, probe_seconds=5.0)


@pytest.fixture
def ask(databases):
    """Asks a service of this test's own; `ask(error)` has it fail."""
    name = f"svc-{new_id().hex[-12:]}"

    def call(error=None, policy=QUICK, engine=databases.worker.engine):
        with asking(engine, name, policy):
            if error is not None:
                raise error

    call.name = name
    call.engine = databases.worker.engine
    return call


def state(ask):
    return next(c for c in circuits(ask.engine) if c.provider == ask.name)


def fail(ask, times=3, error=None):
    for _ in range(times):
        with contextlib.suppress(ServiceFailed, ServiceOverloaded):
            ask(error or ServiceFailed(service="it"))


def test_it_opens_after_so_many_failures_for_every_process_and_login(ask, databases):
    fail(ask, 2)
    assert (state(ask).state, state(ask).failures) == ("closed", 2)
    fail(ask, 1)
    assert (state(ask).state, state(ask).last_code) == ("open", "SERVICE_FAILED")
    with pytest.raises(ServiceCircuitOpen) as refused:
        ask(engine=databases.app.engine)
    assert refused.value.fields["retry_after"] >= 1


def test_a_success_between_failures_keeps_it_closed(ask):
    for _ in range(4):
        fail(ask, 2)
        ask()
    assert (state(ask).state, state(ask).failures) == ("closed", 0)


def test_failures_far_apart_do_not_open_it(ask):
    narrow = CircuitPolicy(failures=2, window_seconds=0.1)
    for _ in range(3):
        with pytest.raises(ServiceFailed):
            ask(ServiceFailed(service="it"), narrow)
        time.sleep(0.15)
    assert state(ask).state == "closed"


def test_of_many_callers_one_tries_and_its_success_closes_it(ask):
    fail(ask)
    time.sleep(0.5)
    met: Counter[str] = Counter()
    inside, everybody = threading.Event(), threading.Barrier(6)

    def caller():
        everybody.wait()
        try:
            with asking(ask.engine, ask.name, QUICK):
                met["asked"] += 1
                inside.wait(2)
        except ServiceCircuitOpen:
            met["refused"] += 1
            if met["refused"] == 5:
                inside.set()

    threads = [threading.Thread(target=caller) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == {"asked": 1, "refused": 5}
    assert (state(ask).state, state(ask).openings) == ("closed", 0)
    ask()


def test_a_try_that_fails_opens_it_for_longer(ask):
    fail(ask)
    time.sleep(0.5)
    fail(ask, 1)
    assert (state(ask).state, state(ask).openings) == ("open", 2)
    time.sleep(0.5)
    with pytest.raises(ServiceCircuitOpen):
        ask()
    time.sleep(0.4)
    ask()
    assert state(ask).state == "closed"


def test_it_stays_open_for_as_long_as_the_service_asks(ask):
    fail(ask, 3, ServiceOverloaded(service="it", retry_after=4))
    assert 3 <= state(ask).seconds <= 4


def test_what_says_nothing_about_the_service_does_not_count_and_ends_a_try(ask):
    for error in (ServiceCredentialRefused(service="it"), NotFound()):
        for _ in range(4):
            with pytest.raises(type(error)):
                ask(error)
    assert (state(ask).state, state(ask).failures) == ("closed", 0)
    fail(ask)
    time.sleep(0.5)
    with pytest.raises(NotFound):
        ask(NotFound())
    assert state(ask).state == "half_open"
    ask()
    assert state(ask).state == "closed"


def test_errors_of_clients_leave_it_catalogued(ask):
    request = httpx.Request("GET", "https://api.example.com/x")
    with pytest.raises(ServiceTimedOut) as met:
        ask(httpx.ReadTimeout("late", request=request))
    assert met.value.fields["service"] == "api.example.com"
    assert state(ask).failures == 1


def test_an_operator_closes_it(ask):
    fail(ask)
    assert close(ask.engine, ask.name)
    ask()
    assert not close(ask.engine, "nobody-asked-this")


class Nothing(BaseModel):
    """Inputs of a flow that needs none."""


class Price(BaseModel):
    """What a service said."""

    amount: int


class Asks:
    """A phase that asks a service which fails for the first two times."""

    key, title, unit, output = "price", "Price it", "prices", Price

    def __init__(self, name):
        self.name, self.asked = name, 0

    def run(self, context):
        with outside_service(context, self.name, CircuitPolicy(failures=2, open_seconds=0.5)):
            self.asked += 1
            if self.asked <= 2:
                raise httpx.ConnectError("nobody listens")
        return Price(amount=7)


def test_a_flow_waits_for_the_circuit_and_goes_on_with_the_service(databases, account):
    phase = Asks(f"svc-{new_id().hex[-12:]}")
    retry = RetryPolicy(attempts=6, first_seconds=0.1, factor=1.0)
    planned = PhaseDefinition(key="price", title="Price it", unit="prices", weight=1, retry=retry)
    definition = FlowDefinition(flow_type="pricing", title="Pricing", version=1, phases=(planned,))
    types = FlowTypes(pricing=lambda: FlowType(definition, Nothing, {"price": phase}, {}))
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types)
    with databases.app.open(account.access) as session:
        flow = orchestrator.create(session, account.engagement_id, "pricing", {})

    def runs():
        with databases.app.open(account.access) as session:
            return session.execute(RUNS, {"flow": flow}).all()

    with running_worker(databases.worker, types):
        deadline = time.monotonic() + 30
        while runs()[-1].status != "completed" and time.monotonic() < deadline:
            time.sleep(0.1)
    assert runs()[-1].status == "completed"
    assert [r.code for r in runs()[:2]] == ["SERVICE_UNREACHABLE", "SERVICE_UNREACHABLE"]
    assert {r.code for r in runs()[2:-1]} <= {"SERVICE_CIRCUIT_OPEN"}
    assert phase.asked == 3, "it was asked once after it had failed"
