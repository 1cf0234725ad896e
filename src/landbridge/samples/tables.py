"""Writes the tables of a file row by row, noting as it goes which true thing each row is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

import xlsxwriter

from landbridge.samples.truth import ColumnTruth, TableTruth

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Cell = str | int | float | date | datetime | None
Row = tuple[str | None, Sequence[Cell]]
"""The key of the true thing that a row belongs to, and the row's cells."""

_CREATED: Final = datetime.fromisoformat("2026-03-02T09:14:11")


@dataclass(frozen=True)
class Column(Generic[T_contra]):
    """One column: its header, its true meaning, and how the cell of a record is made."""

    header: str
    attribute: str | None
    value: Callable[[T_contra], Cell]
    also: tuple[str | None, ...] = ()

    @property
    def truth(self) -> ColumnTruth:
        """The column's entry in the truth."""
        return ColumnTruth(self.header, self.attribute, self.also)


def constant(
    header: str, cell: Cell, attribute: str | None = None, also: tuple[str | None, ...] = ()
) -> Column[Any]:
    """A column that holds the same cell in every row."""
    return Column(header, attribute, lambda _: cell, also)


@dataclass(slots=True)
class Sheet:
    """One table to write: its truth, whose `entities` grow with each row; its rows; and the lines
    above its header.
    """

    truth: TableTruth
    rows: Iterable[Row]
    preamble: Sequence[Sequence[Cell]] = ()


def sheet(
    file: str,
    name: str,
    role: str,
    columns: Sequence[Column[T]],
    records: Iterable[tuple[str | None, T]],
) -> Sheet:
    """A table whose cells are made column by column from records."""
    truth = TableTruth(file, name, role, 1, [column.truth for column in columns])
    rows = ((key, [column.value(record) for column in columns]) for key, record in records)
    return Sheet(truth, rows)


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write an .xlsx file, one row in memory at a time; the same rows give the same bytes."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"created": _CREATED, "author": ""})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for table in sheets:
        page = book.add_worksheet(table.truth.table)
        lines = [*table.preamble, [column.name for column in table.truth.columns]]
        for number, line in enumerate(lines):
            _write_line(page, number, line, moment, day)
        for number, (entity, cells) in enumerate(table.rows, start=len(lines)):
            _write_line(page, number, cells, moment, day)
            table.truth.entities.append(entity)
    book.close()


def _write_line(page: Any, number: int, cells: Sequence[Cell], moment: Any, day: Any) -> None:
    for index, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            page.write_string(number, index, cell)
        elif isinstance(cell, datetime):
            page.write_datetime(number, index, cell, moment)
        elif isinstance(cell, date):
            page.write_datetime(number, index, cell, day)
        else:
            page.write_number(number, index, cell)


def write_csv(path: Path, table: Sheet, encoding: str, *, quote_all: bool) -> None:
    """Write a comma-separated file with CRLF line ends."""
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, quoting=quoting, lineterminator="\r\n")
        writer.writerow([column.name for column in table.truth.columns])
        for entity, cells in table.rows:
            writer.writerow(cells)
            table.truth.entities.append(entity)
