"""Findings: by severity, by kind, and those that matter most."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.techdebt import queries
from landbridge.discovery.techdebt.findings import Severity
from landbridge.reporting.model import MOST_ROWS, ChartKind, Column, Section, Table

_KINDS: Final = text("""
select title, severity, code, min(remedy) as remedy,
       count(*) filter (where status = 'open') as open,
       count(*) filter (where status = 'accepted') as accepted
  from app.findings where engagement_id = :e and status <> 'resolved'
 group by title, severity, code
 order by array_position(array['critical','high','medium','low','info'], severity), 5 desc, title
 limit 500""")
_WORST: Final = (Severity.CRITICAL, Severity.HIGH)
_PIECE: Final = 500


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """Counts, kinds with what to do, and each critical or high one; None without findings."""
    kinds = session.execute(_KINDS, {"e": engagement_id}).all()
    if not kinds:
        return None
    by_severity = {s.value: 0 for s in Severity}
    for k in kinds:
        by_severity[k.severity] += k.open
    severities = [(s.capitalize(), n) for s, n in by_severity.items()]
    return Section(
        "Findings",
        ("What a migration has to deal with. Accepted risks are counted apart.",),
        (
            Table(
                "Open findings by severity",
                (Column("Severity", 32), Column("Findings", 12, number=True)),
                severities,
                chart=ChartKind.BARS,
            ),
            Table(
                "Kinds of findings",
                (
                    Column("Finding", 40),
                    Column("Severity", 12),
                    Column("Open", 12, number=True),
                    Column("Accepted", 12, number=True),
                    Column("What to do", 70),
                ),
                [(k.title, k.severity.capitalize(), k.open, k.accepted, k.remedy) for k in kinds],
            ),
            _worst(session, engagement_id, by_severity),
        ),
    )


def _worst(session: TenantSession, engagement_id: UUID, counts: dict[str, int]) -> Table:
    rows: list[tuple[str, str, str, str]] = []
    for severity in _WORST:
        filters = {"severity": severity.value, "status": "open"}
        cursor = None
        while len(rows) < MOST_ROWS:
            limit = min(_PIECE, MOST_ROWS - len(rows))
            wanted = Wanted(filters, "asset", limit=limit, cursor=cursor)
            page = queries.findings(session, engagement_id, wanted)
            for f in page.items:
                asset = f.asset_name or "The engagement"
                rows.append((asset, severity.value.capitalize(), f.title, f.detail))
            cursor = page.next
            if not cursor:
                break
    head = (
        Column("Asset", 40),
        Column("Severity", 12),
        Column("Finding", 40),
        Column("Detail", 70),
    )
    total = sum(counts[s.value] for s in _WORST)
    return Table("Critical and high findings", head, rows, total=total)
