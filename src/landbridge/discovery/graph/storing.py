"""Writing the groups of an engagement; they replace those of before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.graph.groups import Groups
from landbridge.discovery.graph.models import AssetGrouping
from landbridge.discovery.graph.reading import Stored
from landbridge.discovery.graph.reasons import Described, between, described
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.kit.ids import new_id

SHARED_NAME = "Shared services"


def replace(
    session: TenantSession,
    engagement_id: UUID,
    flow_id: UUID,
    wanted: int,
    stored: Stored,
    found: Groups,
) -> AssetGrouping:
    """Write what was found in place of what was there.

    Args:
        session: the transaction.
        engagement_id: whose assets.
        flow_id: the flow that found it.
        wanted: assets in a group that were asked for.
        stored: what was grouped.
        found: its groups.
    """
    session.execute(
        text("delete from app.asset_groupings where engagement_id = :e"), {"e": engagement_id}
    )
    circles = np.unique(found.circle, return_counts=True)[1]
    grouping = AssetGrouping(
        id=new_id(),
        engagement_id=engagement_id,
        flow_id=flow_id,
        wanted=wanted,
        resolution=found.resolution,
        modularity=found.modularity,
        assets=stored.estate.size,
        edges=int(stored.estate.source.size),
        groups=found.count,
        circles=int((circles > 1).sum()),
    )
    session.add(grouping)
    session.flush()
    groups = described(stored.estate, found, stored.applications)
    ids = [new_id() for _ in groups]
    shared = new_id() if found.shared else None
    rows: list[tuple[Any, ...]] = [
        (*(i, engagement_id, grouping.id, number, "group"), *_row(group))
        for number, (i, group) in enumerate(zip(ids, groups, strict=True), 1)
    ]
    if shared:
        why = f"{len(found.shared):,} assets serve the whole estate; they hold no group together"
        reasons = storable(packed([{"code": "shared", "text": why}]))
        sizes = (len(found.shared), 0, 0, 0)
        named = (SHARED_NAME, SHARED_NAME.casefold())
        rows.append((shared, engagement_id, grouping.id, 0, "shared", *named, *sizes, reasons))
    bulk.insert(session, "asset_groups", _GROUP, rows)
    members = list(_members(stored, found, ids, groups))
    members += [
        (shared, stored.ids[s.node], None, s.confidence, f"{s.kind}: {s.why}") for s in found.shared
    ]
    bulk.insert(session, "asset_group_members", _MEMBER, members)
    pairs = ((ids[a], ids[b], edges) for a, b, edges in between(stored.estate, found))
    bulk.insert(session, "asset_group_edges", _EDGE, pairs)
    return grouping


def _row(group: Described) -> tuple[Any, ...]:
    reasons = storable(packed(group.reasons))
    sizes = (len(group.members), group.circle, group.inside, group.outside)
    return group.name, group.name.casefold(), *sizes, reasons


def _members(
    stored: Stored, found: Groups, ids: list[UUID], groups: list[Described]
) -> Iterator[tuple[Any, ...]]:
    _, inverse, count = np.unique(found.circle, return_inverse=True, return_counts=True)
    together = count[inverse.reshape(-1)] > 1
    for group_id, group in zip(ids, groups, strict=True):
        for member, bond in zip(group.members.tolist(), group.bond.tolist(), strict=True):
            circle = stored.ids[int(found.circle[member])] if together[member] else None
            yield group_id, stored.ids[member], circle, bond, ""


_GROUP = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("grouping_id", "uuid"), ("number", "int")),
    *(("kind", "text"), ("name", "text"), ("name_key", "text"), ("size", "int")),
    *(("circle", "int"), ("inside", "int"), ("outside", "int"), ("reasons", "jsonb")),
)
_MEMBER = (
    *(("group_id", "uuid"), ("asset_id", "uuid"), ("circle", "uuid")),
    *(("confidence", "int"), ("why", "text")),
)
_EDGE = (("from_group_id", "uuid"), ("to_group_id", "uuid"), ("edges", "int"))
