"""Many rows at once: COPY into a temporary table, then INSERT … SELECT. COPY straight into a
table is refused under row-level security.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, Final, cast

import psycopg
from psycopg import sql

from landbridge.database.session import TenantSession

_NUMBERS: Final = count()


def driver(session: TenantSession) -> psycopg.Connection[Any]:
    """The psycopg connection of the session's transaction."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


@contextlib.contextmanager
def temporary(
    session: TenantSession,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    *,
    joined: bool = True,
) -> Iterator[str]:
    """A temporary table that holds `rows`; gone at the end of the block.

    Args:
        session: the transaction.
        columns: (name, PostgreSQL type) of each.
        rows: one sequence per row, in the order of the columns.
        joined: other tables are joined with it, so the planner must know what it holds.
    """
    name = f"bulk_{next(_NUMBERS)}"
    table = sql.Identifier("pg_temp", name)
    defined = [sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(t)) for c, t in columns]
    names = [sql.Identifier(c) for c, _ in columns]
    with driver(session).cursor() as cursor:
        cursor.execute(
            sql.SQL("create temp table {} ({}) on commit drop").format(
                sql.Identifier(name), sql.SQL(", ").join(defined)
            )
        )
        statement = sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(names))
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        if joined:
            cursor.execute(sql.SQL("analyze {}").format(table))
    yield f"pg_temp.{name}"
    with driver(session).cursor() as cursor:
        cursor.execute(sql.SQL("drop table {}").format(table))


def insert(
    session: TenantSession,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    conflict: str = "",
) -> int:
    """Insert rows into a tenant's table; returns how many were written.

    Args:
        session: the transaction.
        table: name in the schema `app`.
        columns: (name, PostgreSQL type) of each; the tenant's column is filled in.
        rows: one sequence per row.
        conflict: an `on conflict …` clause, written in code.
    """
    with (
        temporary(session, columns, rows, joined=False) as temp,
        driver(session).cursor() as cursor,
    ):
        names = sql.SQL(", ").join(sql.Identifier(c) for c, _ in columns)
        cursor.execute(
            sql.SQL("insert into {} (client_account_id, {}) select %s, {} from {} {}").format(
                sql.Identifier("app", table),
                names,
                names,
                sql.Identifier(*temp.split(".")),
                sql.SQL(conflict),
            ),
            [session.client_account_id],
        )
        return cursor.rowcount
