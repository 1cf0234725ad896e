"""`landbridge discover`: export files in, an inventory out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from rich.table import Table
from rich.text import Text

from landbridge.assembly.platform import Platform, opened
from landbridge.cli.errors_of_files import readable
from landbridge.cli.output import (
    FOUND_WRONG,
    INTERRUPTED,
    OK,
    console,
    notices,
    print_json,
    show_problem,
)
from landbridge.cli.running import run
from landbridge.cli.watching import watch
from landbridge.database.session import CredentialAccess
from landbridge.discovery.imports import service as imports
from landbridge.discovery.inventory.export import export_to
from landbridge.discovery.summary import summarise
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView
from landbridge.identity.local import local_access, local_engagement
from landbridge.kit.settings import settings

EXPORTS = ("csv", "xlsx", "json")


def discover(
    *files: Path,
    client_account: str = "Default",
    engagement: str = "Discovery",
    approve: Literal["auto", "ask"] = "auto",
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Turn export files into an inventory with dependencies and end-of-life findings.

    Reads CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON and ZIP files of these. The flow is durable:
    when this command is interrupted or killed, 'landbridge flows watch' or 'landbridge serve'
    goes on from the last completed phase.

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
    json
        Print the result as JSON.
    """
    paths = readable(files)
    started = time.monotonic()
    with opened() as platform:
        access = local_access(platform.databases, settings().data_dir, client_account)
        engagement_id = local_engagement(platform.databases, access, engagement)
        flow_id = start(platform, access, engagement_id, paths, approve=approve)
        try:
            flow = watch(run(platform, access, flow_id), quiet=json)
        except KeyboardInterrupt:
            notices().print(
                f"Stopped watching. The flow is kept: 'landbridge flows watch {flow_id}' goes on."
            )
            return INTERRUPTED
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
) -> UUID:
    """Store the files and create the flow, in one transaction; returns the flow's id."""
    with platform.databases.app.open(access) as session:
        import_id = imports.create_import(session, engagement_id).id
        for path in paths:
            with path.open("rb") as stream:
                imports.receive_file(session, import_id, path.name, stream)
        return platform.orchestrator.create(
            session, engagement_id, "discovery", {"import_id": str(import_id), "approve": approve}
        )


def report(
    platform: Platform, access: CredentialAccess, flow: FlowView, out: Path | None, seconds: float
) -> dict[str, Any]:
    """Write the exports, show the result to a person, and return its JSON shape."""
    with platform.databases.app.open(access) as session:
        summary = summarise(session, flow)
        exports = []
        if out is not None and flow.status == FlowStatus.COMPLETED:
            exports = [
                str(export_to(session, flow.engagement_id, kind, out / f"inventory.{kind}"))
                for kind in EXPORTS
            ]
    chosen = settings()
    url = (
        f"http://{chosen.host}:{chosen.port}/accounts/{access.client_account_id}"
        f"/engagements/{flow.engagement_id}/flows/{flow.id}"
    )
    summary.seconds = round(seconds, 2)
    return summary.as_json() | {"error": flow.error, "exports": exports, "url": url}


def conclude(flow: FlowView, result: dict[str, Any]) -> None:
    """Say what the flow's end means and what to do next."""
    if flow.status == FlowStatus.COMPLETED:
        console().print(f"See it with 'landbridge serve' at {result['url']}", soft_wrap=True)
    elif flow.waits_for:
        console().print(
            f"The flow waits: {flow.waits_for.title}. Decide in the web UI ('landbridge serve'), "
            f"or with 'landbridge flows approve {flow.id}'."
        )
    elif flow.error:
        show_problem(flow.error)


def show(result: dict[str, Any]) -> None:
    """Print a result for people."""
    assets, rows = result["assets"], result["rows"]
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(style="bold", justify="right")
    table.add_column()
    table.add_row(f"{rows['in']:,}", "rows in")
    table.add_row(f"{rows['stored']:,}", f"rows stored, {rows['issues']:,} with issues")
    table.add_row(f"{assets['total']:,}", _split("assets", assets["by_type"]))
    table.add_row("", _split("environments", assets["by_environment"]))
    table.add_row(f"{result['duplicates_merged']:,}", "duplicates merged")
    table.add_row(f"{result['conflicts']:,}", "conflicts")
    table.add_row(f"{result['dependencies']:,}", "dependencies")
    table.add_row(f"{result['applications']:,}", "applications")
    table.add_row(f"{result['findings']:,}", "open findings")
    console().print(table)
    for path in result["exports"]:
        console().print(f"Wrote {path}")


def _split(what: str, counts: dict[str, int]) -> Text:
    text = Text(what)
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in ordered)
    return text.append(f"  {parts}", style="dim")
