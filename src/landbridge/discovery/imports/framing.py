"""From raw records to a table: header, names, ragged rows, lines above and below the data.

Every record of the file comes out once, in order. The accounting is: records = blank records
+ one header record (or none) + rows, where rows are data, preamble and footer records.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.errors import HeaderRowNotFound
from landbridge.discovery.imports.formats.bounds import Bound, require_width
from landbridge.discovery.imports.guard import made_here, unguard
from landbridge.discovery.imports.headers import (
    LOOKAHEAD,
    column_names,
    find_header,
    looks_like_header,
)
from landbridge.discovery.imports.tables import (
    NO_HEADER,
    CellIssue,
    RawRecord,
    ReadOptions,
    RecordKind,
    SourceRow,
    SourceTable,
)
from landbridge.discovery.issues import IssueKind

EXPORT_LIMIT_ROWS: Final = 10_000
_TAIL: Final = 8
_VALUE_LIMIT: Final = 1_000
_FOOTER = re.compile(
    r"""\W*(?:
      (?:grand[ ]|sub)?totals?|sum|summe|gesamt(?:summe|zahl)?|insgesamt|anzahl|
      count|totale|razem|suma|
      record[ ]count|row[ ]count|end[ ]of[ ](?:report|file|export|data)|eof|ende|fin|
      (?:report[ ])?(?:generated|exported|printed|created)[ ](?:on|by|at|from)|erstellt|
      (?:page|seite)[ ]\d+|records?|rows?|confidential|vertraulich|copyright|source|notes?|legend|
      \(?\d+[ ](?:rows?|records?|items?|entries|objects?)|
      \(?\d+[ ](?:zeilen|datensätze|einträge|lignes|filas|righe|wierszy|rijen)|
      合計|总计|総計
    )(?=\W|$)|\W*[-=*_#]{3,}\W*$|[\x00\x1a]*$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of a format are to be taken.

    Attributes:
        header: the names, when the format itself gives them (JSON); None to look for them.
            They come as the first raw record too, which then has the number 0.
        even: whether the format has a fixed width, so that short records are no mistake.
    """

    header: list[str] | None = None
    even: bool = False


def frame(
    raw: Iterable[RawRecord],
    *,
    name: str,
    options: ReadOptions,
    shape: Shape,
    encoding: str | None = None,
    delimiter: str | None = None,
    expected: int | None = None,
    sep_line: bool = False,
    bound: Bound | None = None,
) -> SourceTable:
    """Make a table of raw records; only the first ones are read here.

    Raises:
        HeaderRowNotFound: the header row asked for lies behind the last record.
        TableTooWide: a record has more cells than any table; also while records are iterated.
        ContentTooLarge: records are filled up to more than the bound; as above.
    """
    source = _no_wider(raw, name)
    sample = list(islice(source, LOOKAHEAD))
    if options.header_row is not None and options.header_row >= LOOKAHEAD:
        sample += islice(source, options.header_row + 1 - LOOKAHEAD)
    header_row = _header_row(sample, name, options, shape, after=1 if sep_line else 0)
    header = shape.header or (sample[header_row].cells if header_row >= 0 else [])
    if header_row >= 0 and shape.even:
        header = header[: _named_width(header)]
    if made_here(header):
        header = [unguard(c) for c in header]
    width = _width(header, [r.cells for r in sample[header_row + 1 :]])
    table = SourceTable(
        name=name,
        encoding=encoding,
        delimiter=delimiter,
        header_row=header_row,
        columns=column_names(header, width),
        header=header,
        records=iter(()),
        expected=expected,
    )
    _header_issues(table, width, has_data=bool(sample))
    first = 1 if shape.header is None else 0
    raws: Iterator[RawRecord] = chain(sample, source)
    if shape.even:
        raws = _filled_up(raws, width, bound)
    table.records = _records(table, raws, even=shape.even, width=width, first=first)
    return table


def _no_wider(raw: Iterable[RawRecord], name: str) -> Iterator[RawRecord]:
    for record in raw:
        require_width(name, len(record.cells))
        yield record


def _filled_up(raw: Iterable[RawRecord], width: int, bound: Bound | None) -> Iterator[RawRecord]:
    """The records, each with a cell for every column."""
    for record in raw:
        missing = width - len(record.cells)
        if missing > 0:
            if bound is not None:
                bound.spend(missing)
            record.cells += [""] * missing
        yield record


def _header_row(
    sample: list[RawRecord], name: str, options: ReadOptions, shape: Shape, *, after: int
) -> int:
    if shape.header is not None:
        return 0 if sample else NO_HEADER
    if options.header_row is None:
        found = find_header([r.cells for r in sample[after:]])
        return found + after if found >= 0 else NO_HEADER
    if options.header_row < 0:
        return NO_HEADER
    if options.header_row >= len(sample):
        raise HeaderRowNotFound(name=name, header_row=options.header_row)
    return options.header_row


def _named_width(header: list[str]) -> int:
    """Cells up to the last one that has text."""
    return max((i for i, c in enumerate(header, 1) if c.strip()), default=0)


def _width(header: list[str], body: list[list[str]]) -> int:
    """Width of the table: the header's, or more when most records have more cells filled."""
    fills = sorted(_named_width(cells) for cells in body if any(c.strip() for c in cells))
    common = fills[(len(fills) - 1) // 2] if fills else 0
    return max(len(header), common)


def _header_issues(table: SourceTable, width: int, *, has_data: bool) -> None:
    row = table.header_row + 1
    if table.header_row == NO_HEADER:
        if has_data and width:
            table.issues.append(CellIssue(kinds.HEADER_MISSING, 1))
        return
    if width > len(table.header):
        detail = f"{width} columns, {len(table.header)} names"
        table.issues.append(CellIssue(kinds.HEADER_SHORT, row, detail=detail))
    seen: set[str] = set()
    for cell, column in zip(table.header, table.columns, strict=False):
        if not cell.strip():
            table.issues.append(CellIssue(kinds.HEADER_BLANK, row, column, cell))
        elif cell in seen:
            table.issues.append(CellIssue(kinds.HEADER_DUPLICATE, row, column, cell))
        seen.add(cell)


def is_blank(cells: list[str]) -> bool:
    """Whether no cell holds anything but white space."""
    return not any(cells) or not "".join(cells).strip()


def _records(
    table: SourceTable, raw: Iterable[RawRecord], *, even: bool, width: int, first: int
) -> Iterator[SourceRow]:
    needed = 0 if even else _named_width(table.header)
    ours = made_here(table.header)
    header_number, limit = table.header_row + first, len(table.columns)
    tail: deque[SourceRow] = deque()
    data = 0
    number = 0
    after_blank = False
    for number, record in enumerate(raw, first):
        cells = record.cells
        row = SourceRow(number, cells)
        if record.notes:
            row.issues = [
                CellIssue(kind, number, _column(table, index), _shown(value), detail)
                for kind, index, value, detail in record.notes
            ]
        if not (cells and cells[0] and not cells[0].isspace()) and is_blank(cells):
            row.kind = RecordKind.BLANK
            after_blank = data > 0
        elif number < header_number:
            row.kind = RecordKind.PREAMBLE
            row.issues.append(CellIssue(kinds.PREAMBLE_LINE, number, value=_text(row, table)))
        elif number == header_number:
            row.kind = RecordKind.HEADER
        else:
            data += 1
            if ours:
                row.cells = cells = [unguard(c) for c in cells]
            if len(cells) < needed:
                row.issues.append(_ragged(kinds.ROW_SHORT, row, table, limit))
            elif len(cells) > limit and not is_blank(cells[limit:]):
                row.issues.append(_ragged(kinds.ROW_LONG, row, table, limit))
            if after_blank:
                after_blank = False
                if looks_like_header(cells):
                    row.issues.append(
                        CellIssue(kinds.SECOND_TABLE, number, value=_text(row, table))
                    )
        tail.append(row)
        if len(tail) > _TAIL:
            yield tail.popleft()
    data -= _mark_footer(tail, table, width)
    yield from tail
    if data == EXPORT_LIMIT_ROWS:
        table.issues.append(CellIssue(kinds.EXPORT_LIMIT, number))
    if data == 0:
        table.issues.append(CellIssue(kinds.NO_ROWS, 0))


def _mark_footer(tail: deque[SourceRow], table: SourceTable, width: int) -> int:
    """Mark the closing lines at the end of the table; how many there are."""
    footers = 0
    for row in reversed(tail):
        if row.kind is RecordKind.BLANK:
            continue
        filled = [c for c in row.cells if c.strip()]
        sparse = width > 1 and len(filled) <= max(1, width // 2)
        if row.kind is not RecordKind.DATA or not sparse or not _FOOTER.match(filled[0]):
            break
        row.kind = RecordKind.FOOTER
        row.issues = [CellIssue(kinds.FOOTER_LINE, row.number, value=_text(row, table))]
        footers += 1
    return footers


def _ragged(kind: IssueKind, row: SourceRow, table: SourceTable, limit: int) -> CellIssue:
    detail = f"{len(row.cells)} cells, {limit} columns"
    extra = (table.delimiter or ", ").join(row.cells[limit:])
    value = extra if kind is kinds.ROW_LONG else _text(row, table)
    return CellIssue(kind, row.number, value=_shown(value), detail=detail)


def _text(row: SourceRow, table: SourceTable) -> str:
    return _shown((table.delimiter or " ").join(row.cells).strip()) or ""


def _shown(value: str | None) -> str | None:
    """A value as an issue shows it: not endless."""
    if value is None or len(value) <= _VALUE_LIMIT:
        return value
    return value[:_VALUE_LIMIT] + "…"


def _column(table: SourceTable, index: int | None) -> str | None:
    if index is None:
        return None
    return table.columns[index] if index < len(table.columns) else f"Column {index + 1}"
