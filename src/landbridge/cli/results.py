"""The result of a Discovery flow on the command line: its exports, its numbers, what is next."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from landbridge.assembly.platform import Platform
from landbridge.audit.recording import record_export
from landbridge.cli.output import console, show_problem
from landbridge.database.session import CredentialAccess
from landbridge.discovery.inventory.export import export_to
from landbridge.discovery.summary import summarise
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView
from landbridge.kit.settings import settings

EXPORTS: Final = ("csv", "xlsx", "json")


def report(
    platform: Platform, access: CredentialAccess, flow: FlowView, out: Path | None, seconds: float
) -> dict[str, Any]:
    """Write the exports, if asked to, and return the result in its stable JSON shape.

    Args:
        platform: where the flow ran.
        access: to its client account.
        flow: its last state.
        out: folder for the exports; None for none.
        seconds: how long it all took.
    """
    wanted = out if flow.status == FlowStatus.COMPLETED else None
    if wanted is not None:
        for kind in EXPORTS:
            what = f"exports/inventory.{kind}"
            record_export(platform.databases.app, access, what, engagement_id=flow.engagement_id)
    with platform.databases.app.open(access) as session:
        summary = summarise(session, flow)
        exports = []
        if wanted is not None:
            exports = [
                str(export_to(session, flow.engagement_id, kind, wanted / f"inventory.{kind}"))
                for kind in EXPORTS
            ]
    url = (
        f"{settings().base_url}/accounts/{access.client_account_id}"
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
    table.add_row("", _split("of this import", result["changes"]))
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
