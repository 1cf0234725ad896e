"""Taking the canary accounts away again, with everything in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import psycopg
from psycopg import sql

from landbridge.database.urls import OWNER_ROLE
from landbridge.proving.canaries import DOMAIN
from landbridge.proving.contexts import Contexts
from landbridge.proving.findings import Findings
from landbridge.proving.samples import EMAIL
from landbridge.proving.schema import ACCOUNTS, Connection, Table, tenant_tables


def remove(
    connection: Connection, accounts: Iterable[UUID], people: Sequence[UUID], found: Findings
) -> None:
    """Delete everything of the canaries, children first; notes what could not be deleted."""
    tables = tenant_tables(connection, ("app", "app_private"))
    accounts = list(accounts)
    people = list({*people, *_made(connection, accounts, people)})
    _delete(connection, tables, accounts, found)
    _delete(connection, tables, accounts, found)  # what the audit log said of the first time
    _forget(connection, people, found)


def _delete(
    connection: Connection, tables: Sequence[Table], accounts: Sequence[UUID], found: Findings
) -> None:
    for account in accounts:
        contexts = Contexts.mint(connection, (account,))
        ordered = [t for t in reversed(tables) if t.name != ACCOUNTS]
        for name, tenant in [*((t.name, t.tenant) for t in ordered), (ACCOUNTS, "id"), *_NAMES]:
            statement = sql.SQL("delete from {} where {} = %s").format(
                sql.SQL(name), sql.Identifier(tenant)
            )
            try:
                with contexts.keeping(OWNER_ROLE, account):
                    connection.execute(statement, [account])
            except psycopg.Error as refusal:
                if not _by_force(connection, statement, account):
                    told = refusal.diag.message_primary
                    found.note(f"{name} kept rows of a canary account: {told}")


def _made(connection: Connection, accounts: Sequence[UUID], people: Sequence[UUID]) -> list[UUID]:
    """Users that requests of the canaries made, as every key of an account does: those who are
    younger than the canaries, and belong to a canary and to no other account, or who have the
    address of a canary and were taken out of the account again.
    """
    with connection.transaction():
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(OWNER_ROLE)))
        tables = [row[0] for row in connection.execute(_BELONGING).fetchall()]
        belonging = sql.SQL(" union ").join(
            sql.SQL("select user_id, client_account_id from {}").format(sql.SQL(name))
            for name in tables
        )
        asked = [min(people), list(accounts), min(people), f"%@{DOMAIN}", EMAIL]
        found = connection.execute(_MADE.format(belonging, belonging), asked)
        return [row[0] for row in found.fetchall()]


def _by_force(connection: Connection, statement: sql.Composed, account: UUID) -> bool:
    """Delete past triggers, as only a superuser may: an audit log keeps even a canary's rows."""
    try:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            connection.execute(statement, [account])
    except psycopg.Error:
        return False
    return True


_BELONGING: Final = """
  select k.conrelid::regclass::text from pg_constraint k
   where k.contype = 'f' and k.confrelid = 'app_private.users'::regclass
     and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'user_id')
     and exists (select from pg_attribute a
                  where a.attrelid = k.conrelid and a.attname = 'client_account_id')"""
_MADE: Final = sql.SQL("""
  select user_id from ({}) belonging
   where user_id > %s
   group by 1 having bool_and(client_account_id = any(%s))
   union
  select id from app_private.users
   where id > %s and (email like %s or email = %s)
     and id not in (select user_id from ({}) others)""")
_NAMES: Final = (("app_private.account_names", "id"),)
_ABOUT_PEOPLE: Final = """
  select k.conrelid::regclass::text, a.attname::text
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
   where k.contype = 'f' and k.confrelid = 'app_private.users'::regclass
     and cardinality(k.conkey) = 1"""


def _forget(connection: Connection, people: Sequence[UUID], found: Findings) -> None:
    about = connection.execute(_ABOUT_PEOPLE).fetchall()
    for name, column in [*about, ("app_private.users", "id")]:
        statement = sql.SQL("delete from {} where {} = any(%s)").format(
            sql.SQL(name), sql.Identifier(column)
        )
        try:
            with connection.transaction():
                connection.execute(sql.SQL("set local role {}").format(sql.Identifier(OWNER_ROLE)))
                connection.execute(statement, [list(people)])
        except psycopg.Error as refusal:
            found.note(f"{name} kept a canary person: {refusal.diag.message_primary}")
