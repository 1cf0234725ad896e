"""Erase a client account: every row of every table, the engine's included, and then look again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.identity.client_accounts import act_in
from landbridge.kit import jsonio
from landbridge.offboarding import engine_rows, people, schedule
from landbridge.offboarding.catalog import KEPT, TENANT, tenant_tables
from landbridge.offboarding.errors import AccountInUse, ErasureIncomplete

_LOCK: Final = text("select id from app.client_accounts where id = :account for update")
_FLOWS: Final = text("select id from app.flows")
_GONE: Final = (
    text("delete from app.client_accounts where id = :account"),
    text("delete from app_private.account_names where id = :account"),
)
_REMAINS: Final = text(
    "insert into app_private.erased_accounts (id, rows) values (:account, cast(:rows as jsonb))"
)
_UNTOLD: Final = text("select id, reason from app_private.erased_accounts where not told")
_TOLD: Final = text(
    "update app_private.erased_accounts set told = true, reason = null where id = :account"
)
_REASON: Final = text("update app_private.erased_accounts set reason = :reason where id = :account")
_AUDIT: Final = text("select app_private.audit_erase(:account, :reason)")


class Erased(BaseModel):
    """A client account that is gone.

    Attributes:
        rows: rows that were deleted, by table; tables without any are left out.
        total: of all tables.
        kept: what stays, and why.
    """

    client_account_id: UUID
    rows: dict[str, int]
    total: int
    kept: dict[str, str]


def erase(owner: Engine, account: UUID, *, reason: str) -> Erased:
    """Erase an account at once.

    The first transaction deletes everything and refuses to end when something is left. It holds
    the account's row from its beginning, so that whoever still writes into the account waits, and
    fails when the account is gone. What the deletes themselves told the audit log is erased by a
    second transaction; should that one be lost, `finish` repeats it.

    Args:
        owner: connections of the schema's owner.
        account: which one.
        reason: why; stays in the audit log.

    Raises:
        AccountInUse: flows have not ended.
        ErasureIncomplete: a table would keep rows; nothing was erased.
    """
    with catalogued_errors(), owner.begin() as connection:
        _open(connection, account)
        connection.execute(_LOCK, {"account": account})
        schedule.require_quiet(connection)
        flows = list(connection.execute(_FLOWS).scalars())
        _require_engine_quiet(connection, flows)
        rows = _delete(connection, account, [account, *flows])
        _require_nothing(connection, account, [account, *flows])
        connection.execute(_REMAINS, {"account": account, "rows": jsonio.dumps(rows)})
        connection.execute(_REASON, {"account": account, "reason": reason})
    finish(owner)
    return Erased(client_account_id=account, rows=rows, total=sum(rows.values()), kept=KEPT)


def finish(owner: Engine) -> None:
    """Erase the texts of the audit logs of erased accounts, where that has not happened yet."""
    with catalogued_errors(), owner.begin() as connection:
        untold = connection.execute(_UNTOLD).all()
        for account, reason in untold:
            connection.execute(_AUDIT, {"account": account, "reason": reason})
            connection.execute(_TOLD, {"account": account})


def left(connection: Connection, account: UUID, ids: Collection[UUID]) -> list[str]:
    """The tables that hold anything of the open account, apart from what is kept."""
    found = [
        table
        for table in tenant_tables(connection)
        if table not in KEPT
        and connection.execute(
            text(f"select exists (select from {table} where {TENANT} = :account)"),
            {"account": account},
        ).scalar_one()
    ]
    return [*found, *engine_rows.left(connection, ids)]


def _open(connection: Connection, account: UUID) -> None:
    """As long as it takes: a large account has many millions of rows."""
    connection.execute(text("set local statement_timeout = 0"))
    act_in(connection, account)


def _delete(connection: Connection, account: UUID, ids: Collection[UUID]) -> dict[str, int]:
    named = {"account": account}
    alone = people.alone_in(connection, account)
    rows = engine_rows.delete(connection, ids)
    for table in tenant_tables(connection):
        if table not in KEPT:
            statement = text(f"delete from {table} where {TENANT} = :account")
            rows[table] = connection.execute(statement, named).rowcount
    for table, n in people.delete(connection, alone).items():
        rows[table] = rows.get(table, 0) + n
    for statement in _GONE:
        connection.execute(statement, named)
    return {table: n for table, n in rows.items() if n}


def _require_engine_quiet(connection: Connection, flows: Collection[UUID]) -> None:
    active = engine_rows.active(connection, flows)
    if active:
        raise AccountInUse(flows=f"{active} steps of ended flows are settling", flow_ids=[])


def _require_nothing(connection: Connection, account: UUID, ids: Collection[UUID]) -> None:
    tables = left(connection, account, ids)
    if tables:
        raise ErasureIncomplete(tables=", ".join(tables))
