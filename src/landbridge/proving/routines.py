"""Everything else a login can read: views, private and engine tables, and functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from landbridge.database.urls import OWNER_ROLE
from landbridge.proving.contexts import LOGINS, Contexts
from landbridge.proving.findings import Findings
from landbridge.proving.rows import Filling
from landbridge.proving.schema import Connection, Table

MOST_ROWS: Final = 500
_SYSTEM: Final = "('pg_catalog', 'information_schema', 'pg_toast')"
_RELATIONS: Final = f"""
  select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in {_SYSTEM}
     and n.nspname !~ '^pg_(toast_)?temp_' and has_schema_privilege(n.oid, 'usage')
     and has_any_column_privilege(c.oid, 'select') and c.oid::regclass::text <> all(%s)
   order by 1"""
_COLUMNS: Final = """
  select string_agg(quote_ident(attname), ', ') from pg_attribute
   where attrelid = %s::regclass and attnum > 0 and not attisdropped
     and has_column_privilege(attrelid, attnum, 'select')"""
_FUNCTIONS: Final = f"""
  select p.oid::regprocedure::text, p.proname, n.nspname,
         array(select format_type(t, null) from unnest(p.proargtypes) with ordinality a (t, i)
                order by i)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname not in {_SYSTEM} and n.nspname !~ '^pg_temp_' and p.prokind = 'f'
     and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
     and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
   order by 1"""


def prove_readable(
    connection: Connection,
    contexts: Contexts,
    tables: Sequence[Table],
    pair: tuple[Filling, Filling],
    found: Findings,
) -> None:
    """Read all of it as one account, with the other account's rows there and gone: no text of
    the other account may show, and nothing may differ.
    """
    victim = pair[1]
    for role in LOGINS:
        if not contexts.may_act_as(role):
            found.note(f"The administrative role may not become {role}: its rights were not tried.")
            continue
        with connection.transaction(force_rollback=True):
            first = _all(connection, contexts, role, tables, pair, found)
            again = _all(connection, contexts, role, tables, pair, found)
            for name, answer in first.items():
                if victim.taint in answer:
                    found.add("TEXT_OF_ANOTHER_ACCOUNT", name, f"account A as {role}", answer[:300])
            _remove(connection, contexts, tables, victim)
            without = _all(connection, contexts, role, tables, pair, found)
        differing = [n for n, told in first.items() if told == again[n] != without.get(n)]
        back = _all(connection, contexts, role, tables, pair, found) if differing else {}
        for name in differing:
            if back.get(name) == first[name]:  # else it changes by itself
                found.add(
                    "INTERFERENCE",
                    name,
                    f"account A as {role}",
                    "the answer changed when the other account's rows were deleted",
                )


def _all(
    connection: Connection,
    contexts: Contexts,
    role: str,
    tables: Sequence[Table],
    pair: tuple[Filling, Filling],
    found: Findings,
) -> dict[str, str]:
    attacker, victim = pair
    answers: dict[str, str] = {}
    with contexts.acting(role, attacker.account):
        known = [t.name for t in tables]
        for (name,) in connection.execute(_RELATIONS, [known]).fetchall():
            row: Any = connection.execute(_COLUMNS, [name]).fetchone()
            answers[name] = _told(connection, f"select {row[0]} from {name} limit {MOST_ROWS}", [])
        for signature, name, schema, types in connection.execute(_FUNCTIONS).fetchall():
            values = [_argument(kind, attacker, victim) for kind in types]
            marks = ", ".join(f"%s::text::{kind}" for kind in types)
            call = sql.SQL("select * from {}.{}(" + marks + ")").format(
                sql.Identifier(schema), sql.Identifier(name)
            )
            answers[signature] = _told(connection, call, values)
    found.counts["readable"] = len(answers)
    found.counts["statements"] += len(answers)
    return answers


def _told(connection: Connection, statement: str | sql.Composed, values: Sequence[Any]) -> str:
    """What comes back, or why not; what it does is undone."""
    text = sql.SQL(statement) if isinstance(statement, str) else statement
    try:
        with connection.transaction(force_rollback=True):
            return str(connection.execute(text, values or None).fetchall())
    except psycopg.Error as refusal:
        return f"refused: {refusal.sqlstate} {refusal.diag.message_primary}"


def _argument(kind: str, attacker: Filling, victim: Filling) -> str | None:
    if kind == "uuid":
        return str(victim.account)
    if kind in ("text", "character varying"):
        return attacker.taint
    if kind == "bytea":
        return "\\x" + victim.account.hex * 2
    if kind in ("jsonb", "json") or kind.endswith("[]"):
        return "{}"
    return {"interval": "1 hour", "boolean": "true", "regclass": "app.engagements"}.get(kind, "1")


def _remove(
    connection: Connection, contexts: Contexts, tables: Sequence[Table], victim: Filling
) -> None:
    with contexts.keeping(OWNER_ROLE, victim.account):
        for table in reversed(tables):
            statement = sql.SQL("delete from {} where {} = %s").format(
                sql.SQL(table.name), sql.Identifier(table.tenant)
            )
            try:
                with connection.transaction():
                    connection.execute(statement, [victim.account])
            except psycopg.Error:
                continue
