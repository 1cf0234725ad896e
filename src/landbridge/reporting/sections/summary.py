"""The estate in numbers, its technical debt, and how well it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.dictionary import of_engagement
from landbridge.discovery.techdebt.assess import POINTS
from landbridge.discovery.techdebt.findings import Severity
from landbridge.discovery.techdebt.service import summary
from landbridge.reporting.model import ChartKind, Column, Section, Table, percent

_COUNTS: Final = text("""
select (select count(*) from app.assets where engagement_id = :e) as assets,
       (select count(*) from app.assets where engagement_id = :e
          and asset_type in ('server', 'virtual_machine')) as servers,
       (select count(*) from app.applications where engagement_id = :e) as applications,
       (select count(*) from app.dependencies where engagement_id = :e
          and status <> 'rejected') as dependencies,
       (select count(*) from app.asset_conflicts where engagement_id = :e
          and status = 'open') as conflicts,
       (select count(*) from app.findings where engagement_id = :e
          and status = 'accepted') as accepted""")
_OPEN: Final = text(
    "select severity, count(*) as n from app.findings"
    " where engagement_id = :e and status = 'open' group by 1"
)
KNOWN: Final = {
    "os_name": "Operating system",
    "environment": "Environment",
    "criticality": "Criticality",
    "business_owner": "Business owner",
    "technical_owner": "Technical owner",
    "ip_address": "IP address",
    "cpu_cores": "Processors",
    "memory_gb": "Memory",
    "storage_gb": "Disk capacity",
    "cpu_utilization": "Processor use",
    "memory_utilization": "Memory use",
    "storage_used_gb": "Used disk space",
}
"""Attributes without which a migration is hard to plan."""


def section(session: TenantSession, engagement_id: UUID) -> Section:
    """Counts, scores with their arithmetic, data quality."""
    counts = session.execute(_COUNTS, {"e": engagement_id}).one()
    debts = summary(session, engagement_id)
    found = {r.severity: r.n for r in session.execute(_OPEN, {"e": engagement_id})}
    numbers: list[tuple[str, int, str]] = [
        ("Assets", counts.assets, "Everything found, each once"),
        ("Servers and virtual machines", counts.servers, "Of these assets"),
        ("Applications", counts.applications, "Assets that serve one purpose"),
        (
            "Dependencies",
            counts.dependencies,
            "One asset needs another; those rejected not counted",
        ),
        ("Open findings", sum(found.values()), "What a migration has to deal with"),
        ("Accepted risks", counts.accepted, "Findings that a person accepted, with a reason"),
        ("Assets not judged", debts.unknown, "Their product or release is not known well enough"),
        ("Open conflicts", counts.conflicts, "Sources disagree, and nobody has decided yet"),
    ]
    head = (Column("Measure", 32), Column("Number", 12, number=True), Column("Meaning", 60))
    return Section(
        "Summary",
        (
            "What is unknown is said to be unknown, and counted as neither good nor bad.",
            f"End-of-life data as of {debts.eol_data_date:%d %B %Y}.",
        ),
        (
            Table("The estate in numbers", head, numbers),
            _debt(found, counts.assets),
            _quality(session, engagement_id),
        ),
    )


def _debt(found: Mapping[str, int], assets: int) -> Table:
    rows: list[tuple[str, int | float, int | None, int | float | None]] = []
    total = 0
    for severity in Severity:
        n = found.get(severity.value, 0)
        points = n * POINTS[severity]
        total += points
        rows.append((severity.value.capitalize(), n, POINTS[severity], points))
    rows.append(("All", sum(found.values()), None, total))
    if assets:
        rows.append(
            (f"Points for each asset: {total} / {assets}", assets, None, _each(total, assets))
        )
    head = (
        Column("Severity", 32),
        Column("Findings", 12, number=True),
        Column("Points each", 14, number=True),
        Column("Points", 12, number=True),
    )
    return Table("Technical debt: open findings × points", head, rows)


def _each(total: int, assets: int) -> float:
    return round(total / assets, 2)


def _quality(session: TenantSession, engagement_id: UUID) -> Table:
    assets, entries, _ = of_engagement(session, engagement_id)
    filled = {e.attribute: e.assets or 0 for e in entries}
    rows = [
        (title, percent(filled.get(attribute, 0), assets), filled.get(attribute, 0), assets)
        for attribute, title in KNOWN.items()
    ]
    head = (
        Column("What is known", 32),
        Column("Share, %", 12, number=True),
        Column("Assets with it", 16, number=True),
        Column("Of assets", 12, number=True),
    )
    return Table(
        "Data quality: how many assets have it", head, rows, chart=ChartKind.BARS, whole=100
    )
