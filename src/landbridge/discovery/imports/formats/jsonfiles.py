"""JSON documents and lines of JSON, streamed: one pass learns the columns, one reads."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import ijson

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.errors import JsonMalformed, JsonWithoutRecords
from landbridge.discovery.imports.formats.encodings import Encoding
from landbridge.discovery.imports.formats.jsonevents import (
    Event,
    JsonList,
    Outline,
    TooDeep,
    elements,
    outline,
    seek,
)
from landbridge.discovery.imports.formats.jsonvalues import VALUE, flatten, merged, text_of
from landbridge.discovery.imports.formats.textfaults import flag_faults, repaired
from landbridge.discovery.imports.formats.textfiles import open_text, scanned
from landbridge.discovery.imports.formats.textscan import TextScan
from landbridge.discovery.imports.framing import Shape, frame
from landbridge.discovery.imports.tables import CellIssue, Note, RawRecord, ReadOptions, SourceTable

_FIRST_LINE: Final = 8 << 20
_CHUNK: Final = 1 << 18
_LINE_VALUE: Final = 200
T = TypeVar("T")


def read_json(path: Path, name: str, title: str, options: ReadOptions) -> Iterator[SourceTable]:
    """Read a document (a list of records, or an object that holds such lists), or a file with
    one record per line.

    Raises:
        JsonMalformed: it is not valid JSON; of files with lines, only when the first is not.
        JsonWithoutRecords: it is a single plain value.
    """
    scan, encoding = scanned(path, name, options)
    reader = _Reader(path, name, encoding, scan)
    if reader.has_lines():
        yield reader.table(
            title, options, reader.line_columns(), reader.line_records, scan.line_ends + 1
        )
        return
    found = reader.guarded(lambda: outline(reader.events()))
    if found.scalar or found.root_record == {}:
        raise JsonWithoutRecords(name=name)
    if found.root_record is not None:
        record = found.root_record
        yield reader.table(title, options, list(record), lambda: iter([record]), 1)
        return
    for index, part in enumerate(found.lists):
        table = reader.list_table(part.path or title, options, part)
        if index == 0:
            table.issues += _outside(found)
        yield table


def _outside(found: Outline) -> list[CellIssue]:
    return [
        CellIssue(kinds.JSON_OUTSIDE, 0, column, value[:_LINE_VALUE])
        for column, value in found.outside
    ]


class _Reader:
    """One file, opened anew for each pass."""

    def __init__(self, path: Path, name: str, encoding: Encoding, scan: TextScan) -> None:
        self._path = path
        self._name = name
        self._encoding = encoding
        self._plain = encoding.name == "utf-8" and scan.utf8

    def guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (ijson.JSONError, UnicodeError) as e:
            reason = (str(e).strip().splitlines() or [type(e).__name__])[0]
            raise JsonMalformed(name=self._name, reason=reason) from None
        except (TooDeep, RecursionError):
            raise JsonMalformed(name=self._name, reason="it is nested too deeply") from None

    def events(self) -> Iterator[Event]:
        with self._bytes() as file:
            yield from ijson.basic_parse(file, buf_size=_CHUNK)

    def list_table(self, title: str, options: ReadOptions, part: JsonList) -> SourceTable:
        if part.grid:
            rows = (RawRecord(_grid_row(v)) for v in self._elements(part))
            return frame(
                flag_faults(rows, mixed=False),
                name=title,
                options=options,
                shape=Shape(even=True),
                encoding=self._encoding.name,
                expected=part.count,
            )
        columns = list(part.columns)
        return self.table(title, options, columns, lambda: self._elements(part), part.count)

    def table(
        self,
        title: str,
        options: ReadOptions,
        columns: list[str],
        values: Callable[[], Iterator[Any]],
        expected: int,
    ) -> SourceTable:
        return frame(
            flag_faults(_rows(columns, values()), mixed=False),
            name=title,
            options=options,
            shape=Shape(header=columns, even=True),
            encoding=self._encoding.name,
            expected=expected,
        )

    def _elements(self, part: JsonList) -> Iterator[Any]:
        events = self.events()
        self.guarded(lambda: seek(events, part.ordinal))
        values = elements(events)
        end = object()
        while True:
            value = self.guarded(lambda: next(values, end))
            if value is end:
                return
            yield value

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

    def line_columns(self) -> list[str]:
        columns: dict[str, None] = {}
        for value in self.line_records():
            for column in {VALUE: ""} if isinstance(value, _BadLine) else flatten(value):
                columns.setdefault(column)
        return list(columns)

    def line_records(self) -> Iterator[Any]:
        with self._text() as file:
            for line in file:
                if line.strip():
                    value = _parsed(line)
                    yield _BadLine(line.strip()) if value is _BAD else value

    def _text(self) -> io.TextIOWrapper:
        return open_text(self._path, self._encoding)

    def _bytes(self) -> io.BufferedIOBase:
        if self._plain:
            return self._path.open("rb")
        return io.BufferedReader(
            _Transcoded(self._text(), mixed=self._encoding.name.startswith("utf-8")), _CHUNK
        )


class _BadLine(str):
    """A line that is not valid JSON."""


_BAD: Final = object()
_DECODER = json.JSONDecoder(
    object_pairs_hook=merged, parse_float=str, parse_int=str, parse_constant=str
)


def _parsed(line: str) -> Any:
    """The value of a line, its numbers as they are written; `_BAD` when it is none."""
    try:
        return _DECODER.decode(line.strip().removeprefix("\ufeff"))
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


class _Transcoded(io.RawIOBase):
    """The UTF-8 of a text in another encoding."""

    def __init__(self, text: io.TextIOWrapper, *, mixed: bool) -> None:
        self._text = text
        self._mixed = mixed
        self._rest = b""
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = self._text.read(_CHUNK)
            if not chunk:
                return 0
            if not self._begun:
                chunk, self._begun = chunk.removeprefix("\ufeff"), True
            self._rest = repaired(chunk, mixed=self._mixed).encode()
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        self._text.close()
        super().close()
