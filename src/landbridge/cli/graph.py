"""`landbridge graph`: groups of assets that move together."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json, show_problem
from landbridge.cli.running import run
from landbridge.cli.selection import selected_engagement
from landbridge.cli.watching import watch
from landbridge.database.listing import Wanted
from landbridge.discovery.graph import queries
from landbridge.discovery.graph.flow import GROUP_ASSETS, WANTED
from landbridge.flows.states import FlowStatus

Size = Annotated[int, Parameter(validator=Number(gte=2, lte=10_000))]
Many = Annotated[int, Parameter(validator=Number(gte=1, lte=2_000))]
_LISTED = 10_000


def group(
    *,
    group_size: Size = WANTED,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Find groups of assets that belong together by what they connect to. Assets that need each
    other always share a group; shared services hold none together.

    Example: landbridge graph group --group-size 40

    Parameters
    ----------
    group_size
        Assets that a group should have on average.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            inputs = {"group_size": group_size}
            flow_id = platform.orchestrator.create(session, engagement_id, GROUP_ASSETS, inputs)
        flow = watch(run(platform, access, flow_id), quiet=json)
    done = flow.status == FlowStatus.COMPLETED
    output = next((p.output for p in flow.phases if p.name == "asset_grouping"), None) or {}
    if json:
        print_json({"flow_id": str(flow_id), "status": flow.status, **output})
    elif done:
        console().print(
            f"{output['groups']:,} groups of {output['mean']:.1f} assets on average hold "
            f"{output['grouped']:,} of {output['assets']:,} assets; {output['shared']:,} are "
            f"shared services; {output['circles']:,} sets need each other."
        )
    elif flow.error:
        show_problem(flow.error)
    return OK if done else FOUND_WRONG


def show(
    *,
    limit: Many = queries.DRAWN,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Show the groups as they were last found, the largest first.

    Example: landbridge graph show --json

    Parameters
    ----------
    limit
        Groups at most.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            found = queries.group_graph(session, engagement_id, limit)
    if json:
        print_json(found.model_dump(mode="json"))
        return OK
    if found.grouping is None:
        console().print("No groups yet. Find them with 'landbridge graph group'.")
        return OK
    table = Table(box=None)
    for title in ("Group", "Name", "Assets", "Inside", "Outside", "Why"):
        table.add_column(title, justify="left" if title in {"Name", "Why"} else "right")
    for g in found.groups:
        why = "; ".join(reason["text"] for reason in g.reasons)
        numbers = (f"{g.size:,}", f"{g.inside:,}", f"{g.outside:,}")
        table.add_row(str(g.number), g.name, *numbers, why)
    console().print(table)
    if found.total > len(found.groups):
        console().print(f"The largest {len(found.groups):,} of {found.total:,} groups.")
    return OK


def members(
    group_id: UUID,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Show the assets of a group, and the groups beside it.

    Example: landbridge graph members 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    group_id
        The group, as 'landbridge graph show --json' shows it.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            detail = queries.group(session, engagement_id, group_id)
            wanted = Wanted(limit=_LISTED)
            page = queries.members(session, engagement_id, group_id, wanted)
    if json:
        items = [m.model_dump(mode="json") for m in page.items]
        print_json({**detail.model_dump(mode="json"), "members": items, "more": bool(page.next)})
        return OK
    console().print(f"{detail.name}: {detail.size:,} assets")
    for reason in detail.reasons:
        console().print(f"  {reason['text']}")
    for title, beside in (("needs", detail.needs), ("needed by", detail.needed_by)):
        for other in beside:
            console().print(f"  {title} {other.name} ({other.edges:,} edges)")
    table = Table(box=None)
    for title in ("Asset", "Type", "Environment", "Stays inside", "Why"):
        table.add_column(title)
    for m in page.items:
        table.add_row(m.name, m.asset_type, m.environment, f"{m.confidence:.0%}", m.why)
    console().print(table)
    if page.next:
        console().print(f"The first {_LISTED:,} assets.")
    return OK
