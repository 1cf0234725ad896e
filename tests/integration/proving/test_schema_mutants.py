"""Planted mistakes in the schema that let rows through: the prover, which knows no rule, finds
each of them. Those that break a rule are planted for the lint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from landbridge.database import bootstrap
from landbridge.proving.findings import Findings
from landbridge.proving.relations import prove_relations
from landbridge.proving.schema import tenant_tables
from tests.support import server
from tests.support.schema_mistakes import LEAKING

ALWAYS = {"app.client_accounts", "app.engagements"}
TABLE = re.compile(r"app\.[a-z_]+")
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class House:
    """A database in which mistakes are planted and taken back."""

    connection: Connection
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


@pytest.fixture(scope="module")
def house(worker_id: str) -> Iterator[House]:
    databases = server.create_database(f"landbridge_{worker_id}_proof")
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        tables = tenant_tables(connection)
        parents = {t.name: {k.target for k in t.foreign_keys} for t in tables}
        yield House(connection, parents)
    server.drop_database(databases)


def test_nothing_is_found_without_a_mistake(house: House) -> None:
    assert house.proved("select 'app.assets'") == set()


def test_proving_leaves_nothing_behind(house: House) -> None:
    counted = "select (select count(*) from app.client_accounts), (select count(*) from app.assets)"
    before = house.connection.execute(counted).fetchone()
    wanted = house.tables("app.assets")
    prove_relations(house.connection, Findings(), wanted=lambda t: t.name in wanted)
    assert house.connection.execute(counted).fetchone() == before


@pytest.mark.parametrize("name", LEAKING)
def test_the_prover_finds(name: str, house: House) -> None:
    assert house.proved(LEAKING[name]) - {"VACUOUS"}
