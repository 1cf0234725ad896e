"""Planted mistakes: the lint finds each of them, so that a clean lint means something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from landbridge.tenancy.lint import lint
from landbridge.tenancy.rules import RULES
from tests.support import server
from tests.support.schema_mistakes import LINTED as MUTANTS

NOT_PLANTED = {
    "SERVER_VERSION": "A server cannot be made older.",
    "UNTRUSTED_LANGUAGE": "The embedded server brings none.",
}


@pytest.fixture(scope="module")
def connection(worker_id: str) -> Iterator[Connection]:
    """A superuser's connection to an empty database, in which mistakes are rolled back."""
    databases = server.create_database(f"landbridge_{worker_id}_mistakes")
    assert databases.admin_url is not None
    engine = create_engine(databases.admin_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    server.drop_database(databases)


@pytest.mark.parametrize("name", MUTANTS)
def test_the_lint_finds(name: str, connection: Connection) -> None:
    mistake, code = MUTANTS[name]
    with connection.begin() as transaction:
        connection.execution_options(no_parameters=True).exec_driver_sql(mistake)
        found = {violation.code for violation in lint(connection)}
        transaction.rollback()
    assert code in found


def test_every_rule_has_a_planted_mistake() -> None:
    planted = {code for _, code in MUTANTS.values()}
    assert {rule.code for rule in RULES} - planted == set(NOT_PLANTED)


def test_our_own_schema_keeps_every_promise(connection: Connection) -> None:
    with connection.begin():
        assert lint(connection) == []


def test_rule_codes_are_unique() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
