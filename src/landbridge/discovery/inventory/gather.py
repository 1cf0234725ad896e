"""Gathering: the rows of all tables of an import become records, one per asset-describing
row, with the rows of detail tables joined to the record they belong to.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from landbridge.discovery.inventory import describing
from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.classify import Classification, classify
from landbridge.discovery.inventory.components import KIND_OF, about_owner, component_of
from landbridge.discovery.inventory.documents import Columns, Documents
from landbridge.discovery.inventory.keys import GROUP_OF, PLACE, Identity, identity_of, row_key
from landbridge.discovery.inventory.names import NO_NAME, parse_host
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.inventory.owners import OwnerIndex
from landbridge.discovery.inventory.tables import TableFacts, is_true
from landbridge.discovery.inventory.texts import storable_batch, storable_record
from landbridge.discovery.records import Record, RecordBatch
from landbridge.discovery.vocabulary import AssetType, TableRole


class Why(IntEnum):
    """Why a record exists."""

    DESCRIBED = 0  # a row of an asset-describing table
    DETAILED = 1  # only detail rows speak of it
    MENTIONED = 2  # only a column of another record names it


@dataclass(slots=True)
class Gathered:
    """One record; what it says is put aside: a million of them fit in memory.

    Attributes:
        table, row: number of the table, and the row in it.
        why: what the record is.
        place: where what it says lies among the documents.
        details: (table number, row, place) of the detail rows that belong to it.
        kind: its classification.
    """

    table: int
    row: int
    why: Why
    place: int
    kind: Classification
    details: list[tuple[int, int, int]] | None = None


class Run(NamedTuple):
    """A batch of an asset-describing table among the records.

    Attributes:
        table: number of the table.
        batch: its number among the documents.
        first: number of its first record.
        positions: of its records in the batch, in order; the other rows name no asset.
    """

    table: int
    batch: int
    first: int
    positions: array[int]


MENTION_RULES: Final = {
    "host_system": Classification(AssetType.HYPERVISOR_HOST, "named.host_system", 8),
    "cluster": Classification(AssetType.CLUSTER, "named.cluster", 9),
    "hostname": Classification(AssetType.SERVER, "named.host_of_database", 2),
}
_DETAIL_ROLES: Final = (
    TableRole.DETAILS,
    TableRole.DISKS,
    TableRole.NICS,
    TableRole.PARTITIONS,
    TableRole.SOFTWARE,
)
_NEVER_FROM_DETAILS: Final = frozenset(("hostname", "asset_id", "uuid", "fqdn", "description"))


@dataclass(slots=True)
class Deferred:
    """A detail row that several records could own; one asset, if they turn out to be one."""

    table: int
    row: int
    place: int
    value: str
    owners: list[int]


@dataclass(slots=True)
class Rejected:
    """A row that could not be used: it names no asset, or could mean several."""

    table: int
    row: int
    ambiguous: bool
    value: str


@dataclass
class Gathering:
    """Collects the records of an import.

    Attributes:
        tables: the tables, in order.
        records: the records, in order of their rows; mentions last.
        deferred: detail rows that wait for identity to tell whose they are.
        rejected: rows that became no record.
        documents: what the records say.
        runs: the batches in which asset-describing rows came, in the order of the records.
    """

    tables: list[TableFacts]
    records: list[Gathered] = field(default_factory=list)
    documents: Documents = field(default_factory=Documents)
    runs: list[Run] = field(default_factory=list)
    deferred: list[Deferred] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    _owners: dict[UUID | str, OwnerIndex] = field(default_factory=dict)
    _mentions: dict[tuple[str, str, str], Gathered] = field(default_factory=dict)
    _named: set[tuple[int, tuple[Any, ...]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        described = {t.file_id for t in self.tables if t.role is TableRole.ASSETS}
        detailed = [t for t in self.tables if t.role in _DETAIL_ROLES]
        self._owners = {t.file_id: OwnerIndex() for t in detailed}
        self._owners |= {t.family: OwnerIndex() for t in detailed if t.file_id not in described}

    def in_order(self) -> Iterator[int]:
        """Numbers of the tables to feed, describing tables before detail tables."""
        for number, table in enumerate(self.tables):
            if table.role is TableRole.ASSETS:
                yield number
        for number, table in enumerate(self.tables):
            if table.role in _DETAIL_ROLES:
                yield number

    def add(self, number: int, batch: RecordBatch) -> None:
        """Take in rows of an asset-describing or detail table."""
        table = self.tables[number]
        if table.role is TableRole.ASSETS:
            self._describe_batch(number, table, storable_batch(batch))
        else:
            for record in batch:
                self._detail(number, table, storable_record(record))

    def finish(self) -> None:
        """Enter what was only mentioned. Call once, after the last row."""
        for record in self.records:
            self._mention_from_details(record)
        self.records += self._mentions.values()
        self._mentions, self._owners, self._named = {}, {}, set()

    def _describe_batch(self, number: int, table: TableFacts, batch: RecordBatch) -> None:
        """Rows of an asset-describing table: a record for each that names an asset."""
        describing.flag(batch, table)
        kinds = describing.kinds_of(batch, table)
        nameless = describing.nameless(batch, kinds, table)
        positions = [p for p in range(len(batch)) if p not in nameless]
        first = len(self.records)
        self._index(first, table, batch, positions)
        self._mention_batch(number, table, batch, positions)
        describing.add_addresses(batch, kinds)
        uuids = {p: also["uuid"] for p, also in batch.also.items() if "uuid" in also}
        stored = self.documents.add_batch(Columns(batch.values, batch.custom, uuids))
        place, rows = self.documents.place, batch.numbers
        self.records += [
            Gathered(number, rows[p], Why.DESCRIBED, place(stored, p), kinds[p]) for p in positions
        ]
        self.rejected += [Rejected(number, rows[p], False, "") for p in sorted(nameless)]
        self.runs.append(Run(number, stored, first, array("l", positions)))

    def _index(
        self, first: int, table: TableFacts, batch: RecordBatch, positions: Sequence[int]
    ) -> None:
        """Enter records among the owners that detail rows may have."""
        indices = [self._owners[k] for k in (table.file_id, table.family) if k in self._owners]
        for number, position in enumerate(positions, first) if indices else ():
            record = batch.record(position)
            for index in indices:
                index.add(number, record.values, table.scope(record.custom))

    def _describe(self, number: int, table: TableFacts, record: Record) -> int | None:
        """A record that only a detail row speaks of."""
        values = record.values
        for flag, columns in table.flags.items():
            if any(is_true(record.custom.get(c, "")) for c in columns):
                values = {**values, flag: True}
        kind = _type_of(values, table)
        if _names_nothing(values, kind, table):
            return None
        place = self.documents.add(values, {}, record.also.get("uuid", []))
        self.records.append(Gathered(number, record.row_number, Why.DETAILED, place, kind))
        for key in (table.file_id, table.family):
            if key in self._owners:
                scope = table.scope(record.custom)
                self._owners[key].add(len(self.records) - 1, values, scope)
        self._mention(number, table, record.row_number, values)
        return len(self.records) - 1

    def _detail(self, number: int, table: TableFacts, record: Record) -> None:
        owners = self._owners_of(table, record)
        place = self.documents.add(record.values, record.custom, [])
        name = str(record.values.get("hostname") or "")
        if len(owners) > 1:
            self.deferred.append(Deferred(number, record.row_number, place, name, owners))
            return
        owner = owners[0] if owners else None
        if owner is None:
            about: dict[str, Any] = {a: record.values[a] for a in _OF_OWNER if a in record.values}
            bare = Record(record.row_number, about, record.custom)
            owner = self._describe(number, table, bare)
            if owner is None:
                self.rejected.append(Rejected(number, record.row_number, False, name))
                return
        self.attach(owner, number, record.row_number, place)

    def attach(self, owner: int, table: int, row: int, place: int) -> None:
        """Give a detail row to the record that owns it."""
        held = self.records[owner]
        if held.details is None:
            held.details = []
        held.details.append((table, row, place))

    def settle(self, labels: Sequence[object]) -> None:
        """Give deferred rows to their owner where all that could own them are one asset."""
        for d in self.deferred:
            if len({labels[o] for o in d.owners}) == 1:
                self.attach(d.owners[0], d.table, d.row, d.place)
            else:
                self.rejected.append(Rejected(d.table, d.row, True, d.value))
        self.deferred = []

    def _owners_of(self, table: TableFacts, record: Record) -> list[int]:
        """The possible owners: in the row's own file, else in the files of the same tool; in
        tables of the same tool rather than in others.
        """
        scope = table.scope(record.custom)
        owners = self._owners[table.file_id].find(record.values, scope)
        if not owners and table.family in self._owners:
            owners = self._owners[table.family].find(record.values, scope)
        kin = [o for o in owners if self.tables[self.records[o].table].family == table.family]
        return kin or owners

    def _mention_batch(
        self, number: int, table: TableFacts, batch: RecordBatch, positions: Sequence[int]
    ) -> None:
        """What rows name beside their own assets, at the first row that names it."""
        nothing = [None] * len(batch)
        naming = _NAMING_DATABASES if table.lists_databases else _NAMING
        rows = list(zip(*(batch.values.get(a, nothing) for a in naming), strict=True))
        for position in positions:
            named = rows[position]
            if (number, named) not in self._named:
                self._named.add((number, named))
                values = dict(zip(naming, named, strict=True))
                self._mention(number, table, batch.numbers[position], values)

    def _mention(self, number: int, table: TableFacts, row: int, values: Mapping[str, Any]) -> None:
        for attribute in ("host_system", "cluster"):
            name = str(values.get(attribute) or "").strip()
            if attribute == "cluster":
                name = cluster_name(name)
            if not name or parse_host(name) == NO_NAME:
                continue
            within = str(values.get("datacenter") or "") if attribute == "cluster" else ""
            self._note(number, row, attribute, name, within)
        if table.lists_databases and values.get("db_instance") and values.get("hostname"):
            self._note(number, row, "hostname", str(values["hostname"]), "")

    def _mention_from_details(self, record: Gathered) -> None:
        """A host or cluster that only a detail row of the record names."""
        own: dict[str, Any] | None = None
        for number, row, place in record.details or ():
            table = self.tables[number]
            if table.role is TableRole.DETAILS and _PLACES & table.attributes.keys():
                own = self.documents.get(record.place)[0] if own is None else own
                values = self.documents.get(place)[0]
                named = {a: v for a, v in values.items() if a in _PLACES and a not in own}
                self._mention(number, table, row, {**values, **dict.fromkeys(_PLACES), **named})
                own |= named

    def _note(self, number: int, row: int, attribute: str, name: str, within: str) -> None:
        key = (attribute, name.casefold(), within.casefold())
        if key not in self._mentions:
            values = {"hostname": name, **({"datacenter": within} if within else {})}
            place = self.documents.add(values, {}, [])
            self._mentions[key] = Gathered(
                number, row, Why.MENTIONED, place, MENTION_RULES[attribute]
            )

    def observation(self, record: Gathered) -> Observation:
        """Unpack a record with its details folded in; the record's own word goes first."""
        table = self.tables[record.table]
        values, custom, other_uuids = self.documents.get(record.place)
        kind = record.kind
        mentioned = record.why is Why.MENTIONED
        observation = Observation(
            f"{table.key}#{kind.rule}" if mentioned else table.key,
            SourceClass.MENTION if mentioned else table.source_class,
            table.import_id,
            table.id,
            record.row,
            *kind,
            table.scope(custom),
            values,
            custom,
            other_uuids=other_uuids,
        )
        address = parse_host(str(values.get("hostname") or "")).address
        if address and kind.asset_type not in GROUP_OF:
            values.setdefault("ip_address", [address])
        for number, row, place in record.details or ():
            self._fold(observation, self.tables[number], row, place)
        return observation

    def _fold(self, o: Observation, table: TableFacts, row: int, place: int) -> None:
        values, custom, _ = self.documents.get(place)
        if table.role in KIND_OF:
            component = component_of(KIND_OF[table.role], values, custom)
            o.components.append(component)
            for attribute, items in about_owner(component).items():
                held = o.values.setdefault(attribute, [])
                held += [i for i in items if i not in held]
            return
        for attribute, value in values.items():
            if attribute not in o.values and attribute not in _NEVER_FROM_DETAILS:
                o.values[attribute] = value
                o.origins[attribute] = (table.id, row)
        for column, text in custom.items():
            if text and o.custom.get(column) != text:
                o.custom.setdefault(f"{table.name}: {column}", text)

    def row_of(
        self, record: Gathered, observation: Observation, identity: Identity
    ) -> tuple[UUID, str] | None:
        """The key of the row in an export that lists every system once."""
        table = self.tables[record.table]
        if not table.lists_each_once or record.why is not Why.DESCRIBED:
            return None
        return table.id, row_key(identity, *map(observation.values.get, PLACE))

    def counts(self) -> Counter[Why]:
        """How many records there are of each sort."""
        return Counter(r.why for r in self.records)


