"""`landbridge operator`: access to a client account for a reason and for a time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from landbridge.cli.context import databases
from landbridge.cli.options import Json, Role
from landbridge.cli.people import owner, say, show_list
from landbridge.identity import break_glass, client_accounts, local, users
from landbridge.identity.permissions import role_of
from landbridge.kit.settings import settings


def open_access(
    *,
    account: str,
    reason: str,
    minutes: int,
    role: Role = "viewer",
    user: str | None = None,
    json: Json = False,
) -> int:
    """Become a member of a client account for some minutes. The client sees who, when and why.

    Example: landbridge operator break-glass --account Acme --reason "Ticket 4711" --minutes 30

    Parameters
    ----------
    account
        The client account, by name.
    reason
        What the access is for, in words the client will read.
    minutes
        When it ends by itself; 480 at most.
    user
        The e-mail address of the operator; this machine's local user when left out.
    """
    acting, chosen = owner(), role_of(role)
    found = client_accounts.find_client_account(acting, account)
    ends = break_glass.break_glass(acting, found, _operator(acting, user), chosen, reason, minutes)
    done = {"client_account_id": str(found), "role": chosen.value, "ends_at": ends.isoformat()}
    return say(done, f"{chosen.capitalize()} of {account} until {ends:%H:%M} UTC.", json=json)


def end_access(*, account: str, user: str | None = None, json: Json = False) -> int:
    """End an access by break-glass before its time.

    Example: landbridge operator end --account Acme

    Parameters
    ----------
    account
        The client account, by name.
    user
        The e-mail address of the operator; this machine's local user when left out.
    """
    acting = owner()
    found = client_accounts.find_client_account(acting, account)
    who = user or local.EMAIL
    break_glass.end_access(acting, found, _operator(acting, user), who)
    return say({"client_account_id": str(found), "ended": True}, "Ended.", json=json)


def list_accesses(*, json: Json = False) -> int:
    """List the accesses by break-glass that are open now, of all client accounts.

    Example: landbridge operator accesses
    """
    rows = [
        {
            "client_account": a.account_name,
            "user": a.email,
            "role": a.role,
            "reason": a.reason,
            "ends_at": a.ends_at.isoformat(),
        }
        for a in break_glass.open_accesses(owner())
    ]
    columns = ("client_account", "user", "role", "reason", "ends_at")
    return show_list("accesses", rows, columns, json=json)


def _operator(acting: Engine, user: str | None) -> UUID:
    if user is None:
        return local.local_user(databases(), settings().data_dir)
    return users.find_user(acting, user)
