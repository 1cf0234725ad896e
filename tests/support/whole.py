"""The whole database as its superuser sees it: what names a text, and what an account has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

TABLES = """
  select c.oid::regclass::text,
         exists (select from pg_attribute a where a.attrelid = c.oid
                  and a.attname = 'client_account_id' and not a.attisdropped)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_|^information_schema$' order by 1"""


def naming(admin: psycopg.Connection[Any], texts: Iterable[str]) -> dict[str, list[str]]:
    """Every table of every schema with a row in which one of `texts` stands → those texts."""
    pattern = "|".join(re.escape(t) for t in texts)
    found: dict[str, list[str]] = {}
    for table, _ in _tables(admin):
        query = sql.SQL(
            "select distinct m[1] from {} t, regexp_matches(t::text, %s, 'g') m order by 1"
        )
        rows = admin.execute(query.format(sql.SQL(table)), [f"({pattern})"]).fetchall()
        if rows:
            found[table] = [row[0] for row in rows]
    return found


def digests(admin: psycopg.Connection[Any], account: UUID) -> dict[str, str]:
    """A hash of everything an account has, by table: its rows, and rows of other tables that
    name it.
    """
    made: dict[str, str] = {}
    for table, owned in _tables(admin):
        where = "client_account_id = %(id)s" if owned else "t::text like '%%' || %(id)s || '%%'"
        query = sql.SQL("select t::text from {} t where " + where + " order by 1")
        values = {"id": account if owned else str(account)}
        digest = hashlib.sha256()
        for (row,) in admin.execute(query.format(sql.SQL(table)), values):
            digest.update(row.encode())
        made[table] = digest.hexdigest()
    return made


def large_objects(admin: psycopg.Connection[Any]) -> int:
    row = admin.execute("select count(*) from pg_largeobject_metadata").fetchone()
    return int(row[0]) if row else 0


def _tables(admin: psycopg.Connection[Any]) -> list[Any]:
    return admin.execute(TABLES).fetchall()
