"""People and programs who were members of one client account alone: they go with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from landbridge.offboarding.catalog import TENANT, tenant_tables, user_references

_ALONE: Final = text("""
select m.user_id from app_private.memberships m
  join app_private.users u on u.id = m.user_id and not u.may_create_accounts
 where m.client_account_id = :account and m.expires_at = 'infinity' and not exists (
       select from app_private.memberships o
        where o.user_id = m.user_id and o.client_account_id <> :account)""")


def alone_in(connection: Connection, account: UUID) -> list[UUID]:
    """Users whose only membership is in this account, and whom no row of another account names.
    Those who may create accounts stay, and those who are here for a time: they run the
    installation.
    """
    named = {"account": account}
    users = set(connection.execute(_ALONE, named).scalars())
    tenants = set(tenant_tables(connection))
    for reference in user_references(connection):
        if reference.table in tenants:
            elsewhere = text(
                f"select {reference.column} from {reference.table}"
                f" where {TENANT} <> :account and {reference.column} = any(:users)"
            )
            users -= set(connection.execute(elsewhere, {**named, "users": list(users)}).scalars())
    return sorted(users)


def delete(connection: Connection, users: Collection[UUID]) -> dict[str, int]:
    """Delete these users with everything that refers to them; the count by table."""
    named = {"users": list(users)}
    rows: dict[str, int] = {}
    for reference in user_references(connection):
        statement = text(f"delete from {reference.table} where {reference.column} = any(:users)")
        deleted = connection.execute(statement, named).rowcount
        rows[reference.table] = rows.get(reference.table, 0) + deleted
    gone = text("delete from app_private.users where id = any(:users)")
    rows["app_private.users"] = connection.execute(gone, named).rowcount
    return rows
