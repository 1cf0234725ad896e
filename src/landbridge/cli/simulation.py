"""What an import would change, on the command line."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from landbridge.cli.output import FOUND_WRONG, OK, console, print_json
from landbridge.cli.results import conclude
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView


def show_simulation(flow: FlowView, *, as_json: bool) -> int:
    """Print the end of a simulation; the exit code."""
    found = next((p.output for p in flow.phases if p.name == "simulation"), None) or {}
    done = flow.status == FlowStatus.COMPLETED
    code = OK if flow.status in {FlowStatus.COMPLETED, FlowStatus.WAITING} else FOUND_WRONG
    if as_json:
        head = {"flow_id": str(flow.id), "import_id": flow.inputs["import_id"]}
        print_json(head | {"status": flow.status, "error": flow.error, "simulation": found})
        return code
    if not done:
        conclude(flow, {"url": ""})
        return code
    out = console()
    counts = ("create", "update", "unchanged", "conflict", "skip", "error")
    out.print("  ".join(f"{name} {found[name]:,}" for name in counts))
    if found["values"]:
        table = Table("Asset", "Attribute", "Now", "Then", box=None)
        for value in found["values"]:
            table.add_row(
                value["asset"], value["attribute"], _shown(value["before"]), _shown(value["after"])
            )
        out.print(table)
    for conflict in found["conflicts"]:
        values = " or ".join(_shown(v) for v in conflict["values"])
        out.print(f"Conflict: {conflict['asset']}, {conflict['attribute']}: {values}")
    again = f"landbridge flows start discovery --input import_id={flow.inputs['import_id']}"
    out.print(f"Nothing was changed. To do it: '{again}'", soft_wrap=True)
    return code


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
