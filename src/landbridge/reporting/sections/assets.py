"""Assets by type, environment and operating system."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.reporting.model import ChartKind, Column, Section, Table, named, percent

_SPLIT: Final = {
    "type": ("Assets by type", "asset_type", False),
    "environment": ("Assets by environment", "environment", False),
    "system": ("Assets by operating system", "os_name", True),
}
_SHOWN: Final = 25


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """Three tables with their charts; None without assets."""
    tables = [_split(session, engagement_id, *what) for what in _SPLIT.values()]
    if not tables[0].rows:
        return None
    return Section("Assets", ("Each asset once, whatever the number of files it is in.",), tables)


def _split(
    session: TenantSession, engagement_id: UUID, title: str, column: str, as_it_is: bool
) -> Table:
    found = session.execute(
        text(
            f"select {column} as value, count(*) as n from app.assets where engagement_id = :e"
            f' group by 1 order by 2 desc, {column} collate "C" nulls last'
        ),
        {"e": engagement_id},
    ).all()
    whole = sum(r.n for r in found)
    shown = [(r.value if as_it_is and r.value else named(r.value), r.n) for r in found[:_SHOWN]]
    if len(found) > _SHOWN:
        others = sum(r.n for r in found[_SHOWN:])
        shown.append((f"{len(found) - _SHOWN} others", others))
    head = (
        Column(title.removeprefix("Assets by ").capitalize(), 40),
        Column("Assets", 12, number=True),
        Column("Share, %", 12, number=True),
    )
    rows = [(name, n, percent(n, whole)) for name, n in shown]
    return Table(title, head, rows, chart=ChartKind.BARS)
