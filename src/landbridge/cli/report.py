"""`landbridge report`: the report of an engagement as a file."""

from __future__ import annotations

from pathlib import Path

from landbridge.assembly.platform import opened
from landbridge.audit.recording import record_export
from landbridge.cli.options import TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import selected_engagement
from landbridge.discovery.inventory.errors import UnknownExportFormat
from landbridge.reporting.report import WRITERS, write_report


def report(
    file: Path,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: bool = False,
) -> int:
    """Write the report of an engagement: counts and scores with their arithmetic, end of life,
    findings, sizes, dependencies, move groups, strategies; with charts.

    Example: landbridge report estate.xlsx

    Parameters
    ----------
    file
        The file to write: .xlsx for a workbook, .html for a page that prints well.
    json
        Print where the file was written as JSON.
    """
    kind = file.suffix.lower().removeprefix(".")
    if kind not in WRITERS:
        raise UnknownExportFormat(format=kind or file.name, formats=", ".join(WRITERS))
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        what = f"exports/report.{kind}"
        record_export(platform.databases.app, access, what, engagement_id=engagement_id)
        with platform.databases.app.open(access) as session:
            written = write_report(session, engagement_id, kind, file)
    if json:
        print_json({"path": str(written), "format": kind})
    else:
        console().print(f"Wrote {written}")
    return OK
