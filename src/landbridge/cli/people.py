"""What the commands about accounts, people and keys share."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from rich.table import Table
from sqlalchemy import Engine, text

from landbridge.cli.context import databases
from landbridge.cli.output import OK, console, print_json
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.identity import local
from landbridge.identity.errors import UserUnknown
from landbridge.kit.settings import settings

_MEMBER: Final = text("select user_id from app.members() where lower(email) = lower(:email)")


def owner() -> Engine:
    """The owner's connections, for what only the operator may do."""
    return local.administrative(databases())


def access(client_account: str) -> CredentialAccess:
    """Access of this machine's local user to a client account that it is a member of."""
    return local.local_access(databases(), settings().data_dir, client_account, create=False)


def member_named(session: TenantSession, email: str) -> UUID:
    """The member of the open account with this e-mail address.

    Raises:
        UserUnknown: it has none.
    """
    found = session.execute(_MEMBER, {"email": email.strip()}).scalar_one_or_none()
    if found is None:
        raise UserUnknown(email=email)
    return UUID(str(found))


def public_url(url: str | None) -> str:
    """Where people reach the web UI: as given, as configured, or on this machine."""
    chosen = url or settings().base_url
    return chosen.rstrip("/")


def say(result: dict[str, Any], sentence: str, *, json: bool) -> int:
    """One result: as JSON, or as a sentence."""
    if json:
        print_json(result)
    else:
        console().print(sentence)
    return OK


def show_list(key: str, rows: list[dict[str, Any]], columns: tuple[str, ...], *, json: bool) -> int:
    """Rows: as JSON under `key`, or as a table."""
    if json:
        print_json({key: rows})
        return OK
    table = Table(*(c.replace("_", " ") for c in columns), box=None, header_style="bold")
    for row in rows:
        table.add_row(*(str(row[c] or "–") for c in columns))
    console().print(table)
    return OK
