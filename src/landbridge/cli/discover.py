"""`landbridge discover`: export files in, an inventory out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal
from uuid import UUID

from landbridge.assembly.platform import Platform, opened
from landbridge.cli.errors_of_files import readable
from landbridge.cli.options import Json
from landbridge.cli.output import (
    FOUND_WRONG,
    INTERRUPTED,
    OK,
    notices,
    print_json,
)
from landbridge.cli.results import conclude, report, show
from landbridge.cli.running import run
from landbridge.cli.simulation import show_simulation
from landbridge.cli.watching import watch
from landbridge.database.session import CredentialAccess
from landbridge.discovery.imports import service as imports
from landbridge.discovery.imports.choices import read_options
from landbridge.discovery.imports.tables import ReadOptions
from landbridge.discovery.simulation import SIMULATE_IMPORT
from landbridge.flows.states import FlowStatus
from landbridge.identity.local import local_access, local_engagement
from landbridge.kit.settings import settings


def discover(
    *files: Path,
    client_account: str = "Default",
    engagement: str = "Discovery",
    approve: Literal["auto", "ask"] = "auto",
    out: Path | None = None,
    simulate: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: list[str] | None = None,
    header_row: int | None = None,
    json: Json = False,
) -> int:
    """Turn export files into an inventory with dependencies and end-of-life findings.

    Reads CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON, Parquet and ZIP files of these. The flow is
    durable: when this command is interrupted or killed, 'landbridge flows watch' or
    'landbridge serve' goes on from the last completed phase.

    Example: landbridge discover rvtools.xlsx cmdb.csv --client-account "Acme" --out ./acme

    Parameters
    ----------
    files
        Export files, or folders of them.
    client_account
        The client account the data belongs to; it is created when missing.
    engagement
        The engagement inside the account; it is created when missing.
    approve
        "auto" approves confident column mappings; "ask" waits for your review.
    out
        Folder for the inventory as CSV, XLSX and JSON.
    simulate
        Only say what would change: which assets would be created, updated or stay, which values
        would change, which sources would disagree. 'landbridge flows start discovery' on the same
        import does it.
    encoding
        Encoding of the text in these files, instead of the recognised one.
    delimiter
        Delimiter of the cells, instead of the recognised one; `tab` for a tab.
    sheet
        Read only this sheet of the workbooks. May be given several times.
    header_row
        Index of the header among the records, from 0; -1 for none.
    """
    paths = readable(files)
    options = read_options(
        encoding=encoding, delimiter=delimiter, header_row=header_row, sheets=sheet or ()
    )
    started = time.monotonic()
    with opened() as platform:
        access = local_access(platform.databases, settings().data_dir, client_account)
        engagement_id = local_engagement(platform.databases, access, engagement)
        kind = SIMULATE_IMPORT if simulate else "discovery"
        flow_id = start(
            platform, access, engagement_id, paths, approve=approve, options=options, kind=kind
        )
        try:
            flow = watch(run(platform, access, flow_id), quiet=json)
        except KeyboardInterrupt:
            notices().print(
                f"Stopped watching. The flow is kept: 'landbridge flows watch {flow_id}' goes on."
            )
            return INTERRUPTED
        if simulate:
            return show_simulation(flow, as_json=json)
        result = report(platform, access, flow, out, time.monotonic() - started)
    if json:
        print_json(result)
    else:
        show(result)
        conclude(flow, result)
    return OK if flow.status in {FlowStatus.COMPLETED, FlowStatus.WAITING} else FOUND_WRONG


def start(
    platform: Platform,
    access: CredentialAccess,
    engagement_id: UUID,
    paths: list[Path],
    *,
    approve: str,
    options: ReadOptions | None = None,
    kind: str = "discovery",
) -> UUID:
    """Store the files and create the flow, in one transaction; returns the flow's id."""
    with platform.databases.app.open(access) as session:
        import_id = imports.create_import(session, engagement_id).id
        for path in paths:
            with path.open("rb") as stream:
                imports.receive_file(session, import_id, path.name, stream, options=options)
        return platform.orchestrator.create(
            session, engagement_id, kind, {"import_id": str(import_id), "approve": approve}
        )
