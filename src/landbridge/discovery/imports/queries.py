"""Reading imports: the list, one import with its files and tables, and its issues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.issues import kind_of
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

ISSUES: Final = Listing(
    columns="x.id, x.phase, x.row_number as row, x.column_name as column, x.value, x.code,"
    " x.severity, x.detail, f.name as file, t.name as table, t.id as import_table_id",
    source="app.row_issues x join app.import_tables t on t.id = x.import_table_id"
    " join app.import_files f on f.id = t.import_file_id"
    " join app.imports i on i.id = f.import_id"
    " where i.engagement_id = :engagement_id and i.id = cast(:import_id as uuid)",
    filters={
        "q": "lower(coalesce(x.value, '')) like :q or lower(coalesce(x.column_name, '')) like :q",
        "code": "x.code = :code",
        "severity": "x.severity = :severity",
        "table": "t.name = :table",
    },
    facets={"code": "x.code", "severity": "x.severity", "table": "t.name"},
    sorts={
        "place": ("(f.ordinal::bigint << 52) + (t.ordinal::bigint << 40) + x.row_number", "bigint"),
        "code": ('x.code collate "C"', "text"),
    },
    order="place",
)


class ImportRow(BaseModel):
    """An import in a list.

    Attributes:
        issues: rows with at least one issue.
    """

    id: UUID
    created_at: datetime
    files: list[str]
    rows_in: int
    rows_stored: int
    issues: int
    withdrawn_at: datetime | None
    flow_id: UUID | None
    flow_status: str | None


class IssueRow(BaseModel):
    """One thing that is wrong with a cell or row; row 0 means the table as a whole."""

    id: UUID
    phase: str
    file: str
    table: str
    import_table_id: UUID
    row: int
    column: str | None
    value: str | None
    code: str
    severity: str
    title: str
    detail: str
    remedy: str


_IMPORTS: Final = (
    "select i.id, i.created_at, i.withdrawn_at,"
    " coalesce((select jsonb_agg(f.name order by f.ordinal) from app.import_files f"
    "  where f.import_id = i.id), '[]'::jsonb) as files,"
    " coalesce(n.rows_in, 0)::bigint as rows_in, coalesce(n.rows_stored, 0)::bigint as rows_stored,"
    " (select count(*) from (select distinct r.import_table_id, r.row_number from app.row_issues r"
    "  join app.import_tables t on t.id = r.import_table_id"
    "  join app.import_files f on f.id = t.import_file_id where f.import_id = i.id"
    "  and r.row_number > 0 and r.row_number <> t.header_row + 1) d) as issues,"
    " w.id as flow_id, w.status as flow_status"
    " from app.imports i"
    " left join lateral (select sum(t.rows_in) as rows_in, sum(t.rows_stored) as rows_stored"
    "  from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    "  where f.import_id = i.id) n on true"
    " left join lateral (select fl.id, fl.status from app.flows fl"
    "  where fl.engagement_id = i.engagement_id and fl.inputs ->> 'import_id' = i.id::text"
    "  and fl.flow_type = 'discovery'"
    "  order by fl.created_at desc limit 1) w on true"
    " where i.engagement_id = :engagement_id"
)


def imports(session: TenantSession, engagement_id: UUID, limit: int = 50) -> list[ImportRow]:
    """The newest imports, with what came of them."""
    rows = session.execute(
        text(f"{_IMPORTS} order by i.created_at desc, i.id desc limit :limit"),
        {"engagement_id": engagement_id, "limit": limit},
    )
    return [ImportRow(**r) for r in rows.mappings()]


def issues(
    session: TenantSession, engagement_id: UUID, import_id: UUID, wanted: Wanted
) -> Page[IssueRow]:
    """A page of the issues of an import, in the order of its files."""
    page = ISSUES.page(session, engagement_id, wanted, import_id=str(import_id))
    return Page([_issue(r) for r in page.items], page.next)


def _issue(row: dict[str, Any]) -> IssueRow:
    kind = kind_of(row["code"])
    return IssueRow(
        **row, title=kind.title if kind else row["code"], remedy=kind.remedy if kind else ""
    )


def count_issues(
    session: TenantSession, engagement_id: UUID, import_id: UUID, wanted: Wanted
) -> int:
    """How many issues the filters leave."""
    return ISSUES.total(session, engagement_id, wanted, import_id=str(import_id))


def issue_facets(
    session: TenantSession, engagement_id: UUID, import_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What the issues can be narrowed by."""
    return ISSUES.counts(session, engagement_id, wanted, import_id=str(import_id))


def require_import(session: TenantSession, engagement_id: UUID, import_id: UUID) -> None:
    """Refuse an import that the engagement does not have.

    Raises:
        NotFound: the engagement has no such import.
    """
    found = session.execute(
        text("select 1 from app.imports where id = :id and engagement_id = :engagement_id"),
        {"id": import_id, "engagement_id": engagement_id},
    ).one_or_none()
    if found is None:
        raise NotFound


def require_file(
    session: TenantSession, engagement_id: UUID, import_id: UUID, file_id: UUID
) -> None:
    """Refuse a file that the import of this engagement does not have.

    Raises:
        NotFound: there is no such file.
    """
    require_import(session, engagement_id, import_id)
    found = session.execute(
        text("select 1 from app.import_files where id = :id and import_id = :import_id"),
        {"id": file_id, "import_id": import_id},
    ).one_or_none()
    if found is None:
        raise NotFound
