"""Where the inventory's input comes from: imported tables, their mapping, cleansed records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.cleansing import repository as cleansing
from landbridge.discovery.imports import repository as imports
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record, RecordBatch
from landbridge.discovery.vocabulary import TableRole

_MAPPINGS = text("""
select m.import_table_id, m.attribute, m.column_name
  from app.column_mappings m
 where m.import_table_id = any(:tables) and m.target = 'attribute' and m.status = 'approved'
 order by m.import_table_id, m.confidence desc, m.ordinal""")


def tables_of(session: TenantSession, inputs: dict[str, Any]) -> list[TableFacts]:
    """The tables of a flow's import that mapping gave a role, in the order of the files."""
    tables = [t for t in imports.tables_of(session, inputs) if t.role is not None]
    mapped: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table_id, attribute, column in session.execute(
        _MAPPINGS, {"tables": [t.id for t in tables]}
    ):
        mapped[table_id][attribute].append(column)
    return [
        TableFacts(
            id=t.id,
            import_id=UUID(str(inputs["import_id"])),
            file_id=t.import_file_id,
            name=t.name,
            source=(t.source or "").casefold(),
            role=TableRole(t.role or ""),
            columns=tuple(t.columns),
            attributes=dict(mapped.get(t.id, {})),
            rows=t.rows_stored,
        )
        for t in tables
    ]


def batches_of(session: TenantSession, table: TableFacts) -> Iterator[RecordBatch]:
    """The cleansed records of a table, in order, streamed, by column."""
    return cleansing.iter_batches(session, imports.find_table(session, table.id))


def records_of(
    session: TenantSession, table: TableFacts, only: Collection[str] | None = None
) -> Iterator[Record]:
    """The cleansed records of a table, in order, streamed; `only` of these attributes if given."""
    return cleansing.iter_records(session, imports.find_table(session, table.id), only)
