"""Slow statements are told without their values, and not again and again."""

from __future__ import annotations

import structlog
from psycopg import sql

from landbridge.database.watching import SlowStatements, explain_command, fingerprint


def test_values_make_no_difference_and_are_not_shown():
    one = fingerprint("select a from app.t where b = %(b)s::uuid and c = 'x'")
    two = fingerprint("select a  from app.t\n where b = %(other)s and c = 'y'")
    assert one == two
    command = explain_command(
        "select a from t where b = %(b)s::uuid and c in (%(c)s, %(b)s)", "app"
    )
    assert command.endswith(
        "'explain (generic_plan) select a from t where b = $1 and c in ($2, $1)'"
    )


def test_a_slow_statement_is_told_once_a_minute():
    slow = SlowStatements("api", 0.0)
    with structlog.testing.capture_logs() as said:
        for _ in range(3):
            slow._report("select 1 from t where a = %(a)s", 2.5)
        slow._report("alter role x password 'CANARY'", 2.5)
    assert [s["event"] for s in said] == ["slow_statement"] * 2
    assert "CANARY" not in str(said)
    assert said[0]["seconds"] == 2.5
    assert said[0]["hint"].startswith("psql ")


def test_a_composed_statement_is_told_as_sql():
    slow = SlowStatements("api", 0.0)
    table = sql.SQL("select {} from {}").format(sql.Literal("CANARY"), sql.Identifier("t"))
    with structlog.testing.capture_logs() as said:
        slow.took(table, 2.5)
        slow.took(b"select 2 from t", 2.5)
    assert [s["statement"] for s in said] == ["select '…' from \"t\"", "select 2 from t"]
    assert "CANARY" not in str(said)
