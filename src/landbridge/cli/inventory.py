"""`landbridge inventory`: the inventory as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from landbridge.assembly.platform import opened
from landbridge.audit.recording import record_export
from landbridge.cli.options import OfAccount
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import selected_engagement
from landbridge.discovery.inventory.export import export_to


def export(
    *,
    format: Literal["csv", "xlsx", "json", "ndjson", "parquet"] = "csv",
    out: Path | None = None,
    client_account: OfAccount = "Default",
    engagement: str = "Discovery",
    json: bool = False,
) -> int:
    """Export all assets of an engagement.

    Example: landbridge inventory export --format xlsx --out inventory.xlsx

    Parameters
    ----------
    format
        csv, xlsx, json, ndjson or, with the extra of this name, parquet.
    out
        The file to write; inventory.FORMAT in this folder when not given.
    engagement
        The engagement.
    json
        Print where the file was written as JSON.
    """
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
