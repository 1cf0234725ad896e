"""Tables and records for tests of the inventory, without a file behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from landbridge.database.session import JobAccess, TenantSession
from landbridge.discovery.dependencies.phase import DependencyAnalysis, DependencyOutput
from landbridge.discovery.inventory.gather import Gathering
from landbridge.discovery.inventory.phase import AssetInventory, InventoryOutput
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record, RecordBatch
from landbridge.discovery.vocabulary import TableRole
from landbridge.flows.phases import PhaseContext
from landbridge.kit.ids import new_id
from tests.support.accounts import Account
from tests.support.two_doors import TwoDoors

Rows = list[dict[str, Any]]


def table(
    role: TableRole,
    source: str = "",
    *,
    file: int = 1,
    name: str = "",
    columns: Iterable[str] = (),
    attributes: Iterable[str] = ("hostname",),
) -> TableFacts:
    """A table; capitalised keys of rows are custom columns."""
    return TableFacts(
        id=new_id(),
        import_id=UUID(int=1),
        file_id=UUID(int=file),
        name=name or source,
        source=source,
        role=role,
        columns=tuple(columns),
        attributes={a: (a,) for a in attributes},
    )


def records(rows: Rows) -> list[Record]:
    """Records numbered from row 2: keys with a capital are custom columns."""
    return [
        Record(
            number,
            {k: v for k, v in row.items() if k[:1].islower()},
            {k: v for k, v in row.items() if not k[:1].islower()},
        )
        for number, row in enumerate(rows, start=2)
    ]


def gathered(*tables: tuple[TableFacts, Rows]) -> Gathering:
    """What the rows of these tables become."""
    gathering = Gathering([t for t, _ in tables])
    for number in gathering.in_order():
        gathering.add(number, RecordBatch.of(records(tables[number][1])))
    gathering.finish()
    return gathering


def stored_table(session: Session, engagement_id: UUID, t: TableFacts, rows: Rows) -> TableFacts:
    """The same table as of a new import of the engagement, with its rows in the database."""
    import_id, file_id, table_id = new_id(), new_id(), new_id()
    sha256 = blake2b(repr((t.name, rows)).encode(), digest_size=32).digest()
    parameters = {
        "i": import_id, "e": engagement_id, "u": UUID(int=0), "s": sha256, "f": file_id,
        "t": table_id, "n": t.name or "list.csv", "source": t.source, "role": t.role.value,
        "c": orjson.dumps(list(t.columns)).decode(), "r": len(rows),
    }  # fmt: skip
    for statement in (
        "insert into app.imports (id, engagement_id, created_by) values (:i, :e, :u)",
        "insert into app.stored_files (sha256, size_bytes) values (:s, 0) on conflict do nothing",
        "insert into app.import_files (id, import_id, ordinal, name, sha256)"
        " values (:f, :i, 0, :n, :s)",
        "insert into app.import_tables (id, import_file_id, ordinal, name, source, role,"
        " header_row, columns, rows_in, rows_stored)"
        " values (:t, :f, 0, :n, :source, :role, 1, cast(:c as jsonb), :r, :r)",
    ):
        session.execute(text(statement), parameters)
    return replace(t, id=table_id, import_id=import_id, file_id=file_id, rows=len(rows))


class Bench:
    """Runs the inventory phase on rows given in the test."""

    def __init__(self, door: TwoDoors, account: Account, flow: JobAccess) -> None:
        self.door, self.account, self.flow = door, account, flow

    def run(self, *tables: tuple[TableFacts, Rows], one_file: bool = True) -> InventoryOutput:
        """Import these tables and build the inventory."""
        return self._run(tables, one_file)[0]

    def analyse(self, *tables: tuple[TableFacts, Rows]) -> DependencyOutput:
        """Import these tables, each as a file, build the inventory, analyse dependencies."""
        return self._run(tables, one_file=False)[1]

    def _run(
        self, tables: tuple[tuple[TableFacts, Rows], ...], one_file: bool
    ) -> tuple[InventoryOutput, DependencyOutput]:
        with self.door.open(self.flow) as session:
            stored: list[TableFacts] = []
            content = {}
            for t, rows in tables:
                new = stored_table(session, self.account.engagement_id, t, rows)
                if stored:
                    first = stored[0]
                    file_id = first.file_id if one_file else new.file_id
                    new = replace(new, import_id=first.import_id, file_id=file_id)
                stored.append(new)
                content[new.id] = records(rows)
            phases = (
                AssetInventory(
                    lambda _s, t: [RecordBatch.of(content[t.id])], lambda _s, _i: stored
                ),
                DependencyAnalysis(lambda _s, t: iter(content[t.id]), lambda _s, _i: stored),
            )
            outputs = [p.run(self.context(session)) for p in phases]
            return tuple(type(o).model_validate_json(o.model_dump_json()) for o in outputs)

    def context(self, session: TenantSession) -> PhaseContext:
        """The context of a phase that runs in it."""
        return PhaseContext(
            session=session,
            client_account_id=self.account.client_account_id,
            engagement_id=self.account.engagement_id,
            flow_id=self.flow.flow_id,
            inputs={},
            outputs={},
            progress=lambda _done, _total: None,
        )

    def query(self, statement: str, **parameters: Any) -> list[Any]:
        """Rows of a statement, as the account's member sees them."""
        with self.door.open(self.account.access) as session:
            return list(session.execute(text(statement), parameters))

    def snapshot(self) -> dict[str, list[Any]]:
        """Everything the inventory holds for the account, apart from links to source rows."""
        return {
            t: self.query(f"select to_jsonb(x) from app.{t} x order by to_jsonb(x)::text")
            for t in SNAPSHOT
        }


SNAPSHOT = (
    *("assets", "asset_keys", "asset_observations", "asset_components", "asset_conflicts"),
    *("applications", "application_assets", "dependencies"),
)
