"""Drawing a map: reading what is wanted, naming the nodes, giving each its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependency_map import placing, reading
from landbridge.discovery.dependency_map.model import (
    DependencyMap,
    Level,
    MapEdge,
    MapNode,
    MapWanted,
)

_NAMES: Final = text(
    "select a.id, 'asset' as kind, a.name, a.asset_type, a.environment, 1 as assets,"
    " (select g.number from app.asset_group_members m join app.asset_groups g on"
    " g.id = m.group_id where m.asset_id = a.id limit 1) as group"
    " from app.assets a where a.engagement_id = :e and a.id = any(:ids)"
    " union all select p.id, 'application', p.name, '', '', (select count(*) from"
    " app.application_assets l where l.application_id = p.id), null"
    " from app.applications p where p.engagement_id = :e and p.id = any(:ids)"
    " union all select g.id, 'group', g.name, '', '', g.size, g.number"
    " from app.asset_groups g where g.engagement_id = :e and g.id = any(:ids)"
)


def draw(session: TenantSession, engagement_id: UUID, wanted: MapWanted) -> DependencyMap:
    """The map that is asked for; edges that somebody rejected are not in it.

    Raises:
        NotFound: the engagement has no asset, application or group to draw around.
    """
    level, name = wanted.level, ""
    inside: list[UUID] = []
    if wanted.around is not None:
        level, name, inside = reading.centre(session, engagement_id, wanted.around)
        if level is Level.ASSET:
            place = session, engagement_id
            inside = reading.reach(*place, wanted.around, wanted.depth, wanted.limit)
    found = reading.pairs(session, engagement_id, replace(wanted, level=level), level, inside)
    edges = [
        MapEdge(
            source=r.source,
            target=r.target,
            kinds=r.kinds,
            dependencies=r.dependencies,
            observations=r.observations,
            confidence=r.confidence / 1000,
        )
        for r in found.rows
    ]
    nodes = _nodes(session, engagement_id, edges, set(inside), wanted)
    circles = _place(nodes, edges)
    return DependencyMap(
        level=level,
        around=name,
        nodes=nodes,
        edges=edges,
        all_nodes=max(found.all_nodes, len(nodes)),
        all_edges=found.all_edges,
        circles=circles,
    )


def _nodes(
    session: TenantSession,
    engagement_id: UUID,
    edges: Sequence[MapEdge],
    inside: set[UUID],
    wanted: MapWanted,
) -> list[MapNode]:
    degree = Counter(end for e in edges for end in (e.source, e.target))
    drawn = degree.keys() | ({wanted.around} if wanted.around in inside else set())
    rows: Sequence[Any] = session.execute(_NAMES, {"e": engagement_id, "ids": list(drawn)}).all()
    nodes = [MapNode(**r._mapping, edges=degree[r.id], centre=r.id == wanted.around) for r in rows]
    return sorted(nodes, key=lambda n: (-n.edges, n.name, n.id))


def _place(nodes: Sequence[MapNode], edges: Sequence[MapEdge]) -> int:
    """Give each node its place and its circle; return the number of circles."""
    numbers = {node.id: n for n, node in enumerate(nodes)}
    ends = [(numbers[e.source], numbers[e.target]) for e in edges]
    of = placing.circles(len(nodes), ends)
    for node, circle, (x, y) in zip(nodes, of, placing.places(len(nodes), ends), strict=True):
        node.circle, node.x, node.y = circle, x, y
    for edge, (a, b) in zip(edges, ends, strict=True):
        edge.circle = of[a] != 0 and of[a] == of[b]
    return max(of, default=0)
