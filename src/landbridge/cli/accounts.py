"""`landbridge accounts`, `users`, `api-keys` and `sign-in`: who may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from rich.table import Table
from sqlalchemy import Engine

from landbridge.cli.context import databases
from landbridge.cli.output import OK, console, notices, print_json
from landbridge.identity import client_accounts, keys, local, users
from landbridge.identity.permissions import role_of
from landbridge.kit.clock import now
from landbridge.kit.settings import settings


def create(name: str, /, *, json: bool = False) -> int:
    """Create a client account; this machine's local user becomes its admin.

    Example: landbridge accounts create "Acme Industries"

    Parameters
    ----------
    name
        What the account is called; unique, whatever the case.
    json
        Print the result as JSON.
    """
    owner = _owner()
    user = local.local_user(databases(), settings().data_dir)
    account = client_accounts.create_client_account(owner, name, admin=user)
    return _say({"id": str(account), "name": name.strip()}, f"Created {name.strip()}.", json=json)


def list_accounts(*, json: bool = False) -> int:
    """List client accounts, and your role in each.

    Example: landbridge accounts list

    Parameters
    ----------
    json
        Print the result as JSON.
    """
    key = local.local_key(settings().data_dir)
    roles = {a.id: a.role for a in local.open_accounts(databases(), key.hash)}
    rows = [
        {"id": str(account), "name": name, "role": roles.get(account)}
        for account, name in client_accounts.list_client_accounts(_owner())
    ]
    return _list("accounts", rows, ("name", "role", "id"), json=json)


def add_user(
    email: str,
    /,
    *,
    client_account: str,
    role: str = "viewer",
    name: str | None = None,
    json: bool = False,
) -> int:
    """Make somebody a member of a client account, or change the role.

    Example: landbridge users add ada@example.com --client-account Acme --role approver

    Parameters
    ----------
    email
        How the user is known.
    client_account
        The client account, by name.
    role
        viewer, analyst, approver or admin.
    name
        How the user is shown to others.
    json
        Print the result as JSON.
    """
    owner, chosen = _owner(), role_of(role)
    account = client_accounts.find_client_account(owner, client_account)
    user = users.ensure_user(owner, email, name)
    users.set_membership(owner, user, account, chosen)
    done = {"user_id": str(user), "email": email, "role": chosen.value}
    return _say(done, f"{email} is {chosen} of {client_account}.", json=json)


def create_api_key(
    *,
    client_account: str,
    role: str = "viewer",
    label: str = "",
    days: int | None = None,
    json: bool = False,
) -> int:
    """Create an API key for a program. The key is shown this once.

    Example: landbridge api-keys create --client-account Acme --role analyst --label nightly

    Parameters
    ----------
    client_account
        The only client account the key opens, by name.
    role
        What the key may do: viewer, analyst, approver or admin.
    label
        What the key is for.
    days
        Days after which it ends; never when left out.
    json
        Print the result as JSON.
    """
    owner, chosen = _owner(), role_of(role)
    account = client_accounts.find_client_account(owner, client_account)
    ends = now() + timedelta(days=days) if days is not None else None
    secret = keys.create_service_key(
        owner, account, chosen, label=label or "API key", expires_at=ends
    )
    done = {"id": secret.public_id, "key": secret.text, "role": chosen.value}
    if json:
        print_json(done)
        return OK
    console().print(secret.text, soft_wrap=True)
    notices().print("Keep it now: it is not shown again.")
    return OK


def list_api_keys(*, client_account: str, json: bool = False) -> int:
    """List the API keys that can open a client account; never their secrets.

    Example: landbridge api-keys list --client-account Acme

    Parameters
    ----------
    client_account
        The client account, by name.
    json
        Print the result as JSON.
    """
    owner = _owner()
    account = client_accounts.find_client_account(owner, client_account)
    rows = [
        {
            "id": key.id,
            "label": key.label,
            "user": key.email,
            "role": key.role,
            "created_at": key.created_at.isoformat(),
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        }
        for key in keys.list_api_keys(owner, account)
    ]
    return _list("api_keys", rows, ("id", "label", "user", "role", "expires_at"), json=json)


def revoke_api_key(key_id: str, /, *, client_account: str, json: bool = False) -> int:
    """End an API key at once.

    Example: landbridge api-keys revoke 4f9k2m7xq1 --client-account Acme

    Parameters
    ----------
    key_id
        The id of the key, as 'api-keys list' shows it.
    client_account
        The client account, by name.
    json
        Print the result as JSON.
    """
    owner = _owner()
    account = client_accounts.find_client_account(owner, client_account)
    keys.revoke_api_key(owner, account, key_id)
    return _say({"id": key_id, "revoked": True}, "Revoked.", json=json)


def sign_in_link(
    *,
    user: str | None = None,
    url: str | None = None,
    days: int = 1,
    json: bool = False,
) -> int:
    """Print a link that signs a browser in.

    Example: landbridge sign-in link --user ada@example.com

    Parameters
    ----------
    user
        The e-mail address of a user; this machine's local user when left out.
    url
        Where people reach the web UI; this machine when left out.
    days
        Days after which the link ends.
    json
        Print the result as JSON.
    """
    if user is None:
        known: UUID = local.local_user(databases(), settings().data_dir)
    else:
        known = users.find_user(_owner(), user)
    secret = keys.create_sign_in_link(_owner(), known, lifetime=timedelta(days=days))
    base = (url or f"http://{settings().host}:{settings().port}").rstrip("/")
    link = f"{base}/sign-in?{urlencode({'token': secret.text})}"
    if json:
        print_json({"url": link})
    else:
        console().print(link, soft_wrap=True)
    return OK


def _owner() -> Engine:
    return local.administrative(databases())


def _say(result: dict[str, Any], sentence: str, *, json: bool) -> int:
    if json:
        print_json(result)
    else:
        console().print(sentence)
    return OK


def _list(key: str, rows: list[dict[str, Any]], columns: tuple[str, ...], *, json: bool) -> int:
    if json:
        print_json({key: rows})
        return OK
    table = Table(*(c.replace("_", " ") for c in columns), box=None, header_style="bold")
    for row in rows:
        table.add_row(*(str(row[c] or "–") for c in columns))
    console().print(table)
    return OK
