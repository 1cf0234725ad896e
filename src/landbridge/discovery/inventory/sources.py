"""Where the inventory's input comes from: the imported tables and how they were mapped."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.vocabulary import TableRole

_TABLES = text("""
select t.id, f.import_id, t.import_file_id, t.name, coalesce(t.source, '') as source, t.role,
       t.columns, t.rows_stored
  from app.import_tables t join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id and t.role is not null
 order by f.ordinal, t.ordinal""")
_MAPPINGS = text("""
select m.import_table_id, m.attribute, m.column_name
  from app.column_mappings m
  join app.import_tables t on t.id = m.import_table_id
  join app.import_files f on f.id = t.import_file_id
 where f.import_id = :import_id and m.target = 'attribute' and m.status = 'approved'
 order by m.import_table_id, m.confidence desc, m.ordinal""")


def tables_of(session: TenantSession, inputs: dict[str, Any]) -> list[TableFacts]:
    """The tables of a flow's import, in the order of the files."""
    parameters = {"import_id": UUID(inputs["import_id"])}
    mapped: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table_id, attribute, column in session.execute(_MAPPINGS, parameters):
        mapped[table_id][attribute].append(column)
    return [
        TableFacts(
            id=t.id,
            import_id=t.import_id,
            file_id=t.import_file_id,
            name=t.name,
            source=t.source.casefold(),
            role=TableRole(t.role),
            columns=tuple(t.columns),
            attributes=dict(mapped.get(t.id, {})),
            rows=t.rows_stored,
        )
        for t in session.execute(_TABLES, parameters)
    ]
