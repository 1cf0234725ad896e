"""Statements: what rows say about dependencies, before names are resolved to assets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from landbridge.discovery.dependencies.connections import (
    ConnectionColumns,
    End,
    Flow,
    read,
)
from landbridge.discovery.dependencies.kinds import DependencyKind, Meaning, meaning_of
from landbridge.discovery.dependencies.own_rows import OwnRows, Said
from landbridge.discovery.dependencies.ports import service_name
from landbridge.discovery.inventory.classify import class_of_text
from landbridge.discovery.inventory.gather import cluster_name
from landbridge.discovery.inventory.names import parse_host
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record
from landbridge.discovery.vocabulary import AssetType

ROWS_KEPT: Final = 5
"""Rows named in the evidence of one source; `count` says how many there are."""

Subject = UUID | End
"""An asset whose own row speaks, or an end that a row names."""


class Key(NamedTuple):
    """What is stated, and by which source; equal statements of one source are one."""

    source: Subject
    target: Subject
    kind: DependencyKind
    port: int
    protocol: str
    origin: str


@dataclass(slots=True)
class Stated:
    """How often and where it is stated.

    Attributes:
        table: number of the table.
        rows: the first rows.
        count: observations, and `lines`, the rows they stand in.
        text: the words or columns that say it.
        confidence: per mille.
        processes: programs seen.
    """

    table: int
    confidence: int
    text: str
    rows: list[int] = field(default_factory=list)
    count: int = 0
    lines: int = 0
    processes: set[str] = field(default_factory=set)


@dataclass
class Statements:
    """Collects the statements of an import.

    Attributes:
        tables: the tables, in order.
        found: the statements, but for those of `own`.
        own: what columns of assets say about the asset of the row.
        filtered: reason → rows that state no dependency.
        incomplete: (table number, row) that lack an end.
    """

    tables: list[TableFacts]
    found: dict[Key, Stated] = field(default_factory=dict)
    own: OwnRows = field(default_factory=OwnRows)
    filtered: Counter[str] = field(default_factory=Counter)
    incomplete: list[tuple[int, int]] = field(default_factory=list)

    def add_columns(self, number: int, record: Record, asset_id: bytes) -> None:
        """What the row of an asset says in its columns; the asset is given by its 16 bytes."""
        values, row = record.values, record.row_number
        named: list[tuple[str, str, Meaning]] = [
            ("depends_on", name, _COLUMNS["depends_on"]) for name in values.get("depends_on") or ()
        ]
        for attribute in ("host_system", "cluster"):
            if values.get(attribute):
                named.append((attribute, str(values[attribute]), _COLUMNS[attribute]))
        if values.get("db_instance") and values.get("hostname"):
            if self.tables[number].lists_databases:
                named.append(("hostname", values["hostname"], _COLUMNS["hostname"]))
            else:
                end = End(values["db_instance"], "", "database", _host(values["hostname"]))
                mine = UUID(bytes=asset_id)
                self._state(number, row, end, mine, _OF_COLUMN, "db_instance")
        for attribute, name, meaning in named:
            is_cluster = attribute == "cluster"
            within = str(values.get("datacenter") or "") if is_cluster else ""
            plain = (cluster_name(name) if is_cluster else name).strip()
            end = End(plain, "", _CLASS_OF.get(attribute, ""), within)
            self.own.add(asset_id, Said(number, end, meaning, attribute), row)

    def of_own(self, noted: Iterable[tuple[UUID, Said, int]]) -> dict[Key, Stated]:
        """The statements that noted columns of assets make."""
        found: dict[Key, Stated] = {}
        for asset_id, (table, end, meaning, attribute), row in noted:
            kind = meaning.kind or DependencyKind.RELATED_TO
            key = Key(asset_id, end, kind, 0, "", f"{self.tables[table].key}#{attribute}")
            _note(found, key, table, row, meaning.confidence, attribute)
        return found

    def add_application(self, number: int, record: Record) -> None:
        """The row of an application list that states what the application depends on."""
        names: Any = record.values.get("application_name") or ()
        meaning = Meaning(DependencyKind.DEPENDS_ON, False, 800, "column.depends_on")
        for name in names if isinstance(names, list) else [names]:
            for needed in record.values.get("depends_on") or ():
                ends = End(name, "", "application"), End(needed)
                self._state(number, record.row_number, *ends, meaning, "depends_on")

    def add_relation(self, number: int, record: Record) -> None:
        """A row of a relation table."""
        source, target = _ends(record, self.tables[number])
        if not (source.is_named and target.is_named):
            self.incomplete.append((number, record.row_number))
            return
        text = str(record.values.get("rel_type") or "")
        meaning = meaning_of(text)
        if meaning.kind is None:
            self.filtered["not_technical"] += 1
            return
        port = int(record.values.get("port") or 0)
        protocol = str(record.values.get("protocol") or "").casefold()
        if meaning.kind is DependencyKind.RELATED_TO and port:
            meaning = Meaning(DependencyKind.CONNECTS_TO, False, 600, "relation.port")
        if meaning.kind is not DependencyKind.CONNECTS_TO:
            port, protocol = 0, ""
        self._state(number, record.row_number, source, target, meaning, text, port, protocol)

    def add_connection(self, number: int, record: Record, columns: ConnectionColumns) -> None:
        """A row of a connection table."""
        source, target = _ends(record, self.tables[number])
        flow = read(record, columns, source, target)
        if not isinstance(flow, Flow):
            self.filtered[flow.reason] += 1
            return
        if not (source.is_named and target.is_named):
            self.incomplete.append((number, record.row_number))
            return
        confidence = 650 if flow.turned else 750
        meaning = Meaning(DependencyKind.CONNECTS_TO, False, confidence, "connection")
        stated = self._state(
            number,
            record.row_number,
            flow.client,
            flow.server,
            meaning,
            service_name(flow.port),
            flow.port,
            flow.protocol,
            flow.seen,
        )
        if flow.process and len(stated.processes) < ROWS_KEPT:
            stated.processes.add(flow.process)

    def _state(
        self,
        number: int,
        row: int,
        source: Subject,
        target: Subject,
        meaning: Meaning,
        text: str,
        port: int = 0,
        protocol: str = "",
        count: int = 1,
    ) -> Stated:
        if meaning.reversed:
            source, target = target, source
        kind = meaning.kind or DependencyKind.RELATED_TO
        if kind is DependencyKind.RUNS_ON and isinstance(source, End) and isinstance(target, End):
            source = _qualified(source, target)
        column = f"#{text}" if meaning.rule.startswith("column.") else ""
        key = Key(source, target, kind, port, protocol, self.tables[number].key + column)
        return _note(self.found, key, number, row, meaning.confidence, text, count)

    def ends(self) -> dict[End, set[int]]:
        """All ends that are to be resolved, with the tables that name them."""
        found: dict[End, set[int]] = {}
        for key, stated in self.found.items():
            for subject in (key.source, key.target):
                if isinstance(subject, End):
                    found.setdefault(subject, set()).add(stated.table)
        for said in self.own.first:
            found.setdefault(said.end, set()).add(said.table)
        return found


def _note(
    found: dict[Key, Stated],
    key: Key,
    table: int,
    row: int,
    confidence: int,
    text: str,
    count: int = 1,
) -> Stated:
    stated = found.get(key)
    if stated is None:
        stated = found[key] = Stated(table, confidence, text)
    stated.confidence = max(stated.confidence, confidence)
    stated.count += count
    stated.lines += 1
    if len(stated.rows) < ROWS_KEPT:
        stated.rows.append(row)
    return stated


_OF_COLUMN: Final = Meaning(DependencyKind.RUNS_ON, False, 900, "column.db_instance")
_COLUMNS: Final = {
    attribute: Meaning(kind, False, confidence, f"column.{attribute}")
    for attribute, kind, confidence in (
        ("depends_on", DependencyKind.DEPENDS_ON, 800),
        ("host_system", DependencyKind.RUNS_ON, 980),
        ("cluster", DependencyKind.MEMBER_OF, 980),
        ("hostname", DependencyKind.RUNS_ON, 950),
    )
}
_CLASS_OF: Final = {"host_system": "host", "cluster": "cluster", "hostname": "host"}
_OF_APPLICATIONS = re.compile(r"application|anwendung|applicat|aplicaci|\bapp\b", re.IGNORECASE)
_SIDES: Final = (
    ("parent", "source", "src", "from", "quell", "upstream", "client"),
    ("child", "target", "dest", "dst", "to", "ziel", "downstream", "server"),
)


def _ends(record: Record, table: TableFacts) -> tuple[End, End]:
    values, custom = record.values, record.custom
    source, target = (
        _class_column(custom, side) or _class_of_header(table, attribute)
        for side, attribute in zip(_SIDES, ("rel_source", "rel_target"), strict=True)
    )
    return (
        End(_text(values.get("rel_source")), _first(values.get("source_ip")), source),
        End(_text(values.get("rel_target")), _first(values.get("target_ip")), target),
    )


def _class_of_header(table: TableFacts, attribute: str) -> str:
    """What the header says of the things named in its column ("From Application")."""
    return next((c for c in table.attributes.get(attribute, ()) if _OF_APPLICATIONS.search(c)), "")


def _class_column(custom: dict[str, str], side: tuple[str, ...]) -> str:
    for column, text in custom.items():
        name = column.casefold()
        if text and name.startswith(side) and ("class" in name or name.endswith(("type", "typ"))):
            return text
    return ""


def _qualified(source: End, host: End) -> End:
    """A database is named within its host."""
    if class_of_text(source.stated_class) is AssetType.DATABASE and host.name:
        return source._replace(within=_host(host.name))
    return source


def _host(name: Any) -> str:
    return parse_host(str(name)).name or str(name).strip().casefold()


def _text(value: Any) -> str:
    return str(value or "").strip()


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else _text(value)
