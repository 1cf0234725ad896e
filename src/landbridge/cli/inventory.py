"""`landbridge inventory`: the inventory as a file, and what its attributes are."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from cyclopts import Parameter
from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.audit.recording import record_export
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import selected_engagement
from landbridge.discovery.inventory.dictionary import of_engagement
from landbridge.discovery.inventory.export import export_to

Format = Literal["csv", "xlsx", "json", "ndjson", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def export(
    out: Annotated[Path | None, Parameter(name=("--out", "-o"))] = None,
    *,
    format: Format | None = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: bool = False,
) -> int:
    """Export all assets of an engagement.

    Example: landbridge inventory export estate.xlsx

    Parameters
    ----------
    out
        The file to write; inventory.FORMAT in this folder when not given.
    format
        csv, xlsx, json, ndjson or, with the extra of this name, parquet. By the ending of the
        file, else csv, when not given.
    json
        Print where the file was written as JSON.
    """
    by_ending: Format = next((f for f in FORMATS if out and out.suffix.lower() == f".{f}"), "csv")
    format = format or by_ending
    target = out or Path(f"inventory.{format}")
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        what = f"exports/inventory.{format}"
        record_export(platform.databases.app, access, what, engagement_id=engagement_id)
        with platform.databases.app.open(access) as session:
            written = export_to(session, engagement_id, format, target)
    if json:
        print_json({"path": str(written), "format": format})
    else:
        console().print(f"Wrote {written}")
    return OK


def dictionary(
    *, client_account: TheAccount = None, engagement: TheEngagement = None, json: Json = False
) -> int:
    """Print the data dictionary: every attribute of assets, and how many assets have it.

    Example: landbridge inventory dictionary --json
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            assets, entries, custom = of_engagement(session, engagement_id)
    if json:
        told = {"assets": assets, "attributes": [asdict(e) for e in entries]}
        print_json(told | {"custom": [asdict(c) for c in custom]})
        return OK
    table = Table("Attribute", "Type", "Assets", "Example", "Meaning", box=None)
    for e in entries:
        kind = f"{e.type}, {e.unit}" if e.unit else e.type
        table.add_row(e.attribute, kind, f"{e.assets:,}", str(e.example or ""), e.meaning)
    for c in custom:
        table.add_row(c.column, "text", f"{c.assets:,}", c.example, "Column of a source")
    console().print(table)
    return OK
