"""Fill every table with a row for each of two accounts, whatever tables there are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Json, Jsonb

CHECKS = """
  select conrelid::regclass::text, conname from pg_constraint
   where contype = 'c' and connamespace = 'app'::regnamespace"""
COLUMNS = """
  select attname, atttypid::regtype::text, attnotnull from pg_attribute
   where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
   order by attnum"""
TABLES = """
  select c.oid::regclass::text from pg_class c
   where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
     and c.oid <> 'app.client_accounts'::regclass order by 1"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """Every tenant table and the accounts that have exactly one tainted row in each."""

    tables: tuple[str, ...]
    accounts: tuple[UUID, UUID]


def seed(admin: psycopg.Connection[Any], accounts: tuple[UUID, UUID]) -> Seeded:
    """One row per table and account. Checks and foreign keys are not what is tested: they are
    out of the way in this database.
    """
    for table, name in admin.execute(CHECKS).fetchall():
        admin.execute(
            sql.SQL("alter table {} drop constraint {}").format(
                sql.SQL(table), sql.Identifier(name)
            )
        )
    admin.execute("set session_replication_role = replica")
    tables = tuple(row[0] for row in admin.execute(TABLES).fetchall())
    for table in tables:
        columns = admin.execute(COLUMNS, [table]).fetchall()
        for account in accounts:
            row = {name: value_of(kind, account) for name, kind, _ in columns}
            row["client_account_id"] = account
            admin.execute(
                sql.SQL("insert into {} ({}) values ({})").format(
                    sql.SQL(table),
                    sql.SQL(", ").join(map(sql.Identifier, row)),
                    sql.SQL(", ").join(sql.Placeholder() * len(row)),
                ),
                list(row.values()),
            )
    return Seeded(tables, accounts)


def taint(account: UUID) -> str:
    """Text that appears in rows of this account only."""
    return f"taint-{account.hex}"


def value_of(kind: str, account: UUID) -> Any:
    """A value of this type that names its account where the type has room for it."""
    if kind.endswith("[]"):
        return []
    return {
        "uuid": uuid.uuid4,
        "text": lambda: taint(account),
        "jsonb": lambda: Jsonb({"note": taint(account)}),
        "json": lambda: Json({"note": taint(account)}),
        "bytea": lambda: account.bytes * 2,
        "boolean": lambda: False,
        "date": lambda: "2026-01-01",
        "timestamp with time zone": lambda: "2026-01-01T00:00:00Z",
    }.get(kind, lambda: 1)()
