"""`landbridge inspect`: what a file holds and what is wrong with it, without importing it."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import orjson
from rich.table import Table
from rich.text import Text

from landbridge.cli.output import FOUND_WRONG, OK, console, record, show_error
from landbridge.discovery.imports.reading import (
    CellIssue,
    ReadOptions,
    RecordKind,
    SourceTable,
    read_file,
)
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.mapping.fingerprints import recognise
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.tracing import current_trace_id

_MEMORY: Final = 16 << 20
_SHOWN_ROWS: Final = 3
_SHOWN_COLUMNS: Final = 8
_SHOWN_TEXT: Final = 28


def inspect(
    file: Path,
    *,
    rows: bool = False,
    json: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: list[str] | None = None,
    header_row: int | None = None,
) -> int:
    """Show the tables of a file, how they were recognised, and every problem found in them.

    Nothing is stored and no database is needed. CSV and other delimited text, XLSX, XLS, XLSB,
    ODS, JSON, Parquet, HTML tables, and ZIP or gzip archives of these are recognised by their
    content.

    Example: landbridge inspect servers.csv --rows --json

    Args:
        file: The file to look into.
        rows: Show every record as read, header included.
        json: Print JSON instead of tables for people.
        encoding: Encoding of the text, instead of the recognised one.
        delimiter: Delimiter of the cells, instead of the recognised one; `tab` for a tab.
        sheet: Read only this sheet of a workbook. May be given several times.
        header_row: Index of the header among the records, from 0; -1 for none.

    Returns:
        Exit code: 0 when the file was read, 1 when it or a part of it could not be.
    """
    options = ReadOptions(encoding, delimiter, header_row, tuple(sheet) if sheet else None)
    try:
        if json:
            return _print_json(file, options, rows=rows)
        return _print_tables(file, options, rows=rows)
    except LandbridgeError as e:
        record(e, as_json=json)
        show_error(e, current_trace_id(), as_json=json)
        return FOUND_WRONG


def _print_json(file: Path, options: ReadOptions, *, rows: bool) -> int:
    """Print the report once all of it is known, so that a late failure does not leave half."""
    failed = False
    with tempfile.SpooledTemporaryFile(_MEMORY) as out:
        out.write(b'{"tables":[')
        for index, table in enumerate(read_file(file, options=options)):
            if index:
                out.write(b",")
            _write_table(out, table, rows=rows)
            failed = failed or table.problem is not None
        out.write(b"]}\n")
        out.seek(0)
        sys.stdout.flush()
        _copy(out, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    return FOUND_WRONG if failed else OK


def _write_table(out: IO[bytes], table: SourceTable, *, rows: bool) -> None:
    head = {
        "name": table.name,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "source": source_of(table),
        "header_row": table.header_row,
        "columns": table.header or table.columns,
        "column_names": table.columns,
    }
    out.write(orjson.dumps(head)[:-1])
    if rows:
        out.write(b',"rows":[')
    counts: Counter[RecordKind] = Counter()
    begun = False
    with tempfile.SpooledTemporaryFile(_MEMORY) as of_rows:
        for row in table.records:
            counts[row.kind] += 1
            for issue in row.issues:
                of_rows.write(b"," + orjson.dumps(issue_json(issue)))
            if rows:
                out.write((b"," if begun else b"") + orjson.dumps(row.cells))
                begun = True
        tail: dict[str, Any] = {
            "row_count": counts[RecordKind.DATA],
            "records": {kind.value: counts[kind] for kind in RecordKind},
        }
        if table.problem is not None:
            tail["error"] = table.problem.problem(trace_id=current_trace_id())
            record(table.problem, as_json=True)
        out.write((b"]," if rows else b",") + orjson.dumps(tail)[1:-1] + b',"issues":[')
        of_table = b",".join(orjson.dumps(issue_json(i)) for i in table.issues)
        out.write(of_table)
        of_rows.seek(0 if of_table else 1)
        _copy(of_rows, out)
    out.write(b"]}")


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while chunk := source.read(1 << 20):
        target.write(chunk)


def issue_json(issue: CellIssue) -> dict[str, Any]:
    """An issue as JSON; `row` is null for one about the table as a whole."""
    kind = issue.kind.told()
    return {
        "row": issue.row or None,
        "column": issue.column,
        "value": issue.value,
        "code": kind.code,
        "severity": kind.severity.value,
        "title": kind.title,
        "detail": issue.detail,
        "remedy": kind.remedy,
    }


def source_of(table: SourceTable) -> str | None:
    """The system a table was exported from, when its columns tell."""
    return recognise(table.header or table.columns, table.name.rpartition("/")[2])


def _print_tables(file: Path, options: ReadOptions, *, rows: bool) -> int:
    failed = False
    for table in read_file(file, options=options):
        failed = _print_table(table, rows=rows) or failed
    return FOUND_WRONG if failed else OK


def _print_table(table: SourceTable, *, rows: bool) -> bool:
    """Print one table; whether it has a problem."""
    out = console()
    out.rule(Text(table.name, style="bold"), align="left")
    for line in _facts(table):
        out.print(line)
    counts: Counter[RecordKind] = Counter()
    codes: Counter[str] = Counter()
    grid = _Grid(table, all_rows=rows)
    for row in table.records:
        counts[row.kind] += 1
        codes.update(i.kind.code for i in row.issues)
        grid.add(row.number, row.kind, row.cells)
    codes.update(i.kind.code for i in table.issues)
    parts = [f"{counts[RecordKind.DATA]:,} rows"]
    parts += [f"{n:,} {kind.value}" for kind, n in counts.items() if kind is not RecordKind.DATA]
    out.print("Records: " + ", ".join(parts))
    if table.columns:
        out.print(grid.table)
    for code, n in codes.most_common():
        kind = ISSUE_KINDS[code].told()
        out.print(f"{kind.severity.value}: {kind.title} ({code}, {n:,}×)")
        out.print(f"  What to do: {kind.remedy}", style="dim")
    if table.problem is not None:
        record(table.problem, as_json=False)
        show_error(table.problem, current_trace_id(), as_json=False)
    return table.problem is not None


def _facts(table: SourceTable) -> Iterator[str]:
    source = source_of(table)
    if source:
        yield f"Source: {source}"
    if table.encoding:
        yield f"Encoding: {table.encoding}"
    if table.delimiter:
        yield f"Delimiter: {table.delimiter!r}"
    if table.columns:
        where = f"record {table.header_row}" if table.header_row >= 0 else "none"
        yield f"Header: {where}; {len(table.columns)} columns"


class _Grid:
    """The first rows and columns, or all of them."""

    def __init__(self, table: SourceTable, *, all_rows: bool) -> None:
        self._limit = None if all_rows else _SHOWN_ROWS
        self._width = None if all_rows else _SHOWN_COLUMNS
        self._rows = 0
        self.table = Table("#", box=None, pad_edge=False)
        for name in table.columns[: self._width]:
            self.table.add_column(name, max_width=_SHOWN_TEXT, overflow="ellipsis")

    def add(self, number: int, kind: RecordKind, cells: list[str]) -> None:
        """Take a record, if it is to be shown."""
        if self._limit is not None and (kind is not RecordKind.DATA or self._rows >= self._limit):
            return
        self._rows += 1
        shown = [c.replace("\n", "⏎")[:200] for c in cells[: len(self.table.columns) - 1]]
        self.table.add_row(str(number), *shown)
