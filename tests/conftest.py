"""Shared by all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess, SessionDoor
from tests.support import accounts, network, server
from tests.support.accounts import Account
from tests.support.fault_table import print_table


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        server.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        server.end_run()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of the faults that the run injected, and what the contract was asked."""
    told: dict[str, list[Any]] = {"fault": [], "contract": []}
    for report in terminalreporter.stats.get("passed", []):
        for key, value in report.user_properties:
            told.get(key, []).append(value)
    print_table(terminalreporter, told["fault"])
    if told["contract"]:
        answers = sum(row[1] for row in told["contract"])
        refusals = sum(sum(row[2].values()) for row in told["contract"])
        terminalreporter.section(f"{answers} answers checked, {refusals} of them refusals")
    for name, answers, codes in told["contract"]:
        refused = f"{sum(codes.values())} refusals of {len(codes)} codes"
        terminalreporter.write_line(f"{name:44} {answers:6} answers {refused}")


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        network.close_the_outside(patch)
        yield


@pytest.fixture(scope="session")
def databases(worker_id: str) -> Iterator[Databases]:
    """A migrated database of this xdist worker's own; tests share it, each in its own account."""
    made = server.create_database(f"landbridge_{worker_id}")
    yield made
    made.close()


@pytest.fixture
def fresh_databases(worker_id: str) -> Iterator[Databases]:
    """A migrated database for one test alone."""
    made = server.create_database(f"landbridge_{worker_id}_fresh")
    yield made
    server.drop_database(made)


@pytest.fixture
def door(databases: Databases) -> SessionDoor:
    """The door of people's requests: `app_rw`."""
    return databases.app


@pytest.fixture
def worker_door(databases: Databases) -> SessionDoor:
    """The door of flows: `app_worker`."""
    return databases.worker


@pytest.fixture
def make_account(databases: Databases) -> Callable[..., Account]:
    """Makes a client account: `make_account(role=Role.VIEWER, name="Acme")`."""
    return lambda **options: accounts.make_account(databases, **options)


@pytest.fixture
def account(databases: Databases) -> Account:
    """A fresh client account with an admin."""
    return accounts.make_account(databases)


@pytest.fixture
def other_account(databases: Databases) -> Account:
    """Another client account, which must never see anything of `account`."""
    return accounts.make_account(databases)


@pytest.fixture
def make_flow(databases: Databases) -> Callable[..., JobAccess]:
    """Makes a flow's row: `make_flow(account)`."""
    return lambda *a, **options: accounts.make_flow(databases, *a, **options)
