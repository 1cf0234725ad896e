"""Tables of HTML pages: what many systems write when they are asked for an `.xls` file."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from landbridge.discovery.imports.errors import HtmlWithoutTable, UnknownEncoding
from landbridge.discovery.imports.formats.bounds import Bound, require_width
from landbridge.discovery.imports.formats.encodings import Encoding, named_encoding
from landbridge.discovery.imports.formats.textfaults import flag_faults
from landbridge.discovery.imports.formats.textfiles import guesses, open_text, scanned
from landbridge.discovery.imports.framing import Shape, frame
from landbridge.discovery.imports.tables import RawRecord, ReadOptions, SourceTable

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_BREAKS: Final = {"br", "p", "div", "li"}
_SILENT: Final = {"script", "style"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CHUNK: Final = 1 << 16
_MAX_SPAN: Final = 1_000


class _Tables(HTMLParser):
    """Collects rows; a None in the queue begins a table."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self.queue: deque[list[str] | None] = deque()
        self._depth = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._rows_down: dict[int, int] = {}
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._end_row()
                self._rows_down.clear()
                self.queue.append(None)
        elif self._depth > 1:
            return
        elif tag == "tr" and self._depth:
            self._end_row()
            self._row = []
        elif tag in {"td", "th"} and self._depth:
            self._end_cell()
            if self._row is None:
                self._row = []
            self._skip_taken()
            self._cell = []
            spans = dict(attrs)
            self._span = _number(spans.get("colspan"))
            down = _number(spans.get("rowspan")) - 1
            for i in range(self._span if down else 0):
                self._rows_down[len(self._row) + i] = down + 1
        elif tag in _BREAKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
            self._depth -= 1
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(_SPACE.sub(" ", data))

    def close(self) -> None:
        super().close()
        self._end_row()

    def _skip_taken(self) -> None:
        """Leave cells free that a cell above reaches down into."""
        while self._row is not None and self._rows_down.get(len(self._row), 0) > 0:
            self._row.append("")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        lines = "".join(self._cell).split("\n")
        self._row.append("\n".join(line.strip(" ") for line in lines).strip("\n"))
        self._row += [""] * (self._span - 1)
        require_width(self._name, len(self._row))
        self._cell, self._span = None, 1

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self._skip_taken()
        self.queue.append(self._row)
        self._row = None
        self._rows_down = {c: n - 1 for c, n in self._rows_down.items() if n > 1}


def _number(text: str | None) -> int:
    return min(int(text), _MAX_SPAN) if text and text.isdigit() and int(text) > 0 else 1


def read_html(
    path: Path, name: str, title: str, options: ReadOptions, bound: Bound
) -> Iterator[SourceTable]:
    """Read every table of a page; tables inside cells belong to the cell.

    Raises:
        HtmlWithoutTable: there is none.
        ContentTooLarge: its cells span more than the bound; also while records are iterated.
    """
    scan, encoding = scanned(path, name, options)
    declared = _CHARSET.search(scan.head)
    if declared and not options.encoding and not scan.utf8 and not encoding.name.startswith("utf"):
        # A page may name an encoding that does not exist; the detected one stands then.
        with contextlib.suppress(UnknownEncoding):
            encoding = named_encoding(declared[1].decode(), scan)
    events = _events(path, encoding, name)
    index = 0
    begun = next(events, ...) is None
    if not begun:
        raise HtmlWithoutTable(name=name)
    while begun:
        index += 1
        rows = _Rows(events)
        counted = bound.counted(iter(rows))
        faulty = encoding.faulty or scan.control
        table = frame(
            flag_faults(counted, mixed=encoding.name.startswith("utf-8")) if faulty else counted,
            name=title if index == 1 else f"{title} ({index})",
            options=options,
            shape=Shape(even=True),
            encoding=encoding.name,
            bound=bound,
        )
        table.issues += guesses(encoding)
        yield table
        for _ in table.records:
            pass
        begun = rows.another


class _Rows:
    """The rows up to the next table."""

    def __init__(self, events: Iterator[list[str] | None]) -> None:
        self._events = events
        self.another = False

    def __iter__(self) -> Iterator[RawRecord]:
        for row in self._events:
            if row is None:
                self.another = True
                return
            yield RawRecord(row)


def _events(path: Path, encoding: Encoding, name: str) -> Iterator[list[str] | None]:
    parser = _Tables(name)
    with open_text(path, encoding) as file:
        while chunk := file.read(_CHUNK):
            parser.feed(chunk)
            while parser.queue:
                yield parser.queue.popleft()
    parser.close()
    yield from parser.queue
