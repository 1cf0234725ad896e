"""`landbridge accounts`: client accounts, as the operator makes them."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from landbridge.cli.context import databases
from landbridge.cli.options import Json
from landbridge.cli.people import owner, say, show_list
from landbridge.flows import account_limits
from landbridge.identity import client_accounts, local
from landbridge.kit.settings import settings

Limit = Annotated[int | None, Parameter(validator=Number(gte=0, lte=1_000_000))]


def create(name: str, /, *, json: Json = False) -> int:
    """Create a client account; this machine's local user becomes its admin.

    Example: landbridge accounts create "Acme Industries"

    Parameters
    ----------
    name
        What the account is called; unique, whatever the case.
    """
    user = local.local_user(databases(), settings().data_dir)
    account = client_accounts.create_client_account(owner(), name, admin=user)
    return say({"id": str(account), "name": name.strip()}, f"Created {name.strip()}.", json=json)


def list_accounts(*, json: Json = False) -> int:
    """List client accounts, and your role in each.

    Example: landbridge accounts list
    """
    key = local.local_key(settings().data_dir)
    roles = {a.id: a.role for a in local.open_accounts(databases(), key.hash)}
    rows = [
        {"id": str(account), "name": name, "role": roles.get(account)}
        for account, name in client_accounts.list_client_accounts(owner())
    ]
    return show_list("accounts", rows, ("name", "role", "id"), json=json)


def limits(
    name: str,
    /,
    *,
    running_phases: Limit = None,
    open_flows: Limit = None,
    flows_per_minute: Limit = None,
    json: bool = False,
) -> int:
    """Show what a client account may use, or set it. 0 takes a limit of its own away.

    Example: landbridge accounts limits "Acme Industries" --running-phases 2

    Parameters
    ----------
    name
        The client account.
    running_phases
        Phases that run at the same time, over all workers.
    open_flows
        Flows that have not ended.
    flows_per_minute
        Flows that may be started in a minute.
    json
        Print the limits as JSON.
    """
    account = client_accounts.find_client_account(owner(), name)
    wanted = {
        "running_phases": running_phases,
        "open_flows": open_flows,
        "flows_per_minute": flows_per_minute,
    }
    changes = {key: value or None for key, value in wanted.items() if value is not None}
    if changes:
        found = account_limits.set_limits(owner(), account, changes)
    else:
        found = account_limits.limits_of(owner(), account)
    lines = [
        f"{key.replace('_', ' '):<17} {_said(getattr(found, key), own=key in found.own)}"
        for key in wanted
    ]
    return say(found.model_dump() | {"client_account": name}, "\n".join(lines), json=json)


def _said(limit: int | None, *, own: bool) -> str:
    if limit is None:
        return "as many as the workers allow each account"
    return f"{limit:,}" + ("" if own else " (the deployment's)")
