"""System functions that our logins do not need, and that would reach past row-level security."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql

RISKY_FUNCTIONS: Final = (
    "pg_catalog.pg_stat_get_activity(integer)",
    "pg_catalog.pg_lock_status()",
    "pg_catalog.pg_terminate_backend(integer,bigint)",
    "pg_catalog.pg_cancel_backend(integer)",
    "pg_catalog.pg_export_snapshot()",
    "pg_catalog.lo_creat(integer)",
    "pg_catalog.lo_create(oid)",
    "pg_catalog.lo_from_bytea(oid,bytea)",
    "pg_catalog.lo_get(oid)",
    "pg_catalog.lo_get(oid,bigint,integer)",
    "pg_catalog.lo_open(oid,integer)",
    "pg_catalog.lo_put(oid,bigint,bytea)",
    "pg_catalog.lo_unlink(oid)",
)
"""They show or disturb other sessions, or keep values outside every table."""


def harden(connection: psycopg.Connection[Any]) -> None:
    """Take these functions from PUBLIC in this database.

    They belong to the server's superuser, so another role's attempt would change nothing.
    """
    row = connection.execute(
        "select rolsuper from pg_roles where rolname = session_user"
    ).fetchone()
    if row and row[0]:
        for name in RISKY_FUNCTIONS:
            connection.execute(
                sql.SQL("revoke execute on function {} from public").format(sql.SQL(name))
            )
