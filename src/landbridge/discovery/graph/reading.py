"""Reading an engagement's assets and edges as arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.graph import BONDS
from landbridge.discovery.graph.groups import Estate
from landbridge.discovery.graph.links import Ints

_EDGES: Final = """
select uuid_send(d.from_asset_id), uuid_send(d.to_asset_id), d.port,
       case d.status when 'confirmed' then 1000 else d.confidence end,
       least(d.observations, 1000000)::int
  from app.dependencies d
 where d.engagement_id = %(e)s and d.status <> 'rejected' and d.kind = any(%(kinds)s)"""
_ASSETS: Final = """
select a.id, a.name from app.assets a where a.engagement_id = %(e)s order by a.id"""
_APPLICATIONS: Final = """
select l.asset_id, min(p.name) from app.application_assets l
  join app.applications p on p.id = l.application_id
 where p.engagement_id = %(e)s group by 1"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An engagement's estate.

    Attributes:
        ids: of each asset, in the order of ids.
        estate: the same assets as numbers, with the edges that nobody rejected.
        applications: of each asset the first by name; empty where there is none.
    """

    ids: list[UUID]
    estate: Estate
    applications: list[str]


def read(session: TenantSession, engagement_id: UUID) -> Stored:
    """Read the estate of an engagement. Edges weigh what they are sure of, and a little more
    when they were seen often; one that a person confirmed is sure.
    """
    named = {"e": engagement_id, "kinds": sorted(BONDS)}
    with bulk.driver(session).cursor(binary=True) as cursor:
        assets = cursor.execute(_ASSETS, named).fetchall()
        applications: dict[UUID, str] = dict(cursor.execute(_APPLICATIONS, named).fetchall())
        numbers = {row[0].bytes: n for n, row in enumerate(assets)}
        edges = _edges(cursor.execute(_EDGES, named), numbers)
    seen = 1 + np.log10(np.maximum(edges[:, 4], 1))
    weight = np.maximum(edges[:, 3], 1) / 1000 * seen
    ids = [row[0] for row in assets]
    estate = Estate([r[1] for r in assets], edges[:, 0], edges[:, 1], edges[:, 2], weight)
    return Stored(ids, estate, [applications.get(i, "") for i in ids])


def _edges(rows: Iterable[tuple[bytes, bytes, int, int, int]], numbers: dict[bytes, int]) -> Ints:
    """The edges in one order, whatever order they were stored in."""
    found = array("q")
    for source, target, *said in rows:
        found.extend((numbers[source], numbers[target], *said))
    edges = np.frombuffer(found, dtype=np.int64).reshape(-1, 5)
    return edges[np.lexsort(edges.T[::-1])]
