"""`landbridge graph map`: what needs what."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.selection import selected_engagement
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.dependency_map.drawing import draw
from landbridge.discovery.dependency_map.model import DEPTH, NODES, Level, MapWanted

Steps = Annotated[int, Parameter(validator=Number(gte=1, lte=DEPTH))]
Sure = Annotated[float, Parameter(validator=Number(gte=0, lte=1))]
Many = Annotated[int, Parameter(validator=Number(gte=1, lte=NODES))]


def show(
    *,
    level: Level = Level.APPLICATION,
    around: UUID | None = None,
    depth: Steps = 1,
    kind: DependencyKind | None = None,
    environment: str = "",
    confidence: Sure = 0,
    limit: Many = NODES,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Show which applications need which, or what surrounds one asset, application or group.

    Example: landbridge graph map --environment production --confidence 0.7

    Parameters
    ----------
    level
        What a node stands for.
    around
        Only what surrounds this asset, application or move group.
    depth
        Steps from an asset.
    kind
        Only edges of this kind.
    environment
        Only edges with an end in this environment.
    confidence
        Only edges of at least this confidence, 0 to 1.
    limit
        Nodes at most, the most connected.
    """
    wanted = MapWanted(level, around, depth, kind, environment, round(1000 * confidence), limit)
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            found = draw(session, engagement_id, wanted)
    if json:
        print_json(found.model_dump(mode="json"))
        return OK
    if not found.edges:
        console().print("No dependency fits.")
        return OK
    names = {n.id: n.name for n in found.nodes}
    table = Table(box=None)
    for title in ("From", "Needs", "Kinds", "Dependencies", "Confidence", ""):
        table.add_column(title, justify="right" if title[:1] in {"D", "C"} else "left")
    for e in found.edges:
        circle = "need each other" if e.circle else ""
        told = (", ".join(e.kinds), f"{e.dependencies:,}", f"{e.confidence:.0%}", circle)
        table.add_row(names[e.source], names[e.target], *told)
    console().print(table)
    console().print(
        f"{len(found.nodes):,} of {found.all_nodes:,} nodes, {len(found.edges):,} of "
        f"{found.all_edges:,} edges; {found.circles:,} sets of nodes need each other."
    )
    return OK
