"""`landbridge imports changes`: what an import changed in the inventory."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.options import InAccount, Json
from landbridge.cli.output import OK, console, identity, print_json
from landbridge.cli.selection import access_to_import
from landbridge.database.listing import Wanted
from landbridge.discovery.imports.repository import find_import
from landbridge.discovery.inventory.changes import ChangeRow
from landbridge.discovery.inventory.changes import changes as changes_of

_AT_ONCE = 500


def changes(
    import_id: UUID,
    *,
    change: Literal["new", "changed", "completed", "absent"] | None = None,
    client_account: InAccount = None,
    json: Json = False,
) -> int:
    """List the assets that an import brought, changed, completed, or no longer lists.

    Example: landbridge imports changes 0198c0de-0000-7000-8000-000000000000 --change absent

    Parameters
    ----------
    import_id
        The import, as 'landbridge imports list' shows it.
    change
        Only this kind: new; changed, its source said something else before; completed, other
        sources brought the asset; absent, its source listed the asset before and no longer does.
    """
    found: list[ChangeRow] = []
    with opened() as platform:
        access = access_to_import(platform, import_id, client_account)
        with platform.databases.app.open(access) as session:
            engagement_id = find_import(session, import_id).engagement_id
            cursor: str | None = None
            while True:
                wanted = Wanted({"change": change or ""}, "change", limit=_AT_ONCE, cursor=cursor)
                page = changes_of(session, engagement_id, import_id, wanted)
                found += page.items
                if (cursor := page.next) is None:
                    break
    if json:
        print_json({"changes": [row.model_dump(mode="json") for row in found]})
        return OK
    table = Table("Change", "Asset", "What its source says otherwise", identity("Id"), box=None)
    for row in found:
        said = "; ".join(f"{v.attribute}: {_text(v.before)} → {_text(v.after)}" for v in row.values)
        table.add_row(row.change, row.name, said, str(row.id))
    console().print(table if found else "This import changed no asset.")
    return OK


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
