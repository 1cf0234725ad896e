"""`landbridge accounts quotas`: how much a client account may have."""

from __future__ import annotations

from rich.table import Table

from landbridge.cli.context import databases
from landbridge.cli.options import Json
from landbridge.cli.output import OK, console, print_json
from landbridge.identity import client_accounts, local, quotas
from landbridge.identity.quotas import Quota
from landbridge.web.measures import size


def show_or_set(
    name: str,
    /,
    *,
    storage_bytes: int | None = None,
    assets: int | None = None,
    imports_per_day: int | None = None,
    members: int | None = None,
    remove: list[Quota] | None = None,
    json: Json = False,
) -> int:
    """Show the quotas of a client account and what is used of them; set those that are given.

    Example: landbridge accounts quotas "Acme Industries" --assets 50000 --members 20

    Parameters
    ----------
    name
        The client account.
    storage_bytes
        The most bytes of original files.
    assets
        The most assets.
    imports_per_day
        The most imports in 24 hours.
    members
        The most members, programs not counted.
    remove
        A quota to take away; may be given several times.
    """
    owner = local.administrative(databases())
    account = client_accounts.find_client_account(owner, name)
    given = {
        Quota.STORAGE_BYTES: storage_bytes,
        Quota.ASSETS: assets,
        Quota.IMPORTS_PER_DAY: imports_per_day,
        Quota.MEMBERS: members,
    }
    wanted: dict[Quota, int | None] = {q: most for q, most in given.items() if most is not None}
    wanted |= dict.fromkeys(remove or ())
    found = quotas.set_by_owner(owner, account, wanted)
    if json:
        shown = [quota.model_dump(mode="json") for quota in found]
        print_json({"client_account_id": str(account), "quotas": shown})
        return OK
    table = Table("Quota", "Used", "Limit", box=None, header_style="bold")
    for q in found:
        read = size if q.quota is Quota.STORAGE_BYTES else "{:,}".format
        table.add_row(q.title, read(q.used), "none" if q.limit is None else read(q.limit))
    console().print(table)
    return OK
