"""Recommended sizes: the sums, and server by server with the arithmetic."""

from __future__ import annotations

from uuid import UUID

from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.techdebt.sizing import queries
from landbridge.discovery.techdebt.sizing.queries import SizeRow
from landbridge.discovery.techdebt.sizing.settings import settings_of
from landbridge.reporting.model import MOST_ROWS, Cell, Column, Section, Table

_PIECE = 500
_CHANGES = ("smaller", "larger", "both", "same")


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """None where the use of nothing is known."""
    chosen = settings_of(session, engagement_id)
    totals = queries.totals(session, engagement_id, chosen)
    if not totals.sized:
        return None
    rows: list[list[Cell]] = []
    for change in _CHANGES:
        cursor = None
        while len(rows) < MOST_ROWS:
            limit = min(_PIECE, MOST_ROWS - len(rows))
            wanted = Wanted({"change": change}, "name", limit=limit, cursor=cursor)
            page = queries.sizes(session, engagement_id, wanted, chosen)
            rows += [_row(r) for r in page.items]
            cursor = page.next
            if not cursor:
                break
    counts = [
        queries.count(session, engagement_id, Wanted({"change": c}), chosen) for c in _CHANGES
    ]
    each = (("vCPUs", totals.cpu), ("Memory, GiB", totals.memory), ("Disk, GiB", totals.disk))
    sums = [(title, t.servers, t.now, t.recommended) for title, t in each if t.servers]
    return Section(
        "Sizes",
        (
            f"The use of {totals.sized:,} of {totals.servers:,} servers is known.",
            f"Figures count as {chosen.measured.value} values, with {chosen.headroom} % headroom; "
            f"used disk space with {chosen.headroom_disk} %.",
        ),
        (
            Table(
                "Servers whose present and recommended size are known",
                (
                    Column("Resource", 32),
                    Column("Servers", 12, number=True),
                    Column("Now", 12, number=True),
                    Column("Recommended", 14, number=True),
                ),
                sums,
            ),
            Table(
                "Servers",
                (
                    Column("Server", 40),
                    Column("Change", 12),
                    Column("vCPUs now", 12, number=True),
                    Column("vCPUs", 12, number=True),
                    Column("Memory now", 12, number=True),
                    Column("Memory", 12, number=True),
                    Column("Disk now", 12, number=True),
                    Column("Disk", 12, number=True),
                    Column("Arithmetic", 90),
                ),
                rows,
                total=sum(counts),
            ),
        ),
    )


def _row(r: SizeRow) -> list[Cell]:
    each = (r.cpu, r.memory, r.disk)
    sizes: list[Cell] = [v for x in each for v in (x.now, x.recommended)]
    told = "; ".join(x.arithmetic for x in each if x.recommended is not None)
    return [r.name, r.change.capitalize(), *sizes, told]
