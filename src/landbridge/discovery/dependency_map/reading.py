"""Reading the edges of a map, several dependencies as one where a node stands for several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependency_map.model import EDGES, Level, MapWanted
from landbridge.errors.common import NotFound

_STANDS_FOR: Final = {
    Level.ASSET: "select null::uuid as asset_id, null::uuid as node where false",
    Level.APPLICATION: "select l.asset_id, (array_agg(p.id order by p.name_key, p.id))[1] as node"
    " from app.application_assets l join app.applications p on p.id = l.application_id"
    " where p.engagement_id = :e and not l.asset_id = any(:inside) group by l.asset_id",
    Level.GROUP: "select m.asset_id, m.group_id as node from app.asset_group_members m"
    " join app.asset_groups g on g.id = m.group_id"
    " where g.engagement_id = :e and not m.asset_id = any(:inside)",
}
_PAIRS: Final = """
with stands as materialized ({stands}),
pair as materialized (
  select coalesce(a.node, d.from_asset_id) as source, coalesce(b.node, d.to_asset_id) as target,
         array_agg(distinct d.kind) as kinds, count(*) as dependencies,
         sum(d.observations)::bigint as observations,
         max(case d.status when 'confirmed' then 1000 else d.confidence end) as confidence
    from app.dependencies d
    left join stands a on a.asset_id = d.from_asset_id
    left join stands b on b.asset_id = d.to_asset_id
   where d.engagement_id = :e and d.status <> 'rejected' and {filters}
   group by 1, 2
  having coalesce(a.node, d.from_asset_id) <> coalesce(b.node, d.to_asset_id)),
degree as materialized (
  select id, count(*) as edges
    from (select source as id from pair union all select target from pair) ends group by id),
top as materialized (
  select id from degree order by (id = any(:keep)) desc, edges desc, id limit :nodes)
select p.*, (select count(*) from degree) as all_nodes, (select count(*) from pair) as all_edges
  from pair p where p.source in (select id from top) and p.target in (select id from top)
 order by p.observations desc, p.source, p.target limit :edges"""
_ENVIRONMENT: Final = (
    "exists (select 1 from app.assets x where x.id in (d.from_asset_id, d.to_asset_id)"
    " and x.engagement_id = :e and x.environment = :environment)"
)
_STEP: Final = text(
    "select e.id from (select from_asset_id as id from app.dependencies where engagement_id = :e"
    " and status <> 'rejected' and to_asset_id = any(:ids) union select to_asset_id from"
    " app.dependencies where engagement_id = :e and status <> 'rejected'"
    " and from_asset_id = any(:ids)) e where not e.id = any(:known) order by e.id limit :most"
)
_MEMBERS: Final = {
    Level.APPLICATION: text(
        "select p.name, l.asset_id from app.applications p left join app.application_assets l"
        " on l.application_id = p.id where p.engagement_id = :e and p.id = :id"
    ),
    Level.GROUP: text(
        "select g.name, m.asset_id from app.asset_groups g left join app.asset_group_members m"
        " on m.group_id = g.id where g.engagement_id = :e and g.id = :id"
    ),
    Level.ASSET: text(
        "select a.name, a.id as asset_id from app.assets a"
        " where a.engagement_id = :e and a.id = :id"
    ),
}


class Centre(NamedTuple):
    """What a map is around: an asset, an application or a group, with its assets."""

    level: Level
    name: str
    assets: list[UUID]


class Pairs(NamedTuple):
    """Pairs of nodes with what leads from one to the other, and how many there are altogether."""

    rows: Sequence[Any]
    all_nodes: int
    all_edges: int


def centre(session: TenantSession, engagement_id: UUID, around: UUID) -> Centre:
    """What this id is.

    Raises:
        NotFound: the engagement has no asset, application or group with it.
    """
    for level, statement in _MEMBERS.items():
        rows = session.execute(statement, {"e": engagement_id, "id": around}).all()
        if rows:
            return Centre(level, rows[0].name, [r.asset_id for r in rows if r.asset_id])
    raise NotFound


def reach(
    session: TenantSession, engagement_id: UUID, asset_id: UUID, depth: int, most: int
) -> list[UUID]:
    """The assets at most so many steps from one, the nearest first; `most` of them."""
    known, edge = [asset_id], [asset_id]
    for _ in range(depth):
        named = {"e": engagement_id, "ids": edge, "known": known, "most": most - len(known)}
        edge = list(session.execute(_STEP, named).scalars())
        known += edge
    return known


def pairs(
    session: TenantSession,
    engagement_id: UUID,
    wanted: MapWanted,
    level: Level,
    inside: Sequence[UUID] = (),
) -> Pairs:
    """The pairs to draw.

    Args:
        level: what nodes stand for.
        inside: assets that stand for themselves; where there are any, only their edges count,
            on the level of assets only those among them.
    """
    filters = ["d.kind = :kind" if wanted.kind else "true"]
    if wanted.environment:
        filters.append(_ENVIRONMENT)
    if wanted.sure:
        filters.append("(d.status = 'confirmed' or d.confidence >= :sure)")
    if wanted.around is not None:
        both = "and" if level is Level.ASSET else "or"
        filters.append(f"(d.from_asset_id = any(:inside) {both} d.to_asset_id = any(:inside))")
    elif level is Level.GROUP:
        filters.append("a.node is not null and b.node is not null")
    statement = _PAIRS.format(stands=_STANDS_FOR[level], filters=" and ".join(filters))
    rows = session.execute(
        text(statement),
        {
            "e": engagement_id,
            "kind": wanted.kind,
            "environment": wanted.environment,
            "sure": wanted.sure,
            "inside": list(inside),
            "keep": [wanted.around] if wanted.around else [],
            "nodes": wanted.limit,
            "edges": EDGES,
        },
    ).all()
    return Pairs(rows, rows[0].all_nodes, rows[0].all_edges) if rows else Pairs((), 0, 0)
