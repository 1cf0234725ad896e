"""Reading what applications are suggested from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.graph import BONDS
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.graph.shared import shared_services
from landbridge.discovery.membership.suggesting import Estate

_ASSETS: Final = """
select id, name from app.assets
 where engagement_id = %(e)s and asset_type not in ('hypervisor_host', 'cluster') order by id"""
_APPLICATIONS: Final = """
select id, name from app.applications where engagement_id = %(e)s order by name_key, id"""
_MEMBERS: Final = """
select l.asset_id, l.application_id from app.application_assets l
  join app.applications p on p.id = l.application_id where p.engagement_id = %(e)s"""
_EDGES: Final = """
select from_asset_id, to_asset_id, kind, port from app.dependencies
 where engagement_id = %(e)s and status <> 'rejected' and kind = any(%(kinds)s) order by id"""
_REJECTED: Final = """
select asset_id, application_id from app.suggested_applications
 where engagement_id = %(e)s and status = 'rejected'"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An engagement's estate.

    Attributes:
        assets, applications: ids, in the order of their numbers.
        estate: the same as numbers; hosts and clusters, which carry everybody, and the
            connections of shared services are not in it.
    """

    assets: list[UUID]
    applications: list[UUID]
    estate: Estate


def read(session: TenantSession, engagement_id: UUID) -> Stored:
    """Read the estate of an engagement."""
    kinds = [*sorted(BONDS), DependencyKind.RUNS_ON.value]
    named = {"e": engagement_id, "kinds": kinds}
    with bulk.driver(session).cursor(binary=True) as cursor:
        assets = cursor.execute(_ASSETS, named).fetchall()
        applications = cursor.execute(_APPLICATIONS, named).fetchall()
        members = cursor.execute(_MEMBERS, named).fetchall()
        edges = cursor.execute(_EDGES, named).fetchall()
        rejected = cursor.execute(_REJECTED, named).fetchall()
    number = {row[0]: n for n, row in enumerate(assets)}
    of = {row[0]: n for n, row in enumerate(applications)}
    belongs: dict[int, set[int]] = {}
    for asset, application in members:
        if asset in number:
            belongs.setdefault(number[asset], set()).add(of[application])
    there = [
        (number[a], number[b], kind, port)
        for a, b, kind, port in edges
        if a in number and b in number
    ]
    names = [row[1] for row in assets]
    estate = Estate(
        names,
        [row[1] for row in applications],
        {asset: frozenset(applications) for asset, applications in belongs.items()},
        sorted({(a, b) for a, b, kind, _ in there if kind == DependencyKind.RUNS_ON}),
        _connections(names, [e for e in there if e[2] in BONDS]),
        frozenset((number[a], of[p]) for a, p in rejected if a in number),
    )
    return Stored([row[0] for row in assets], [row[0] for row in applications], estate)


def _connections(names: list[str], edges: list[tuple[int, int, str, int]]) -> list[tuple[int, int]]:
    source, target, port = (np.array([e[i] for e in edges], dtype=np.int64) for i in (0, 1, 3))
    shared = {s.node for s in shared_services(names, source, target, port)}
    return sorted({(a, b) for a, b, *_ in edges if not {a, b} & shared and a != b})
