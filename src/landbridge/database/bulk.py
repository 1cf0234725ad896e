"""Many rows at once: COPY into a temporary table, then INSERT … SELECT. COPY straight into a
table is refused under row-level security.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    with _empty(session, columns) as table, driver(session).cursor() as cursor:
        with cursor.copy(sql.SQL("copy {} from stdin").format(table)) as copy:
            for row in rows:
                copy.write_row(row)
        if joined:
            cursor.execute(sql.SQL("analyze {}").format(table))
        yield table.as_string()


@contextlib.contextmanager
def _empty(session: TenantSession, columns: Sequence[tuple[str, str]]) -> Iterator[sql.Identifier]:
    name = f"bulk_{next(_NUMBERS)}"
    table = sql.Identifier("pg_temp", name)
    defined = [sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(t)) for c, t in columns]
    with driver(session).cursor() as cursor:
        cursor.execute(
            sql.SQL("create temp table {} ({}) on commit drop").format(
                sql.Identifier(name), sql.SQL(", ").join(defined)
            )
        )
        yield table
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
    with _empty(session, columns) as temp:
        with (
            driver(session).cursor() as cursor,
            cursor.copy(sql.SQL("copy {} from stdin").format(temp)) as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return _give(session, table, temp, columns, {}, conflict)


def insert_text(
    session: TenantSession,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    fixed: Mapping[str, tuple[str, Any]],
    conflict: str = "",
) -> int:
    """The same for values given as PostgreSQL reads them from text, several times as fast.

    Args:
        session: the transaction.
        table: name in the schema `app`.
        columns: (name, PostgreSQL type) of each.
        rows: one sequence of texts per row; an empty text is NULL.
        fixed: further columns → type and value, the same in all rows.
        conflict: an `on conflict …` clause, written in code.
    """
    if not rows:
        return 0
    with _empty(session, columns) as temp:
        with (
            driver(session).cursor() as cursor,
            cursor.copy(sql.SQL("copy {} from stdin (null '')").format(temp)) as copy,
        ):
            copy.write(text_of(rows))
        return _give(session, table, temp, columns, fixed, conflict)


def text_of(rows: Sequence[Sequence[str]]) -> str:
    """Rows in PostgreSQL's text format with an empty text for NULL. Values hold no NUL."""
    text = "\n".join(map("\t".join, rows))
    plain = (
        text.count("\t") == sum(map(len, rows)) - len(rows)
        and text.count("\n") == len(rows) - 1
        and "\r" not in text
    )
    if not plain:
        return "\n".join("\t".join(v.translate(_ESCAPED) for v in row) for row in rows) + "\n"
    return text.replace("\\", "\\\\") + "\n"


_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _give(
    session: TenantSession,
    table: str,
    temp: sql.Identifier,
    columns: Sequence[tuple[str, str]],
    fixed: Mapping[str, tuple[str, Any]],
    conflict: str,
) -> int:
    own = [sql.Identifier(c) for c, _ in columns]
    given = {"client_account_id": ("uuid", session.client_account_id), **fixed}
    names = sql.SQL(", ").join([*map(sql.Identifier, given), *own])
    values = [sql.SQL("%s::{}").format(sql.SQL(kind)) for kind, _ in given.values()]
    statement = sql.SQL("insert into {} ({}) select {} from {} {}").format(
        sql.Identifier("app", table),
        names,
        sql.SQL(", ").join([*values, *own]),
        temp,
        sql.SQL(conflict),
    )
    with driver(session).cursor() as cursor:
        cursor.execute(statement, [value for _, value in given.values()])
        return cursor.rowcount
