"""Failures of the driver have names."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy.exc
from psycopg import errors as pg

from landbridge.database import errors
from landbridge.database.errors import catalogued, catalogued_errors
from landbridge.errors.common import DatabaseUnavailable


@pytest.mark.parametrize(
    ("foreign", "code"),
    [
        (pg.ConnectionFailure(), "DATABASE_UNAVAILABLE"),
        (pg.AdminShutdown(), "DATABASE_UNAVAILABLE"),
        (pg.CannotConnectNow(), "DATABASE_UNAVAILABLE"),
        (pg.InvalidPassword(), "DATABASE_AUTHENTICATION_FAILED"),
        (pg.InvalidCatalogName(), "DATABASE_NOT_FOUND"),
        (pg.TooManyConnections(), "DATABASE_TOO_MANY_CONNECTIONS"),
        (pg.DiskFull(), "DATABASE_DISK_FULL"),
        (pg.SerializationFailure(), "CONCURRENT_CHANGE"),
        (pg.DeadlockDetected(), "CONCURRENT_CHANGE"),
        (pg.LockNotAvailable(), "DATABASE_BUSY"),
        (pg.QueryCanceled(), "DATABASE_BUSY"),
        (pg.ReadOnlySqlTransaction(), "DATABASE_READ_ONLY"),
        (pg.InsufficientPrivilege(), "DATABASE_PERMISSION_MISSING"),
        (psycopg.OperationalError("connection refused"), "DATABASE_UNAVAILABLE"),
        (
            psycopg.OperationalError('FATAL:  password authentication failed for user "x"'),
            "DATABASE_AUTHENTICATION_FAILED",
        ),
        (psycopg.OperationalError('FATAL:  database "x" does not exist'), "DATABASE_NOT_FOUND"),
        (
            psycopg.OperationalError("FATAL:  sorry, too many clients already"),
            "DATABASE_TOO_MANY_CONNECTIONS",
        ),
        (sqlalchemy.exc.TimeoutError(), "DATABASE_TOO_MANY_CONNECTIONS"),
    ],
)
def test_a_failure_gets_its_name_however_it_is_wrapped(foreign: Exception, code: str) -> None:
    for error in (foreign, sqlalchemy.exc.DBAPIError("select 1", {}, foreign)):
        if isinstance(foreign, psycopg.Error) or error is foreign:
            named = catalogued(error)
            assert named is not None
            assert named.code == code


@pytest.mark.parametrize("foreign", [pg.UniqueViolation(), pg.SyntaxError(), ValueError("x")])
def test_a_defect_keeps_its_own_type(foreign: Exception) -> None:
    assert catalogued(foreign) is None
    with pytest.raises(type(foreign)), catalogued_errors():
        raise foreign


def test_no_name_repeats_the_drivers_text() -> None:
    secret = psycopg.OperationalError("connection to 10.0.0.7 failed: secret")
    with pytest.raises(DatabaseUnavailable) as caught, catalogued_errors():
        raise secret
    assert "10.0.0.7" not in str(caught.value.problem())


def test_every_sqlstate_of_the_table_exists() -> None:
    for sqlstate in errors.BY_SQLSTATE:
        assert pg.lookup(sqlstate)
