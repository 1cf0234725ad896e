"""Reading the groups of an engagement."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

GROUPS: Final = Listing(
    columns="x.id, x.number, x.kind, x.name, x.size, x.circle, x.inside, x.outside, x.reasons",
    source="app.asset_groups x where x.engagement_id = :engagement_id",
    filters={"q": "x.name_key like :q", "kind": "x.kind = :kind"},
    facets={"kind": "x.kind"},
    sorts={
        "number": ("x.number", "bigint"),
        "name": ("x.name_key", "text"),
        "size": ("x.size", "bigint"),
        "circle": ("x.circle", "bigint"),
        "outside": ("x.outside", "bigint"),
    },
    order="number",
)
MEMBERS: Final = Listing(
    columns="x.id, x.name, x.asset_type, x.environment, m.circle,"
    " m.confidence / 1000.0 as confidence, m.why",
    source="app.asset_group_members m join app.assets x on x.id = m.asset_id"
    " where m.group_id = :group_id and x.engagement_id = :engagement_id",
    filters={"q": "x.name_key like :q"},
    sorts={"name": ("x.name_key", "text"), "confidence": ("m.confidence", "bigint")},
    order="name",
)
DRAWN: Final = 300
"""Groups that the graph shows at once; the smaller ones are counted."""


class Grouping(BaseModel):
    """What the groups were made with.

    Attributes:
        wanted: assets in a group that were asked for.
        modularity: how clearly groups are apart, from -0.5 to 1.
        assets, edges: of the engagement when they were made.
        circles: sets of assets that need each other.
    """

    flow_id: UUID
    wanted: int
    resolution: float
    modularity: float
    assets: int
    edges: int
    groups: int
    circles: int
    made_at: datetime


class GroupRow(BaseModel):
    """A group of assets that move together.

    Attributes:
        number: 1 for the largest; 0 for the shared services.
        kind: group, or shared.
        circle: assets of the largest set that need each other; 0 when there is none.
        inside, outside: edges among its assets, and between them and other groups.
        reasons: why they are together.
    """

    id: UUID
    number: int
    kind: str
    name: str
    size: int
    circle: int
    inside: int
    outside: int
    reasons: list[Any]


class GroupEdge(BaseModel):
    """How many edges lead from one group to another, which it needs; by the groups' numbers."""

    source: int
    target: int
    edges: int


class GroupGraph(BaseModel):
    """The graph of groups: the largest, and the edges between these.

    Attributes:
        grouping: what they were made with; None before the first time.
        total: groups altogether; `groups` may be fewer.
    """

    grouping: Grouping | None
    total: int
    groups: list[GroupRow]
    edges: list[GroupEdge]


class GroupMember(BaseModel):
    """An asset of a group.

    Attributes:
        circle: the same for assets that need each other; None where there are no others.
        confidence: which part of its edges stays in the group, 0 to 1; of a shared service, how
            sure that is.
        why: of a shared service, what shows it.
    """

    id: UUID
    name: str
    asset_type: str
    environment: str
    circle: UUID | None
    confidence: float
    why: str


class NeighbourGroup(BaseModel):
    """A group that another needs, or that needs it."""

    id: UUID
    number: int
    name: str
    edges: int


class GroupDetail(GroupRow):
    """A group, and the groups beside it: those it needs most, and those that need it most."""

    needs: list[NeighbourGroup]
    needed_by: list[NeighbourGroup]


def grouping(session: TenantSession, engagement_id: UUID) -> Grouping | None:
    """What the engagement's groups were made with; None before the first time."""
    row = session.execute(
        text(
            "select flow_id, wanted, resolution, modularity, assets, edges, groups, circles,"
            " made_at from app.asset_groupings where engagement_id = :e"
        ),
        {"e": engagement_id},
    ).first()
    return Grouping(**row._mapping) if row else None


def group_graph(session: TenantSession, engagement_id: UUID, limit: int = DRAWN) -> GroupGraph:
    """The largest groups, the shared services first, and the edges between them."""
    rows = session.execute(
        text(
            f"select {GROUPS.columns} from {GROUPS.source} and x.number <= :limit order by x.number"
        ),
        {"engagement_id": engagement_id, "limit": limit},
    ).mappings()
    groups = [GroupRow(**row) for row in rows]
    numbers = {g.id: g.number for g in groups}
    edges = session.execute(
        text(
            "select from_group_id, to_group_id, edges from app.asset_group_edges"
            " where from_group_id = any(:ids) and to_group_id = any(:ids)"
        ),
        {"ids": list(numbers)},
    )
    pairs = sorted((numbers[e.from_group_id], numbers[e.to_group_id], e.edges) for e in edges)
    made = grouping(session, engagement_id)
    return GroupGraph(
        grouping=made,
        total=made.groups if made else 0,
        groups=groups,
        edges=[GroupEdge(source=a, target=b, edges=n) for a, b, n in pairs],
    )


def groups(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[GroupRow]:
    """A page of the groups."""
    page = GROUPS.page(session, engagement_id, wanted)
    return Page([GroupRow(**r) for r in page.items], page.next)


def group(session: TenantSession, engagement_id: UUID, group_id: UUID) -> GroupDetail:
    """One group with its neighbours.

    Raises:
        NotFound: the engagement has no such group.
    """
    row = (
        session.execute(
            text(f"select {GROUPS.columns} from {GROUPS.source} and x.id = :g"),
            {"engagement_id": engagement_id, "g": group_id},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound
    sides = [
        [
            NeighbourGroup(**r._mapping)
            for r in session.execute(
                text(
                    f"select x.id, x.number, x.name, e.edges from app.asset_group_edges e"
                    f" join app.asset_groups x on x.id = e.{there} where e.{here} = :g"
                    " order by e.edges desc, x.number limit 20"
                ),
                {"g": group_id},
            )
        ]
        for here, there in (("from_group_id", "to_group_id"), ("to_group_id", "from_group_id"))
    ]
    return GroupDetail(**row, needs=sides[0], needed_by=sides[1])


def members(
    session: TenantSession, engagement_id: UUID, group_id: UUID, wanted: Wanted
) -> Page[GroupMember]:
    """A page of a group's assets."""
    page = MEMBERS.page(session, engagement_id, wanted, group_id=group_id)
    return Page([GroupMember(**r) for r in page.items], page.next)
