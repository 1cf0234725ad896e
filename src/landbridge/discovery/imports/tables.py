"""What reading a file gives: tables, their records as they stand in the file, and issues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from landbridge.discovery.issues import IssueKind
from landbridge.errors.catalogue import LandbridgeError

NO_HEADER = -1


class RecordKind(StrEnum):
    """What a record is in its table."""

    DATA = "data"
    HEADER = "header"
    PREAMBLE = "preamble"  # lines before the header: titles, dates, `sep=;`
    FOOTER = "footer"  # lines after the data: totals, "end of report"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class CellIssue:
    """Something about one record or cell that a person should know.

    Attributes:
        kind: its entry in the catalogue of issues.
        row: number of the record in its table, from 1; 0 for the table as a whole.
        column: name of the column; None for the record as a whole.
        value: the text in question, as read.
        detail: what is particular to this case; None when the kind says it all.
    """

    kind: IssueKind
    row: int
    column: str | None = None
    value: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class SourceRow:
    """One record of a table.

    Attributes:
        number: its position in its table, from 1, counting every record of the file: blank
            ones, the header and lines above it.
        cells: the texts exactly as the file has them.
        issues: what is wrong with it.
        kind: what it is.
    """

    number: int
    cells: list[str]
    issues: list[CellIssue] = field(default_factory=list)
    kind: RecordKind = RecordKind.DATA


@dataclass(slots=True)
class SourceTable:
    """One sheet, delimited file, JSON array or HTML table. Its records can be read once, and
    before the next table is asked for.

    Attributes:
        name: sheet name, file name without its ending, or path of the JSON array; inside an
            archive preceded by the member's path and a slash.
        encoding: of the text, None for workbooks.
        delimiter: between cells, None where there is none.
        header_row: index of the header among the records, from 0; `NO_HEADER` without one.
        columns: the names to use: trimmed, never empty, each one once.
        header: the names as read.
        records: every record in the order of the file.
        issues: about the table as a whole; complete once the records are read.
        problem: why this part of an archive could not be read, or not to its end; None for
            files outside archives, whose problems are raised.
        expected: about how many records there are; None when that is not known.
    """

    name: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    columns: list[str]
    header: list[str]
    records: Iterator[SourceRow]
    issues: list[CellIssue] = field(default_factory=list)
    problem: LandbridgeError | None = None
    expected: int | None = None

    @property
    def rows(self) -> Iterator[SourceRow]:
        """The data records only."""
        return (r for r in self.records if r.kind is RecordKind.DATA)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may decide instead of the reader.

    Attributes:
        encoding: of delimited text, JSON and HTML; a name Python knows.
        delimiter: of delimited text, one character or more.
        header_row: index of the header among the records, from 0; -1 for none.
        sheets: names of the sheets to read; None for all.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheets: tuple[str, ...] | None = None


Note = tuple[IssueKind, int | None, str | None, str | None]
"""Kind, index of the cell or None for the record, value, detail."""


@dataclass(slots=True)
class RawRecord:
    """A record before anyone knows the header: cells, and what was noticed about them.

    Attributes:
        cells: texts.
        notes: what to tell about them.
    """

    cells: list[str]
    notes: list[Note] | None = None
