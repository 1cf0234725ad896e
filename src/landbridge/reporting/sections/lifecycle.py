"""End of life over the years, product by product, with where the dates are published."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.reporting.model import MOST_ROWS, ChartKind, Column, Section, Table

_ENDS: Final = """
select f.data ->> 'title' as product, f.data ->> 'cycle' as cycle, f.asset_id,
       f.data ->> 'end_of_life' as ends, f.data ->> 'source' as source, f.data ->> 'as_of' as as_of
  from app.findings f
 where f.engagement_id = :e and f.status = 'open' and f.asset_id is not null
   and f.data ->> 'end_of_life' ~ '^[0-9]{4}-'"""
_YEARS: Final = text(f"""
select left(ends, 4) as year, count(distinct asset_id) as assets
  from ({_ENDS}) x group by 1 order by 1""")
_PRODUCTS: Final = text(f"""
select product, cycle, ends, count(distinct asset_id) as assets, min(source) as source,
       min(as_of) as as_of, count(*) over () as total
  from ({_ENDS}) x group by 1, 2, 3 order by 3, 1, 2 limit {MOST_ROWS}""")


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """The time line and its products; None where nothing has ended or ends soon."""
    years = session.execute(_YEARS, {"e": engagement_id}).all()
    if not years:
        return None
    found = session.execute(_PRODUCTS, {"e": engagement_id}).all()
    products = [(r.product, r.ends, r.assets, r.source, r.as_of) for r in found]
    return Section(
        "End of life",
        (
            "Products whose support has ended or ends soon, by the day on which it ends.",
            "An asset with several such products counts in each of their years.",
        ),
        (
            Table(
                "Assets by the year in which support ends",
                (Column("Year", 32), Column("Assets", 12, number=True)),
                [(r.year, r.assets) for r in years],
                chart=ChartKind.COLUMNS,
            ),
            Table(
                "Products",
                (
                    Column("Product", 40),
                    Column("Support ends", 14),
                    Column("Assets", 12, number=True),
                    Column("Published at", 50),
                    Column("As of", 12),
                ),
                products,
                total=found[0].total if found else 0,
            ),
        ),
    )
