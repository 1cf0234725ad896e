"""Many client accounts with large estates, made inside the database by generate_series.

Rows are inserted by a superuser with triggers and secondary indexes out of the way, and look as
flows would have left them: names that share prefixes, a finding on every tenth asset, edges,
conflicts, imports with issues, flows with events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from string import Template
from typing import Final
from uuid import UUID

from psycopg import sql

from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.database.session import CredentialAccess
from landbridge.identity import client_accounts, keys, users
from landbridge.identity.permissions import Role

INDEXES: Final = """
  select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid
   where c.relnamespace = 'app'::regnamespace and not i.indisunique"""

TABLES: Final = """
  select relname from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'"""
STATEMENTS: Final = Path(__file__).with_suffix(".sql")
FLOWS: Final = 50
BATCH: Final = 20  # accounts whose rows are made by one statement


class Kind(IntEnum):
    """Part of every id, so that an id says what it is of."""

    ACCOUNT = 1
    ENGAGEMENT = 2
    ASSET = 3
    FINDING = 4
    EDGE = 5
    CONFLICT = 6
    APPLICATION = 7
    FLOW = 8
    APPROVAL = 9
    IMPORT = 10
    FILE = 11
    TABLE = 12
    ISSUE = 13
    RUN = 14


@dataclass(frozen=True, slots=True)
class Crowd:
    """The accounts of a database that this module filled.

    Attributes:
        accounts: how many.
        assets: how many each has.
    """

    accounts: int
    assets: int

    def account(self, number: int) -> UUID:
        """The id of an account, numbered from 1."""
        return _id(number, Kind.ACCOUNT)

    def engagement(self, number: int) -> UUID:
        """The one engagement of this account."""
        return _id(number, Kind.ENGAGEMENT)

    def asset(self, number: int, n: int) -> UUID:
        """The n-th asset of this account, counted from 1."""
        return _id(number, Kind.ASSET, n)

    def flow(self, number: int, n: int) -> UUID:
        """The n-th flow of this account, counted from 1."""
        return _id(number, Kind.FLOW, n)

    def imported(self, number: int, n: int) -> UUID:
        """The n-th import of this account, counted from 1."""
        return _id(number, Kind.IMPORT, n)


def fill(databases: Databases, accounts: int, assets: int) -> Crowd:
    """Fill a database that has no accounts yet; its administrator must be a superuser."""
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '512MB'")
        indexes = connection.execute(INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("drop index {}").format(sql.SQL(name)))
        sizes = {"accounts": accounts, "assets": assets, "flows": FLOWS}
        once, rows = statements()
        for statement in once:
            connection.execute(statement.substitute(sizes).encode())
        for first in range(1, accounts + 1, BATCH):
            of = {**sizes, "first": first, "last": min(first + BATCH - 1, accounts)}
            for statement in rows:
                connection.execute(statement.substitute(of).encode())
        for _, definition in indexes:
            connection.execute(sql.SQL(definition))
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier("app", table)))
    return Crowd(accounts, assets)


def statements() -> tuple[list[Template], list[Template]]:
    """What runs once, and what runs for each batch of accounts."""
    kinds = {kind.name: str(kind.value) for kind in Kind}
    parts = [
        Template(Template(part).safe_substitute(kinds))
        for part in STATEMENTS.read_text(encoding="utf-8").split(";\n")
        if part.strip()
    ]
    once = [part for part in parts if "$first" not in part.template]
    return once, [part for part in parts if "$first" in part.template]


def open_accounts(databases: Databases, crowd: Crowd, numbers: list[int]) -> list[CredentialAccess]:
    """Give one user an API key and the role of an admin in these accounts."""
    owner = databases.owner
    assert owner is not None
    user = users.ensure_user(owner, "benchmark@example.com", "Benchmark")
    secret = keys.create_api_key(owner, user, label="benchmark")
    for number in numbers:
        users.set_membership(owner, user, crowd.account(number), Role.ADMIN)
    return [CredentialAccess(secret.hash, crowd.account(number)) for number in numbers]


def found(databases: Databases) -> Crowd | None:
    """What an earlier run left in this database; None when it holds no accounts."""
    assert databases.owner is not None
    if not client_accounts.list_client_accounts(databases.owner):
        return None
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        row = connection.execute(
            "select (select count(*) from app.client_accounts),"
            " (select count(*) from app.assets where client_account_id = %s)",
            [_id(1, Kind.ACCOUNT)],
        ).fetchone()
    return Crowd(*row) if row else None


def _id(account: int, kind: Kind, n: int = 0) -> UUID:
    return UUID(bytes=account.to_bytes(4, "big") + kind.to_bytes(4, "big") + n.to_bytes(8, "big"))
