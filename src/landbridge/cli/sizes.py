"""`landbridge sizes`: what size servers need, and how that is worked out."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import selected_engagement
from landbridge.database.listing import Wanted
from landbridge.discovery.techdebt.sizing import queries
from landbridge.discovery.techdebt.sizing.settings import (
    Measured,
    SizingSettings,
    change_settings,
    settings_of,
)
from landbridge.discovery.techdebt.sizing.words import SizedResource

Many = Annotated[int, Parameter(validator=Number(gte=1, lte=10_000))]
Percent = Annotated[int | None, Parameter(validator=Number(gte=0, lte=900))]
Floor = Annotated[int | None, Parameter(validator=Number(gte=1, lte=65_536))]
Step = Annotated[int | None, Parameter(validator=Number(gte=1, lte=1_024))]


def list_sizes(
    *,
    change: str = "",
    limit: Many = 100,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List servers with the size they need. Where the use is not known, no size is recommended.

    Example: landbridge sizes list --change smaller

    Parameters
    ----------
    change
        Only those that become smaller, larger, both, same, or unknown.
    limit
        Servers at most.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            chosen = settings_of(session, engagement_id)
            wanted = Wanted({"change": change}, limit=limit)
            page = queries.sizes(session, engagement_id, wanted, chosen)
            found = queries.totals(session, engagement_id, chosen)
    if json:
        items = [row.model_dump(mode="json") for row in page.items]
        totals = found.model_dump(mode="json")
        print_json({"totals": totals, "items": items, "more": bool(page.next)})
        return OK
    table = Table("Server", "Change", "vCPU", "Memory GiB", "Disk GiB", box=None)
    for row in page.items:
        table.add_row(row.name, row.change, *map(_told, (row.cpu, row.memory, row.disk)))
    console().print(table)
    console().print(f"The use of {found.sized:,} of {found.servers:,} servers is known.")
    return OK


def _told(resource: SizedResource) -> str:
    now = "?" if resource.now is None else f"{resource.now:g}"
    return f"{now} → {'unknown' if resource.recommended is None else resource.recommended}"


def change(
    *,
    measured: Measured | None = None,
    headroom_average: Percent = None,
    headroom_percentile: Percent = None,
    headroom_peak: Percent = None,
    headroom_disk: Percent = None,
    least_vcpu: Floor = None,
    least_memory_gib: Floor = None,
    least_disk_gib: Floor = None,
    memory_step_gib: Step = None,
    disk_step_gib: Step = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Show how sizes are worked out; change what is given.

    Example: landbridge sizes settings --measured peak --headroom-peak 10

    Parameters
    ----------
    measured
        What the figures of the sources are: average, percentile or peak.
    headroom_average
        Percent added to averages of processors and memory.
    headroom_percentile
        Percent added to high percentiles of processors and memory.
    headroom_peak
        Percent added to peaks of processors and memory.
    headroom_disk
        Percent added to used disk space.
    least_vcpu
        No recommendation has fewer vCPUs.
    least_memory_gib
        No recommendation has less memory, in GiB.
    least_disk_gib
        No recommendation has less disk, in GiB.
    memory_step_gib
        Memory is rounded up to a multiple, in GiB.
    disk_step_gib
        Disk is rounded up to a multiple, in GiB.
    """
    given = {
        "measured": measured,
        "headroom_average": headroom_average,
        "headroom_percentile": headroom_percentile,
        "headroom_peak": headroom_peak,
        "headroom_disk": headroom_disk,
        "least_vcpu": least_vcpu,
        "least_memory_gib": least_memory_gib,
        "least_disk_gib": least_disk_gib,
        "memory_step_gib": memory_step_gib,
        "disk_step_gib": disk_step_gib,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            chosen = settings_of(session, engagement_id)
            if changed:
                chosen = SizingSettings(**(chosen.model_dump() | changed))
                change_settings(session, engagement_id, chosen)
    if json:
        print_json(chosen.model_dump(mode="json"))
        return OK
    table = Table("Setting", "Value", box=None)
    for name, value in chosen.model_dump(mode="json").items():
        table.add_row(name, str(value))
    console().print(table)
    return OK
