"""Every table that holds something of a client account, as the database itself lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

from sqlalchemy import Connection, text

TENANT: Final = "client_account_id"
KEPT: Final = {
    "app.audit_entries": "What remains of the log: one entry that says what was erased, and why.",
    "app.audit_links": "Hashes of the audit log, so that signed checkpoints can still be verified.",
    "app.audit_checkpoints": "Signed statements about these hashes.",
    "app_private.audit_heads": "The last of these hashes.",
    "app_private.erased_accounts": "That the account existed, and when it was erased.",
}
"""What an erasure leaves, and why. None of it holds a text of the client's."""

_TABLES: Final = text("""
select c.oid::regclass::text as name
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'client_account_id'
       and not a.attisdropped
 where c.relkind in ('r', 'p') and c.relnamespace in (
       'app'::regnamespace, 'app_private'::regnamespace)
 order by 1""")
_REFERENCES: Final = text("""
select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent
  from pg_constraint k
 where k.contype = 'f' and k.conrelid <> k.confrelid""")
_COLUMNS: Final = text("""
select k.conrelid::regclass::text as name, a.attname as column_name
  from pg_constraint k
  join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
 where k.contype = 'f' and k.confrelid = 'app_private.users'::regclass order by 1""")


@dataclass(frozen=True, slots=True)
class UserReference:
    """A table that refers to users."""

    table: str
    column: str


def tenant_tables(connection: Connection) -> list[str]:
    """Every table with the tenant's column, in both schemas; one that refers to another comes
    before it, so that rows can be deleted in this order.
    """
    _search_nothing(connection)
    return _ordered(connection, connection.execute(_TABLES).scalars())


def user_references(connection: Connection) -> list[UserReference]:
    """Every table with a foreign key to users, in an order in which rows can be deleted."""
    _search_nothing(connection)
    found = [UserReference(*row) for row in connection.execute(_COLUMNS)]
    place = {name: n for n, name in enumerate(_ordered(connection, {r.table for r in found}))}
    return sorted(found, key=lambda reference: place[reference.table])


def engine_tables(connection: Connection, schema: str) -> list[str]:
    """Every table of the flow engine, in an order in which rows can be deleted."""
    _search_nothing(connection)
    tables = text(
        "select c.oid::regclass::text from pg_class c"
        " where c.relnamespace = to_regnamespace(:schema) and c.relkind in ('r', 'p') order by 1"
    )
    return _ordered(connection, connection.execute(tables, {"schema": schema}).scalars())


def _ordered(connection: Connection, names: Iterable[str]) -> list[str]:
    chosen = list(names)
    children: dict[str, set[str]] = {name: set() for name in chosen}
    for row in connection.execute(_REFERENCES):
        if row.child in children and row.parent in children:
            children[row.parent].add(row.child)
    return list(TopologicalSorter(children).static_order())


def _search_nothing(connection: Connection) -> None:
    """So that names come out with their schema."""
    connection.execute(text("set local search_path = pg_catalog"))
