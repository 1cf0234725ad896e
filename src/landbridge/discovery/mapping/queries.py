"""Reading the mapping of an import: its tables, and the columns of one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound


class MappedTable(BaseModel):
    """A table of an import, and how far its mapping is decided.

    Attributes:
        undecided: columns that are still a suggestion.
    """

    id: UUID
    file: str
    name: str
    source: str | None
    role: str | None
    columns: int
    undecided: int


class ColumnMapping(BaseModel):
    """One column and what it is mapped to.

    Attributes:
        target: "attribute", "custom" (kept under its own name) or "ignore".
        confidence: 0 to 1.
        evidence: why this was suggested.
        alternatives: what else it could be, the likeliest first.
        status: "suggested" or "approved".
    """

    id: UUID
    import_table_id: UUID
    ordinal: int
    column_name: str
    target: str
    attribute: str | None
    confidence: float
    evidence: list[Any]
    alternatives: list[Any]
    samples: list[Any]
    status: str
    decided_by: UUID | None
    decided_by_name: str | None
    decided_automatically: bool
    decided_at: datetime | None


_FROM: Final = (
    " from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    " join app.imports i on i.id = f.import_id"
)
_TABLES: Final = text(
    "select t.id, f.name as file, t.name, t.source, t.role,"
    " (select count(*) from app.column_mappings m where m.import_table_id = t.id) as columns,"
    " (select count(*) from app.column_mappings m where m.import_table_id = t.id"
    "   and m.status = 'suggested') as undecided"
    + _FROM
    + " where i.engagement_id = :engagement_id and i.id = :import_id order by f.ordinal, t.ordinal"
)
_COLUMNS: Final = (
    "select m.id, m.import_table_id, m.ordinal, m.column_name, m.target, m.attribute,"
    " m.confidence / 1000.0 as confidence, m.evidence, m.alternatives, m.samples, m.status,"
    " m.decided_by, u.display_name as decided_by_name, m.decided_automatically, m.decided_at"
    + _FROM
    + " join app.column_mappings m on m.import_table_id = t.id"
    " left join app.members() u on u.user_id = m.decided_by"
    " where i.engagement_id = :engagement_id"
)


def tables(session: TenantSession, engagement_id: UUID, import_id: UUID) -> list[MappedTable]:
    """The tables of an import, in the order of its files."""
    named = {"engagement_id": engagement_id, "import_id": import_id}
    return [MappedTable(**r) for r in session.execute(_TABLES, named).mappings()]


def columns(
    session: TenantSession, engagement_id: UUID, import_id: UUID, table_id: UUID | None = None
) -> list[ColumnMapping]:
    """The columns of an import, or of one of its tables, in their order."""
    only = " and t.id = :table_id" if table_id else ""
    rows = session.execute(
        text(f"{_COLUMNS} and i.id = :import_id{only} order by f.ordinal, t.ordinal, m.ordinal"),
        {"engagement_id": engagement_id, "import_id": import_id, "table_id": table_id},
    )
    return [ColumnMapping(**r) for r in rows.mappings()]


def column(session: TenantSession, engagement_id: UUID, mapping_id: UUID) -> ColumnMapping:
    """One column.

    Raises:
        NotFound: the engagement has no such column.
    """
    row = (
        session.execute(
            text(f"{_COLUMNS} and m.id = :mapping_id"),
            {"engagement_id": engagement_id, "mapping_id": mapping_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return ColumnMapping(**row)
