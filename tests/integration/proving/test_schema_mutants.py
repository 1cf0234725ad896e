"""Planted mistakes in the schema: the lint or the prover finds each of them, and those that
really let rows through are found by the prover, which knows no rule.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import Connection as Lint
from sqlalchemy import create_engine

from landbridge.database import bootstrap
from landbridge.proving.findings import Findings
from landbridge.proving.relations import prove_relations
from landbridge.proving.schema import tenant_tables
from landbridge.tenancy.lint import lint
from tests.support import server
from tests.support.schema_mistakes import LEAKING, LINTED

ALWAYS = {"app.client_accounts", "app.engagements"}
TABLE = re.compile(r"app\.[a-z_]+")
MISTAKES = {name: sql for name, (sql, _) in LINTED.items()} | LEAKING
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class House:
    """A database in which mistakes are planted and taken back, by the prover's connection and
    by the lint's.
    """

    connection: Connection
    lint: Lint
    parents: dict[str, set[str]]

    def tables(self, mistake: str) -> set[str]:
        """What a mistake is about, with every table that its rows point to."""
        found, more = set(), {*ALWAYS, *TABLE.findall(mistake)}
        while more:
            found |= more
            more = {p for name in more for p in self.parents.get(name, ())} - found
        return found

    def proved(self, mistake: str) -> set[str]:
        """What the prover finds once the mistake is planted."""
        found, wanted = Findings(), self.tables(mistake)
        with self.connection.transaction(force_rollback=True):
            self.connection.execute(mistake)
            prove_relations(self.connection, found, wanted=lambda t: t.name in wanted)
        return {v.oracle for v in found.violations}

    def linted(self, mistake: str) -> set[str]:
        """What the lint finds once the mistake is planted."""
        with self.lint.begin() as transaction:
            self.lint.execution_options(no_parameters=True).exec_driver_sql(mistake)
            codes = {v.code for v in lint(self.lint)}
            transaction.rollback()
        return codes


@pytest.fixture(scope="module")
def house(worker_id: str) -> Iterator[House]:
    databases = server.create_database(f"landbridge_{worker_id}_proof")
    assert databases.admin_url is not None
    engine = create_engine(databases.admin_url)
    with bootstrap.connect(databases.admin_url) as connection, engine.connect() as opened:
        tables = tenant_tables(connection)
        parents = {t.name: {k.target for k in t.foreign_keys} for t in tables}
        yield House(connection, opened, parents)
    engine.dispose()
    server.drop_database(databases)


def test_the_schema_as_it_is_holds(house: House) -> None:
    found = Findings()
    prove_relations(house.connection, found)
    assert found.violations == []
    assert found.notes == []
    assert found.counts["relations"] >= 28
    assert found.counts["statements"] > 2500
    assert found.counts["forged contexts"] >= 12


def test_proving_leaves_nothing_behind(house: House) -> None:
    counted = "select (select count(*) from app.client_accounts), (select count(*) from app.assets)"
    before = house.connection.execute(counted).fetchone()
    wanted = house.tables("app.assets")
    prove_relations(house.connection, Findings(), wanted=lambda t: t.name in wanted)
    assert house.connection.execute(counted).fetchone() == before


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_mistake_is_found(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    table = [(name, house.linted(sql), house.proved(sql)) for name, sql in MISTAKES.items()]
    caught = sum(bool(by_prover) for _, _, by_prover in table)
    lines = [f"{'mistake':<62} {'lint':<30} prover"]
    lines += [f"{name:<62} {_first(a):<30} {_first(b)}" for name, a, b in table]
    lines.append(f"{len(table)} planted, {sum(bool(a) for _, a, _ in table)} found by the lint, "
                 f"{caught} by the prover")  # fmt: skip
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert len(table) >= 40
    assert not [name for name, by_lint, by_prover in table if not by_lint | by_prover]
    assert not [name for name, _, by_prover in table if name in LEAKING and not by_prover]
    assert caught >= 25


def _first(codes: set[str]) -> str:
    more = f" +{len(codes) - 1}" if len(codes) > 1 else ""
    return min(codes) + more if codes else "–"
