"""What is true about the sample files, in a form that tests and evaluations can score against."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from landbridge.kit import jsonio


@dataclass(frozen=True, slots=True)
class ColumnTruth:
    """The right meaning of one column.

    Attributes:
        name: the header text.
        attribute: canonical attribute; None when the column must stay a custom attribute.
        also: other answers that are right too.
    """

    name: str
    attribute: str | None
    also: tuple[str | None, ...] = ()

    def accepts(self, attribute: str | None) -> bool:
        """Whether a suggested meaning is right."""
        return attribute == self.attribute or attribute in self.also


@dataclass(slots=True)
class TableTruth:
    """One sheet or CSV file.

    Attributes:
        role: what its rows are.
        header_row: number of the header record, as a user counts in the file.
        footer: how many lines at the end are no data but totals.
        entities: for each record after the header, in order, the key of the true thing that the
            row describes or belongs to; None where it describes none.
    """

    file: str
    table: str
    role: str
    header_row: int
    columns: list[ColumnTruth]
    footer: int = 0
    entities: list[str | None] = field(default_factory=list)

    @property
    def next_row(self) -> int:
        """Number of the record that would be written next."""
        return self.header_row + 1 + len(self.entities)


@dataclass(frozen=True, slots=True)
class SeededIssue:
    """One thing wrong with a source row, put there on purpose.

    Attributes:
        column: header of the spoilt cell; empty when the whole row is.
        kind: no_name, short_row, long_row, bad_date, bad_ip or no_endpoint.
        usable: whether the rest of the row still describes something.
    """

    file: str
    table: str
    row: int
    column: str
    value: str
    kind: str
    usable: bool


@dataclass(frozen=True, slots=True)
class SeededConflict:
    """Two sources that disagree about one attribute of one true thing."""

    entity: str
    attribute: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class TrueEdge:
    """One true dependency that at least one file shows.

    Attributes:
        kind: runs_on (source is hosted by target), connects_to (observed traffic), depends_on
            (stated by people).
        port: service port of connects_to, 0 otherwise.
        evidence: the files that show it.
    """

    source: str
    target: str
    kind: str
    port: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedRelease:
    """A product release that the files reveal about a true thing.

    Attributes:
        product: product key of the end-of-life data.
        cycles: release cycles that are a right reading; sources differ in detail.
    """

    entity: str
    product: str
    cycles: tuple[str, ...]


@dataclass(slots=True)
class Thing:
    """One true thing: kind, name, environment, and whether it still exists."""

    kind: str
    name: str
    environment: str
    retired: bool = False


@dataclass(slots=True)
class Truth:
    """Everything a score needs to know about one written sample estate."""

    seed: int
    servers: int
    things: dict[str, Thing] = field(default_factory=dict)
    tables: list[TableTruth] = field(default_factory=list)
    issues: list[SeededIssue] = field(default_factory=list)
    conflicts: list[SeededConflict] = field(default_factory=list)
    evidence: dict[tuple[str, str, str, int], list[str]] = field(default_factory=dict)
    memberships: dict[str, list[str]] = field(default_factory=dict)
    releases: list[ExpectedRelease] = field(default_factory=list)

    @property
    def edges(self) -> list[TrueEdge]:
        """Every true dependency that a file shows."""
        return [TrueEdge(*edge, evidence=tuple(files)) for edge, files in self.evidence.items()]

    def note_edge(self, source: str, target: str, kind: str, port: int, file: str) -> None:
        """Enter that a file shows a true dependency."""
        files = self.evidence.setdefault((source, target, kind, port), [])
        if file not in files:
            files.append(file)

    def note_member(self, application: str, machine: str) -> None:
        """Enter that a file shows a machine as part of an application."""
        members = self.memberships.setdefault(application, [])
        if machine not in members:
            members.append(machine)

    @property
    def rows(self) -> int:
        """Records of all tables, header and preamble lines apart."""
        return sum(len(table.entities) for table in self.tables)

    def table(self, file: str, name: str) -> TableTruth:
        """One table's truth.

        Raises:
            KeyError: there is no such table.
        """
        for table in self.tables:
            if (table.file, table.table) == (file, name):
                return table
        raise KeyError((file, name))

    def as_json(self) -> str:
        """The whole truth as one JSON document."""
        document: dict[str, Any] = asdict(self)
        del document["evidence"]
        document["edges"] = [asdict(edge) for edge in self.edges]
        return jsonio.dumps(document)
