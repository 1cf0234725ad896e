"""`landbridge flows doctor`: flows that cannot go on by themselves, and their healing."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json
from landbridge.cli.output import FOUND_WRONG, OK, console, identity, print_json
from landbridge.flows.checkup import Checkup, check
from landbridge.flows.diagnosis import MEANING, Finding
from landbridge.flows.engine import FlowClient
from landbridge.flows.healing import Healer


def doctor(*, fix: bool = False, json: Json = False) -> int:
    """Find flows that cannot go on: lost jobs and workers, overdue phases, gaps in the log.

    Workers look for these by themselves and heal them; this looks at every open flow at once.
    Exits 1 when something is left to do.

    Example: landbridge flows doctor --fix

    Parameters
    ----------
    fix
        Heal what is safe, and say so on each flow.
    """
    with opened() as platform:
        door = platform.databases.worker
        engine = FlowClient(door)
        found = check(door, engine, Healer(platform.types, engine), fix=fix)
    if json:
        print_json(shape(found))
    else:
        _print(found)
    return OK if found.is_well else FOUND_WRONG


def shape(found: Checkup) -> dict[str, Any]:
    """The stable JSON shape of a check-up."""
    return {
        "well": found.is_well,
        "open_flows": found.open_flows,
        "workers": found.workers,
        "needs_worker": found.needs_worker,
        "lost_leases": found.lost_leases,
        "taken_over": found.taken_over,
        "findings": [
            {
                "client_account_id": str(report.client_account_id),
                "flow_id": str(report.flow_id),
                "finding": report.diagnosis.finding.value,
                "meaning": MEANING[report.diagnosis.finding],
                "phase": report.diagnosis.phase,
                "action": report.action,
            }
            for report in found.reports
        ],
        "last_seven_days": [
            {
                "finding": healed.finding,
                "action": healed.action,
                "times": healed.times,
                "last_at": healed.last_at.isoformat(),
            }
            for healed in found.history
        ],
    }


def _print(found: Checkup) -> None:
    total = sum(found.open_flows.values())
    split = ", ".join(f"{count} {status}" for status, count in found.open_flows.items())
    console().print(f"Open flows: {total}" + (f" ({split})" if split else ""))
    console().print(f"Workers alive: {len(found.workers)}")
    for executor in found.lost_leases:
        jobs = found.taken_over.get(executor)
        done = "its work waits for another" if jobs is None else f"{jobs} jobs queued anew"
        console().print(f"Worker {executor} is gone: {done}.", soft_wrap=True)
    if found.needs_worker:
        console().print("Flows could go on, but no worker runs. Start one: landbridge worker")
    if found.reports:
        table = Table(identity("Flow"), "Phase", "Finding", "Healing", box=None)
        for report in found.reports:
            done = (report.action or "not healed").replace("_", " ")
            meaning = MEANING[report.diagnosis.finding]
            table.add_row(str(report.flow_id), report.diagnosis.phase or "", meaning, done)
        console().print(table)
    left = {report.diagnosis.finding for report in found.reports if report.action is None}
    if Finding.UNKNOWN_TO_WORKERS in left:
        console().print(
            "Install the package of these flows' types, in the version they began with or a later "
            "one, where the workers run, and start them again. Here: landbridge flows types"
        )
    if left - {Finding.UNKNOWN_TO_WORKERS} or (found.lost_leases and not found.taken_over):
        console().print("Heal what is safe: landbridge flows doctor --fix")
    elif found.is_well:
        console().print("Every open flow has a reason to stand where it stands.")
    for healed in found.history:
        text = healed.action.replace("_", " ")
        console().print(
            f"Last seven days: {text} {healed.times} times ({healed.finding.replace('_', ' ')})."
        )
