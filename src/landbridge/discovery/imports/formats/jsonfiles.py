"""JSON documents and lines of JSON, streamed: one pass learns the columns, one reads."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.errors import JsonWithoutRecords
from landbridge.discovery.imports.formats.bounds import Bound, require_width
from landbridge.discovery.imports.formats.encodings import Encoding
from landbridge.discovery.imports.formats.jsonoutline import (
    JsonList,
    Outline,
    arrays,
    outline,
)
from landbridge.discovery.imports.formats.jsonstream import DECODER, LARGEST, JsonStream
from landbridge.discovery.imports.formats.jsonvalues import VALUE, flatten, text_of
from landbridge.discovery.imports.formats.textfaults import flag_faults, repaired
from landbridge.discovery.imports.formats.textfiles import guesses, open_text, scanned
from landbridge.discovery.imports.framing import Shape, frame
from landbridge.discovery.imports.tables import CellIssue, Note, RawRecord, ReadOptions, SourceTable

_FIRST_LINE: Final = 8 << 20
_LINE_VALUE: Final = 200


def read_json(
    path: Path, name: str, title: str, options: ReadOptions, bound: Bound
) -> Iterator[SourceTable]:
    """Read a document (a list of records, or an object that holds such lists), a file with
    one record per line, or documents one after the other.

    Raises:
        JsonMalformed: it is not valid JSON; of files with lines, only when the first is not.
        JsonWithoutRecords: it is a single plain value.
        TableTooWide: its records have more keys than a table has columns.
        ContentTooLarge: its records have far more columns than values; also while records are
            iterated.
    """
    scan, encoding = scanned(path, name, options)
    reader = _Reader(path, name, encoding, bound)
    if reader.has_lines():
        yield reader.table(
            title,
            options,
            reader.columns_of(reader.line_records()),
            reader.line_records(),
            scan.line_ends + 1,
        )
        return
    found = reader.outline()
    if found.several:
        columns = reader.columns_of(reader.series())
        yield reader.table(title, options, columns, reader.series(), scan.line_ends + 1)
        return
    if found.scalar or found.root_record == {}:
        raise JsonWithoutRecords(name=name)
    if found.root_record is not None:
        record = found.root_record
        yield reader.table(title, options, list(record), iter([record]), 1)
        return
    yield from reader.list_tables(found, title, options)


class _Reader:
    """One file, opened anew for each pass."""

    def __init__(self, path: Path, name: str, encoding: Encoding, bound: Bound) -> None:
        self._path = path
        self._name = name
        self._bound = bound
        self._encoding = encoding
        self._mixed = encoding.faulty and encoding.name.startswith("utf-8")

    def outline(self) -> Outline:
        with self._stream() as stream:
            return outline(stream)

    def list_tables(
        self, found: Outline, title: str, options: ReadOptions
    ) -> Iterator[SourceTable]:
        """The lists of records, each read when its turn comes, in one pass for all."""
        wanted = {part.ordinal: part for part in found.lists}
        outside = [
            CellIssue(kinds.JSON_OUTSIDE, 0, self._clean(c), self._clean(v)[:_LINE_VALUE])
            for c, v in found.outside
        ]
        with self._stream() as stream:
            for ordinal in arrays(stream):
                part = wanted.get(ordinal)
                if part is None:
                    for _ in stream.elements():
                        pass
                    continue
                table = self._list_table(part.path or title, options, part, stream)
                table.issues += outside
                outside = []
                yield table
                for _ in table.records:
                    pass

    def _list_table(
        self, title: str, options: ReadOptions, part: JsonList, stream: JsonStream
    ) -> SourceTable:
        if part.grid:
            rows = (RawRecord(_grid_row(v)) for v in stream.elements())
            return frame(
                flag_faults(rows, mixed=self._mixed),
                name=title,
                options=options,
                shape=Shape(even=True),
                encoding=self._encoding.name,
                expected=part.count,
                bound=self._bound,
            )
        return self.table(title, options, list(part.columns), stream.elements(), part.count)

    def table(
        self,
        title: str,
        options: ReadOptions,
        columns: list[str],
        values: Iterator[Any],
        expected: int,
    ) -> SourceTable:
        made = frame(
            flag_faults(self._bound.counted(_rows(columns, values)), mixed=self._mixed),
            name=title,
            options=options,
            shape=Shape(header=[self._clean(c) for c in columns], even=True),
            encoding=self._encoding.name,
            expected=expected,
        )
        made.issues += guesses(self._encoding)
        return made

    @contextlib.contextmanager
    def _stream(self) -> Iterator[JsonStream]:
        with self._text() as file:
            yield JsonStream(file.read, self._name)

    def _clean(self, text: str) -> str:
        return repaired(text, mixed=self._mixed)

    def has_lines(self) -> bool:
        """Whether each line is a value of its own."""
        with self._text() as file:
            first = file.readline(_FIRST_LINE)
            while first and not first.strip():
                first = file.readline(_FIRST_LINE)
            second = file.readline(_FIRST_LINE)
            while second and not second.strip():
                second = file.readline(_FIRST_LINE)
        if not second or first.strip() == "[":
            return False
        return _parsed(first) is not _BAD or (
            len(first.strip()) > 1 and isinstance(_parsed(second), dict)
        )

    def columns_of(self, values: Iterator[Any]) -> list[str]:
        columns: dict[str, None] = {}
        for value in values:
            for column in {VALUE: ""} if isinstance(value, _BadLine) else flatten(value):
                columns.setdefault(column)
            require_width(self._name, len(columns))
        return list(columns)

    def line_records(self) -> Iterator[Any]:
        with self._text() as file:
            for line in file:
                if line.strip():
                    value = _parsed(line)
                    yield _BadLine(line.strip()) if value is _BAD else value

    def series(self) -> Iterator[Any]:
        """The records of documents that follow one another; a list stands for its entries."""
        with self._stream() as stream:
            while stream.peek():
                value = stream.value()
                yield from value if isinstance(value, list) else [value]

    def _text(self) -> io.TextIOWrapper:
        return open_text(self._path, self._encoding)


class _BadLine(str):
    """A line that is not valid JSON."""


_BAD: Final = object()


def _parsed(line: str) -> Any:
    """The value of a line, its numbers as they are written; `_BAD` when it is none, or too long
    to be a record.
    """
    if len(line) > LARGEST:
        return _BAD
    try:
        return DECODER.decode(line.strip().removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return _BAD


def _rows(columns: list[str], values: Iterator[Any]) -> Iterator[RawRecord]:
    yield RawRecord(list(columns))
    position = {c: i for i, c in enumerate(columns)}
    objects = columns != [VALUE]
    for value in values:
        cells = [""] * len(columns)
        if isinstance(value, _BadLine):
            cells[position[VALUE]] = str(value)
            note = (kinds.JSON_LINE_MALFORMED, None, str(value)[:_LINE_VALUE], None)
            yield RawRecord(cells, [note])
            continue
        for column, text in flatten(value).items():
            cells[position[column]] = text
        notes: list[Note] | None = None
        if objects and not isinstance(value, dict):
            notes = [(kinds.JSON_MIXED, position[VALUE], text_of(value)[:_LINE_VALUE], None)]
        yield RawRecord(cells, notes)


def _grid_row(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text_of(v) for v in value] or [""]
    return [text_of(value)]
