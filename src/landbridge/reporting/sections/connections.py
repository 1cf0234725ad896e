"""Dependencies by kind, move groups, and what needs what among these."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.graph import queries
from landbridge.reporting.model import MOST_ROWS, ChartKind, Column, Section, Table, named

_KINDS: Final = text("""
select kind, count(*) as n, count(distinct from_asset_id) as asking,
       count(distinct to_asset_id) as asked
  from app.dependencies where engagement_id = :e and status <> 'rejected'
 group by 1 order by 2 desc, 1""")
MOST_GROUPS: Final = 2_000


def dependencies(session: TenantSession, engagement_id: UUID) -> Section | None:
    """By kind; between groups once there are some. None without dependencies."""
    kinds = session.execute(_KINDS, {"e": engagement_id}).all()
    if not kinds:
        return None
    tables = [
        Table(
            "Dependencies by kind",
            (
                Column("Kind", 40),
                Column("Dependencies", 14, number=True),
                Column("Assets that need", 16, number=True),
                Column("Assets needed", 16, number=True),
            ),
            [(named(k.kind), k.n, k.asking, k.asked) for k in kinds],
            chart=ChartKind.BARS,
        )
    ]
    graph = queries.group_graph(session, engagement_id, MOST_GROUPS)
    names = {g.number: g.name for g in graph.groups}
    edges = sorted(graph.edges, key=lambda e: (-e.edges, e.source, e.target))
    if edges:
        head = (Column("Group", 40), Column("needs", 40), Column("Dependencies", 14, number=True))
        rows = [(names[e.source], names[e.target], e.edges) for e in edges[:MOST_ROWS]]
        tables.append(Table("Between move groups", head, rows, total=len(edges)))
    words = "Stated by sources or observed on the network; those that a person rejected left out."
    return Section("Dependencies", (words,), tables)


def groups(session: TenantSession, engagement_id: UUID) -> Section | None:
    """The move groups with their reasons; None before they were found."""
    graph = queries.group_graph(session, engagement_id, MOST_GROUPS)
    made = graph.grouping
    if made is None:
        return None
    rows = [
        (
            g.name,
            g.size,
            named(g.kind),
            g.inside,
            g.outside,
            "; ".join(r["text"] for r in g.reasons),
        )
        for g in graph.groups
    ]
    return Section(
        "Move groups",
        (
            "Assets that belong together by what they connect to; shared services stand apart.",
            f"Found among {made.assets:,} assets and {made.edges:,} edges on "
            f"{made.made_at:%d %B %Y}, at {made.wanted} assets in a group on average.",
        ),
        (
            Table(
                "Move groups",
                (
                    Column("Group", 40),
                    Column("Assets", 12, number=True),
                    Column("Kind", 12),
                    Column("Edges inside", 14, number=True),
                    Column("Edges outside", 14, number=True),
                    Column("Why together", 90),
                ),
                rows,
                total=graph.total,
            ),
        ),
    )
