"""`landbridge accounts`: client accounts, as the operator makes them."""

from __future__ import annotations

from landbridge.cli.context import databases
from landbridge.cli.people import owner, say, show_list
from landbridge.identity import client_accounts, local
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
    user = local.local_user(databases(), settings().data_dir)
    account = client_accounts.create_client_account(owner(), name, admin=user)
    return say({"id": str(account), "name": name.strip()}, f"Created {name.strip()}.", json=json)


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
        for account, name in client_accounts.list_client_accounts(owner())
    ]
    return show_list("accounts", rows, ("name", "role", "id"), json=json)
