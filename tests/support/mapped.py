"""An import whose columns have been mapped, without running a flow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.kit.ids import new_id
from tests.support.accounts import Account


@dataclass(frozen=True, slots=True)
class MappedImport:
    """The ids of an import with one file, one table and a column for each given mapping."""

    import_id: UUID
    file_id: UUID
    table_id: UUID
    mappings: list[UUID]


def make_mapped_import(
    databases: Databases, account: Account, *columns: tuple[str, str, str | None, int]
) -> MappedImport:
    """Columns are (name, target, attribute, confidence in per mille), all undecided."""
    made = MappedImport(new_id(), new_id(), new_id(), [new_id() for _ in columns])
    sha256 = new_id().bytes * 2
    with databases.app.open(account.access) as session:

        def run(statement: str, **values: object) -> None:
            session.execute(text(statement), values)

        run(
            "insert into app.imports (id, engagement_id, created_by)"
            " values (:id, :engagement, app.current_user_id())",
            id=made.import_id,
            engagement=account.engagement_id,
        )
        run("insert into app.stored_files (sha256, size_bytes) values (:h, 1)", h=sha256)
        run("insert into app.file_pieces (sha256, ordinal, data) values (:h, 0, 'x')", h=sha256)
        run(
            "insert into app.import_files (id, import_id, ordinal, name, sha256, status)"
            " values (:id, :import, 0, 'servers.csv', :h, 'read')",
            id=made.file_id,
            h=sha256,
            **{"import": made.import_id},
        )
        run(
            "insert into app.import_tables (id, import_file_id, ordinal, name, header_row, columns)"
            " values (:id, :file, 0, 'servers', 1, cast(:columns as jsonb))",
            id=made.table_id,
            file=made.file_id,
            columns=json.dumps([c[0] for c in columns]),
        )
        for ordinal, (mapping, column) in enumerate(zip(made.mappings, columns, strict=True)):
            run(
                "insert into app.column_mappings"
                " (id, import_table_id, ordinal, column_name, target, attribute, confidence)"
                " values (:id, :table, :ordinal, :name, :target, :attribute, :confidence)",
                id=mapping,
                table=made.table_id,
                ordinal=ordinal,
                name=column[0],
                target=column[1],
                attribute=column[2],
                confidence=column[3],
            )
    return made
