"""What Discovery left in the database for one import, in the terms in which it is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from tests.support.scoring import RowKey, TableKey

_COLUMNS = text("""
select f.name as file, t.name as table, m.ordinal, m.attribute, m.status, m.confidence
  from app.column_mappings m
  join app.import_tables t on t.id = m.import_table_id
  join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id order by f.ordinal, t.ordinal, m.ordinal""")
_TABLES = text("""
select f.name as file, t.name as table, t.role, t.rows_in, t.rows_stored
  from app.import_tables t join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id""")
_SOURCES = text("""
select f.name as file, t.name as table, s.row_number, s.asset_id::text as asset
  from app.asset_sources s
  join app.import_tables t on t.id = s.import_table_id
  join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id""")
_ISSUES = text("""
select f.name as file, t.name as table, i.row_number
  from app.row_issues i
  join app.import_tables t on t.id = i.import_table_id
  join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id""")
_ASSETS = text("select id::text, name from app.assets where engagement_id = :engagement_id")
_EDGES = text("""
select from_asset_id::text as source, to_asset_id::text as target, kind, port
  from app.dependencies where engagement_id = :engagement_id""")
_CONFLICTS = text("""
select c.asset_id::text as asset, c.attribute
  from app.asset_conflicts c join app.assets a on a.id = c.asset_id
 where a.engagement_id = :engagement_id""")
_FINDINGS = text("""
select asset_id::text as asset, code, data from app.findings
 where engagement_id = :engagement_id and asset_id is not null""")
_MEMBERS = text("""
select p.name as application, m.asset_id::text as asset
  from app.application_assets m join app.applications p on p.id = m.application_id
 where p.engagement_id = :engagement_id""")


@dataclass(frozen=True, slots=True)
class Observed:
    """One import's result.

    Attributes:
        columns: for each table the attribute of every column, None where it became none.
        rows_in: for each table the records counted.
        rows_stored: for each table the records kept.
        assets: the asset of each source row.
        names: the name of each asset.
        issues: rows with an issue.
        edges: source asset, target asset, kind.
        conflicts: asset, attribute.
        findings: asset, code, data.
        members: application name, asset.
    """

    columns: dict[TableKey, list[str | None]]
    rows_in: dict[TableKey, int]
    rows_stored: dict[TableKey, int]
    assets: dict[RowKey, str]
    names: dict[str, str]
    issues: set[RowKey]
    edges: list[tuple[str, str, str]]
    conflicts: list[tuple[str, str]]
    findings: list[tuple[str, str, dict[str, Any]]]
    members: list[tuple[str, str]]


def observe(session: TenantSession, engagement: UUID, import_id: UUID) -> Observed:
    """Read everything that the scores need."""
    of_import = {"import_id": import_id}
    of_engagement = {"engagement_id": engagement}
    columns: dict[TableKey, list[str | None]] = {}
    for row in session.execute(_COLUMNS, of_import):
        columns.setdefault((row.file, row.table), []).append(row.attribute)
    tables = session.execute(_TABLES, of_import).all()
    return Observed(
        columns=columns,
        rows_in={(t.file, t.table): t.rows_in for t in tables},
        rows_stored={(t.file, t.table): t.rows_stored for t in tables},
        assets={
            (row.file, row.table, row.row_number): row.asset
            for row in session.execute(_SOURCES, of_import)
        },
        names={row.id: row.name for row in session.execute(_ASSETS, of_engagement)},
        issues={
            (row.file, row.table, row.row_number) for row in session.execute(_ISSUES, of_import)
        },
        edges=[(e.source, e.target, e.kind) for e in session.execute(_EDGES, of_engagement)],
        conflicts=[(c.asset, c.attribute) for c in session.execute(_CONFLICTS, of_engagement)],
        findings=[(f.asset, f.code, f.data) for f in session.execute(_FINDINGS, of_engagement)],
        members=[(m.application, m.asset) for m in session.execute(_MEMBERS, of_engagement)],
    )
