"""An import whose tables and mapping a test writes by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import insert, text

from landbridge.discovery.cleansing.phase import DataCleansing
from landbridge.discovery.cleansing.repository import iter_records
from landbridge.discovery.imports.chunks import ChunkWriter
from landbridge.discovery.imports.models import Import, ImportFile, ImportTable
from landbridge.discovery.imports.repository import add_chunk, find_table, store_content
from landbridge.discovery.imports.tables import SourceRow
from landbridge.flows.phases import PhaseContext
from landbridge.kit.ids import new_id


class HandmadeImport:
    """One import of one file with any number of tables."""

    def __init__(self, account, door, flow_id):
        self.account, self.door, self.flow_id = account, door, flow_id
        self.id, self.file_id = new_id(), new_id()
        self.tables = 0
        self.reported = []
        content = self.id.bytes
        with door.open(account.access) as session:
            store_content(session, sha256(content).digest(), len(content), [content])
            session.execute(
                insert(Import).values(
                    id=self.id, engagement_id=account.engagement_id, created_by=account.user_id
                )
            )
            session.execute(
                insert(ImportFile).values(
                    id=self.file_id,
                    import_id=self.id,
                    ordinal=0,
                    name="export.csv",
                    sha256=sha256(content).digest(),
                    options={},
                )
            )

    def table(self, columns, rows, *, source=None, status="approved"):
        """A table; `columns` maps column → attribute, None for custom, "-" for ignored."""
        names = list(columns)
        with self.door.open(self.account.access) as session:
            table_id = new_id()
            session.execute(
                insert(ImportTable).values(
                    id=table_id,
                    import_file_id=self.file_id,
                    ordinal=self.tables,
                    name=f"t{self.tables}",
                    source=source,
                    header_row=0,
                    columns=names,
                    rows_in=len(rows),
                    rows_stored=len(rows),
                )
            )
            self.tables += 1
            writer = ChunkWriter()
            for number, cells in enumerate(rows, start=2):
                if chunk := writer.add(SourceRow(number, list(cells))):
                    add_chunk(session, table_id, chunk)
            if chunk := writer.flush():
                add_chunk(session, table_id, chunk)
            for ordinal, (name, attribute) in enumerate(columns.items()):
                target = {"-": "ignore", None: "custom"}.get(attribute, "attribute")
                session.execute(
                    text(
                        "insert into app.column_mappings (id, import_table_id, ordinal, "
                        "column_name, target, attribute, confidence, status) values (:id, :table, "
                        ":ordinal, :name, :target, :attribute, :confidence, :status)"
                    ),
                    {
                        "id": new_id(),
                        "table": table_id,
                        "ordinal": ordinal,
                        "name": name,
                        "target": target,
                        "attribute": attribute if target == "attribute" else None,
                        "confidence": 950 - ordinal,
                        "status": status,
                    },
                )
        return table_id

    def cleanse(self):
        """Run the phase and return its output."""
        self.reported = []
        with self.door.open(self.account.access) as session:
            context = PhaseContext(
                session,
                self.account.client_account_id,
                self.account.engagement_id,
                self.flow_id,
                {"import_id": str(self.id)},
                {},
                lambda done, total: self.reported.append((done, total)),
            )
            return DataCleansing().run(context)

    def records(self, table_id):
        """All records of a table."""
        with self.door.open(self.account.access) as session:
            return list(iter_records(session, find_table(session, table_id)))

    def query(self, sql, **parameters):
        """Rows of a query, as dictionaries."""
        with self.door.open(self.account.access) as session:
            return [dict(r) for r in session.execute(text(sql), parameters).mappings()]

    def call(self, function, *arguments, **options):
        """Call a service function in a session."""
        with self.door.open(self.account.access) as session:
            return function(session, *arguments, **options)


@pytest.fixture
def handmade(account, door, make_flow):
    return HandmadeImport(account, door, make_flow(account).flow_id)