_OF_OWNER: Final[tuple[str, ...]] = (
    *("hostname", "fqdn", "asset_id", "uuid", "host_system", "cluster", "datacenter"),
    *("os_name", "os_version", "power_state", "environment"),
)
_PLACES: Final = frozenset(("host_system", "cluster"))
_NAMING: Final = ("host_system", "cluster", "datacenter")
_NAMING_DATABASES: Final = (*_NAMING, "db_instance", "hostname")
_POOL = re.compile(r"/(?:[^/]+/)*?([^/]+)/Resources(?:/.*)?", re.I)


def cluster_name(text: str) -> str:
    """The cluster in a cluster column, which may hold the path of a resource pool."""
    found = _POOL.fullmatch(text.strip())
    return found[1] if found else text.strip()


def _names_nothing(values: Mapping[str, Any], kind: Classification, table: TableFacts) -> bool:
    host = parse_host(values.get("hostname") or "")
    if host.name or host.address:
        return False
    return identity_of(values, kind.asset_type, table.family).names_nothing


def _type_of(values: Mapping[str, Any], table: TableFacts) -> Classification:
    if table.role is not TableRole.ASSETS:
        of_vms = _OF_VMS.search(f"{table.source} {table.name}")
        return classify(values, "rvtools_vinfo" if of_vms else "")
    return classify(values, table.source, lists_databases=table.lists_databases)


# Sheets of RVTools whose rows belong to VMs.
_OF_VMS = re.compile(
    r"\bv(?:cpu|memory|disk|partition|network|tools|usb|cd|snapshot|floppy)\b|rvtools_v(?:cpu|mem|disk"
    r"|part|net|tool)",
    re.IGNORECASE,
)
