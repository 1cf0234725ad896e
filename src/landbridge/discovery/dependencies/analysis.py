"""Analysis: drives an import from its rows to written edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from landbridge.discovery.dependencies import graph, issues, plain_edges, repository
from landbridge.discovery.dependencies.application_edges import ApplicationEdges
from landbridge.discovery.dependencies.connections import ConnectionColumns, End
from landbridge.discovery.dependencies.edges import Edge, EdgeKey
from landbridge.discovery.dependencies.endpoints import UNKNOWN, EndpointResolver, Found
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.dependencies.own_rows import Said
from landbridge.discovery.dependencies.plain_edges import Meant, PlainEdges
from landbridge.discovery.dependencies.repository import BATCH
from landbridge.discovery.dependencies.statements import Key, Stated, Statements, Subject
from landbridge.discovery.imports.tables import CellIssue
from landbridge.discovery.inventory.behind import Behind
from landbridge.discovery.inventory.journal import journal_of
from landbridge.discovery.inventory.repository import InventoryWriter, replace_issues
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.inventory.texts import storable_record
from landbridge.discovery.records import Record
from landbridge.discovery.vocabulary import TableRole
from landbridge.flows.phases import PhaseContext

_REPORT_EVERY: Final = 5_000
_ROLES: Final = (
    *(TableRole.ASSETS, TableRole.DETAILS, TableRole.RELATIONS, TableRole.CONNECTIONS),
    TableRole.APPLICATIONS,
)


class DependencyBuilder:
    """One run of the dependency phase."""

    def __init__(self, context: PhaseContext, phase: str, tables: list[TableFacts]) -> None:
        self._context = context
        self._session = context.session
        self._engagement_id = context.engagement_id
        self._phase = phase
        self._tables = tables
        self._statements = Statements(tables)
        self._found: dict[End, Found] = {}
        self._edges: dict[EdgeKey, Edge] = {}
        self._spoken: set[tuple[UUID, str, str]] = set()
        self._placed: set[tuple[bytes, str]] = set()
        self._has_details = any(t.role is TableRole.DETAILS for t in tables)
        self._journal = journal_of(context.session, context.inputs.get("import_id"))
        self._applications = ApplicationEdges(context.session, context.engagement_id, self._journal)
        self._counts: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._done = 0
        self._total = sum(t.rows for t in tables if t.role in _ROLES)

    def collect(self, records_of: Callable[[TableFacts], Iterable[Record]]) -> None:
        """Read what the rows state."""
        for number, table in enumerate(self._tables):
            if table.role is TableRole.ASSETS:
                self._collect_columns(number, table, records_of(table))
        for number, table in enumerate(self._tables):
            if table.role is TableRole.DETAILS:
                self._collect_places(number, table, records_of(table))
            elif table.role is TableRole.APPLICATIONS and "depends_on" in table.attributes:
                for record in self._counted(records_of(table)):
                    self._statements.add_application(number, record)
            elif table.role is TableRole.RELATIONS:
                for record in self._counted(records_of(table)):
                    self._statements.add_relation(number, record)
            elif table.role is TableRole.CONNECTIONS:
                columns = ConnectionColumns(table.columns, table.attributes.get("port", ()))
                for record in self._counted(records_of(table)):
                    self._statements.add_connection(number, record, columns)

    def _collect_columns(self, number: int, table: TableFacts, records: Iterable[Record]) -> None:
        if not _SPEAKING & table.attributes.keys():
            return
        asset_of = repository.assets_of_rows(self._session, table.id)
        for record in self._counted(records):
            asset_id = asset_of.find(record.row_number)
            if asset_id is not None:
                self._statements.add_columns(number, record, asset_id)
                if self._has_details:
                    self._placed.update((asset_id, a) for a in _PLACES if a in record.values)

    def _collect_places(self, number: int, table: TableFacts, records: Iterable[Record]) -> None:
        """Host and cluster from detail rows, for assets whose own row does not name them."""
        if not _PLACES & table.attributes.keys():
            return
        asset_of = repository.assets_of_rows(self._session, table.id)
        for record in self._counted(records):
            asset_id = asset_of.find(record.row_number)
            values = {
                a: v
                for a, v in record.values.items()
                if a == "datacenter"
                or (a in _PLACES and asset_id is not None and (asset_id, a) not in self._placed)
            }
            if asset_id is not None and _PLACES & values.keys():
                bare = Record(record.row_number, values, {})
                self._statements.add_columns(number, bare, asset_id)
                self._placed.update((asset_id, a) for a in _PLACES if a in values)

    def resolve(self) -> None:
        """Find the asset of each named end; systems named only here become assets."""
        resolver = EndpointResolver(self._session, self._engagement_id, self._statements)
        self._found = resolver.found()
        self._applications.create(resolver.missing_applications(self._found))
        added = resolver.missing_assets(self._found)
        writer = InventoryWriter(
            self._session, self._engagement_id, self._context.flow_id, decided_by=None
        )
        writer.write([change for change, _ in added])
        self._counts["assets_added"] = len(added)
        if added or self._applications.created:
            resolver = EndpointResolver(self._session, self._engagement_id, self._statements)
            self._found = resolver.found()

    def write(self) -> None:
        """Unite statements to edges and write what changes. Statements that name applications
        go first: what they mean for assets joins what else is said about the same two.
        """
        fresh = repository.is_empty(self._session, self._engagement_id)
        for key, stated in self._statements.found.items():
            self._place(key, stated)
        others, self._edges = self._edges, {}
        named = {
            said
            for said in self._statements.own.first
            if self._found[said.end].application and self._found[said.end].asset_id is None
        }
        for batch in self._statements.own.batches(BATCH) if named else ():
            self._place_all(of for of in batch if of[1] in named)
        self._applications.write()
        for edge_key, key, stated in self._applications.edges():
            edge = others.setdefault(edge_key, Edge())
            edge.add(key.origin, self._evidence(stated))
        with Behind() as behind:
            written = self._write_plain(others, behind) if fresh else None
            for batch in self._statements.own.batches(BATCH, written):
                self._place_all(of for of in batch if of[1] not in named)
                for edge_key, edge in self._edges.items():
                    said_elsewhere = others.pop(edge_key, None)
                    for source, item in said_elsewhere.evidence.items() if said_elsewhere else ():
                        edge.add(source, item)
                self._save(behind, fresh=fresh)
            self._edges = others
            self._save(behind, fresh=fresh)
        self._note_issues()

    def _write_plain(
        self, others: Mapping[EdgeKey, Edge], behind: Behind
    ) -> NDArray[np.bool_] | None:
        """Write what is an edge by itself, where none is stored; returns which statements that
        were.
        """
        own = self._statements.own
        if not len(own):
            return None
        plain = PlainEdges(own, [self._meant(said) for said in own.every])
        plain.leave(
            {
                (k.from_asset_id.bytes, k.to_asset_id.bytes, k.kind.value)
                for k in others
                if not k.port and not k.protocol
            }
        )
        for lines in plain.batches(BATCH):
            self._counts["edges"] += len(lines)
            self._written["created"] += len(lines)
            behind.do(partial(plain_edges.write, self._session, self._engagement_id, lines))
        return plain.chosen

    def _meant(self, said: Said) -> Meant | None:
        found = self._found[said.end]
        if found.asset_id is None or found.application:
            return None
        kind = said.meaning.kind or DependencyKind.RELATED_TO
        source = f"{self._tables[said.table].key}#{said.attribute}"
        stated = Stated(said.table, said.meaning.confidence, said.attribute, [0], 1, 1)
        evidence = {"source": source, **self._evidence(stated)}
        return Meant(found.asset_id.bytes, kind.value, evidence)

    def _place_all(self, noted: Iterable[tuple[UUID, Said, int]]) -> None:
        for key, stated in self._statements.of_own(noted).items():
            self._place(key, stated)

    def _save(self, behind: Behind, *, fresh: bool) -> None:
        """Write the edges at hand while the next are worked out."""
        edges, self._edges = self._edges, {}
        spoken, self._spoken = self._spoken, set()
        self._counts["edges"] += len(edges)

        def write() -> None:
            session, engagement_id = self._session, self._engagement_id
            if not fresh:
                gone = repository.retire(session, engagement_id, spoken, edges, self._journal)
                self._written["removed"] += gone
            self._written += repository.save(
                session, engagement_id, edges, self._journal, all_new=fresh
            )

        behind.do(write)

    def _place(self, key: Key, stated: Stated) -> None:
        source, target = self._subject(key.source), self._subject(key.target)
        if source.application or target.application:
            self._applications.add(source, target, key, stated, self._tables[stated.table].id)
            return
        if source.asset_id is None or target.asset_id is None:
            return
        if source.asset_id == target.asset_id:
            self._statements.filtered["itself"] += stated.lines
            return
        edge_key = EdgeKey(source.asset_id, target.asset_id, key.kind, key.port, key.protocol)
        edge = self._edges.setdefault(edge_key, Edge())
        edge.add(key.origin, self._evidence(stated))
        if "#" in key.origin and key.kind in _SINGLE and isinstance(key.source, UUID):
            self._spoken.add((source.asset_id, key.kind.value, key.origin))

    def _subject(self, subject: Subject) -> Found:
        return Found(subject) if isinstance(subject, UUID) else self._found[subject]

    def _evidence(self, stated: Stated) -> dict[str, Any]:
        item: dict[str, Any] = {
            "import_table_id": str(self._tables[stated.table].id),
            "rows": stated.rows,
            "count": stated.count,
            "text": stated.text,
            "confidence": stated.confidence,
        }
        if stated.processes:
            item["processes"] = sorted(stated.processes)
        return item

    def _note_issues(self) -> None:
        """One issue per name and table, at its first row: a name may stand in a million rows."""
        first: dict[tuple[int, End], int] = {}
        for key, stated in self._statements.found.items():
            for subject in (key.source, key.target):
                if isinstance(subject, End) and self._found[subject].asset_id is None:
                    place = (stated.table, subject)
                    first[place] = min(first.get(place, stated.rows[0]), stated.rows[0])
        for said, row in self._statements.own.first.items():
            if self._found[said.end].asset_id is None:
                place = (said.table, said.end)
                first[place] = min(first.get(place, row), row)
        listed: list[tuple[UUID, CellIssue]] = []
        names: dict[bool, set[str]] = defaultdict(set)
        for (table, end), row in sorted(first.items()):
            found = self._found[end]
            if found == UNKNOWN or found.ambiguous:
                kind = issues.AMBIGUOUS_END if found.ambiguous else issues.UNKNOWN_END
                value = end.name or end.ip
                names[found.ambiguous].add(value)
                listed.append((self._tables[table].id, CellIssue(kind, row, None, value)))
        for table, row in self._statements.incomplete:
            listed.append((self._tables[table].id, CellIssue(issues.MISSING_END, row)))
        replace_issues(self._session, self._phase, [t.id for t in self._tables], listed)
        self._counts["unresolved"] = len(names[False])
        self._counts["ambiguous"] = len(names[True])

    def outcome(self) -> Mapping[str, Any]:
        """The counts of the run, as the phase's output names them."""
        by_kind, observations = repository.totals(self._session, self._engagement_id)
        edges = repository.bonds_of(self._session, self._engagement_id)
        c = self._counts
        return {
            "edges": c["edges"],
            "created": self._written["created"],
            "updated": self._written["updated"],
            "removed": self._written["removed"],
            "by_kind": by_kind,
            "observations": observations,
            "filtered": dict(sorted(self._statements.filtered.items())),
            "unresolved": c["unresolved"],
            "ambiguous": c["ambiguous"],
            "incomplete": len(self._statements.incomplete),
            "cycles": len(graph.cycles(edges)),
            "assets_added": c["assets_added"],
            "application_links": self._applications.linked,
            "application_edges": self._applications.stated,
        }

    def _counted(self, records: Iterable[Record]) -> Iterable[Record]:
        for record in records:
            yield storable_record(record)
            self._done += 1
            if self._done % _REPORT_EVERY == 0:
                self._context.progress(min(self._done, self._total), self._total)


_SINGLE: Final = frozenset((DependencyKind.RUNS_ON, DependencyKind.MEMBER_OF))
_PLACES: Final = frozenset(("host_system", "cluster"))
_SPEAKING: Final = frozenset(("depends_on", "host_system", "cluster", "db_instance"))
