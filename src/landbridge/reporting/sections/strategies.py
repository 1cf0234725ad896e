"""What becomes of each application: how often each strategy is chosen, and why."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.assessment.sixr import queries
from landbridge.assessment.sixr.queries import RecommendationRow
from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.reporting.model import MOST_ROWS, Cell, ChartKind, Column, Section, Table, named

_CHOSEN: Final = text("""
select coalesce(decided_strategy, strategy, 'undecided') as strategy,
       count(*) filter (where application_id is not null) as applications,
       count(*) filter (where application_id is null) as assets
  from app.recommendations where engagement_id = :e group by 1 order by 2 desc, 3 desc, 1""")
_PIECE: Final = 500


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """The distribution, and strategy by strategy with its reason; None before an assessment."""
    chosen = session.execute(_CHOSEN, {"e": engagement_id}).all()
    if not chosen:
        return None
    rows: list[list[Cell]] = []
    cursor = None
    while len(rows) < MOST_ROWS:
        limit = min(_PIECE, MOST_ROWS - len(rows))
        page = queries.recommendations(
            session, engagement_id, Wanted(sort="kind", limit=limit, cursor=cursor)
        )
        rows += [_row(r) for r in page.items]
        cursor = page.next
        if not cursor:
            break
    return Section(
        "Strategies",
        (
            "What becomes of each application, and of each asset that belongs to none.",
            "Decisions of people count before the rules. Where too little is known, nothing is "
            "recommended.",
        ),
        (
            Table(
                "Applications by strategy",
                (
                    Column("Strategy", 40),
                    Column("Applications", 14, number=True),
                    Column("Assets without one", 18, number=True),
                ),
                [(named(r.strategy), r.applications, r.assets) for r in chosen],
                chart=ChartKind.BARS,
            ),
            Table(
                "Strategy by application",
                (
                    Column("Application or asset", 40),
                    Column("Kind", 12),
                    Column("Strategy", 16),
                    Column("Confidence, %", 14, number=True),
                    Column("Why", 50),
                    Column("How sure, and why", 70),
                    Column("Not known", 40),
                ),
                rows,
                total=sum(r.applications + r.assets for r in chosen),
            ),
        ),
    )


def _row(r: RecommendationRow) -> list[Cell]:
    why = r.decision_reason if r.decided_at else named(r.rule) if r.rule else "No rule holds"
    return [
        r.name,
        "Asset" if r.asset_id else "Application",
        named(r.in_force),
        round(100 * r.confidence, 1),
        why,
        r.arithmetic,
        ", ".join(named(m) for m in r.missing),
    ]
