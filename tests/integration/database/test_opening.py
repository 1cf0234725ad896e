"""A transaction begins and opens its tenant in one journey, or as the driver was told to."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from landbridge.database import urls
from landbridge.database.engine import Databases
from landbridge.database.opening import begin_with

QUERY = "select encode($1, 'hex') || ' ' || $2 || ' ' || $3"
VALUES = [b"\x01\xff", UUID(int=7), "it's %s"]
TOLD = "01ff 00000000-0000-0000-0000-000000000007 it's %s"


@pytest.fixture
def connection(databases: Databases) -> psycopg.Connection:
    with psycopg.connect(urls.text(databases.app_url.set(drivername="postgresql"))) as made:
        yield made


def test_it_leaves_an_open_transaction(connection: psycopg.Connection) -> None:
    assert begin_with(connection, QUERY, VALUES) == TOLD
    assert connection.info.transaction_status == TransactionStatus.INTRANS
    assert connection.execute("select 1").fetchone() == (1,)
    connection.commit()
    assert begin_with(connection, QUERY, VALUES) == TOLD


def test_other_threads_work_while_the_server_does(connection: psycopg.Connection) -> None:
    began, ticks, done = time.monotonic(), [], threading.Event()

    def tick() -> None:
        while not done.wait(0.01):
            ticks.append(time.monotonic() - began)

    thread = threading.Thread(target=tick)
    thread.start()
    begin_with(connection, "select pg_sleep(0.6)::text", [])
    done.set()
    thread.join()
    assert len([moment for moment in ticks if moment < 0.5]) >= 5


def test_a_chosen_isolation_level_is_kept(connection: psycopg.Connection) -> None:
    connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
    assert begin_with(connection, QUERY, VALUES) == TOLD
    assert connection.execute("show transaction_isolation").fetchone() == ("serializable",)


def test_a_refusal_is_the_drivers_and_leaves_the_connection_usable(
    connection: psycopg.Connection,
) -> None:
    refused = "select app.open($1, $2)::text || $3"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        begin_with(connection, refused, VALUES)
    assert connection.info.transaction_status == TransactionStatus.INERROR
    connection.rollback()
    assert begin_with(connection, QUERY, VALUES) == TOLD


def test_a_lost_connection_is_an_error_of_the_driver(
    connection: psycopg.Connection, databases: Databases
) -> None:
    admin = urls.text(databases.admin_url.set(drivername="postgresql"))
    with psycopg.connect(admin, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        begin_with(connection, QUERY, VALUES)
