"""A reader for delimited text that loses nothing: strict parsing, and where it fails, one
record is taken back, read as plain text and flagged, and the lines after it are read again.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from landbridge.discovery.imports.formats.bounds import require_width
from landbridge.discovery.imports.formats.dialects import (
    Dialect,
    one_character,
    prepare_line,
    strict_parser,
)
from landbridge.discovery.imports.issues import QUOTE_MISPLACED, QUOTE_UNCLOSED
from landbridge.discovery.imports.tables import RawRecord

# How far a quoted cell may reach over line ends before it counts as never closed.
MAX_SPAN_LINES: Final = 50_000
MAX_SPAN_CHARACTERS: Final = 4 << 20
_MARKS_PASSED_OVER: Final = 5
# Lines longer than this are looked at before they are cut into cells.
_LONG_LINE: Final = 1 << 20


class DelimitedReader:
    """Iterates over the records of delimited text.

    A line without quotation marks is split; every other line goes through the strict parser
    of the standard library, which asks for further lines while a quoted cell is open.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, name: str = "The file") -> None:
        """
        Args:
            lines: with their ends.
            dialect: how they are written.
            name: what to call the file in errors.
        """
        self._source = iter(lines)
        self._name = name
        self._dialect = dialect
        self._mark = one_character(dialect.delimiter)
        self._pushed_back: deque[str] = deque()
        self._taken: list[str] = []
        self._span = 0
        self._cut = False

    def __iter__(self) -> Iterator[RawRecord]:
        delimiter = self._dialect.delimiter
        quote = self._dialect.quote
        escape = "\\" if self._dialect.backslash else quote
        parser = self._parser()
        pushed_back = self._pushed_back
        while True:
            if pushed_back:
                line = pushed_back.popleft()
            else:
                try:
                    line = next(self._source)
                except StopIteration:
                    return
            if len(line) > _LONG_LINE:
                require_width(self._name, line.count(delimiter) + 1)
            if quote not in line and escape not in line:
                yield RawRecord(line.rstrip("\r\n").split(delimiter))
                continue
            pushed_back.appendleft(line)
            self._taken.clear()
            self._span, self._cut = 0, False
            try:
                cells: list[str] | None = next(parser)
            except (csv.Error, StopIteration):
                cells = None
                parser = self._parser()
            taken = self._taken
            if cells is None or self._cut or (len(taken) > 1 and self._swallowed(cells)):
                yield self._take_back(taken)
                parser = self._parser()
            else:
                yield RawRecord(self._restored(cells))

    def _parser(self) -> Iterator[list[str]]:
        return strict_parser(self._feed(), self._dialect, self._mark)

    def _feed(self) -> Iterator[str]:
        plain = not self._dialect.backslash and not self._dialect.spaced
        plain = plain and self._mark == self._dialect.delimiter
        while True:
            if self._span > MAX_SPAN_CHARACTERS or len(self._taken) > MAX_SPAN_LINES:
                self._cut = True
                return
            if self._pushed_back:
                line = self._pushed_back.popleft()
            else:
                try:
                    line = next(self._source)
                except StopIteration:
                    return
            self._taken.append(line)
            if len(self._taken) > 1:
                self._span += len(line)
            yield line if plain else prepare_line(line, self._dialect, self._mark)

    def _swallowed(self, cells: list[str]) -> bool:
        """Whether a record of several lines is really several records: its width is wrong,
        and a later line by itself has the right one.
        """
        width = self._dialect.width
        if len(cells) == width:
            return False
        delimiter = self._dialect.delimiter
        return any(line.count(delimiter) == width - 1 for line in self._taken[1:])

    def _take_back(self, taken: list[str]) -> RawRecord:
        line = taken[0].rstrip("\r\n")
        self._pushed_back.extendleft(reversed(taken[1:]))
        cells, closed = split_leniently(line, self._dialect)
        kind = QUOTE_MISPLACED if closed and len(taken) == 1 else QUOTE_UNCLOSED
        return RawRecord(cells, [(kind, None, line, None)])

    def _restored(self, cells: list[str]) -> list[str]:
        if self._mark == self._dialect.delimiter:
            return cells
        return [c.replace(self._mark, self._dialect.delimiter) for c in cells]


def split_leniently(line: str, dialect: Dialect) -> tuple[list[str], bool]:
    """Split a faulty line as a person would; also whether every quoted cell was closed.

    A quotation mark closes a cell only before a delimiter or the end of the line. A quoted
    cell that breaks this rule either reaches to a later mark that can close it, or keeps its
    text verbatim up to the next delimiter: whichever gives the line its expected width.
    """
    verbatim = _split(line, dialect, passed_over=None)
    for passed_over in range(_MARKS_PASSED_OVER):
        reaching = _split(line, dialect, passed_over=passed_over)
        if len(reaching[0]) == dialect.width:
            return reaching
        if passed_over == 0 and len(verbatim[0]) == dialect.width:
            return verbatim
    return verbatim


def _split(line: str, dialect: Dialect, *, passed_over: int | None) -> tuple[list[str], bool]:
    """Split with faulty cells verbatim (None), or each reaching to the closing mark behind
    this many others.
    """
    quote, delimiter = dialect.quote, dialect.delimiter
    end_of_cell = f"(?={re.escape(delimiter)}|$)"
    well_formed = re.compile(f"{quote}((?:[^{quote}]|{quote}{quote})*){quote}{end_of_cell}")
    closing = re.compile(quote + end_of_cell)
    cells: list[str] = []
    closed, position = True, 0
    while True:
        match = well_formed.match(line, position)
        text = match.group(1).replace(quote * 2, quote) if match else ""
        end = match.end() if match else -1
        if match is None and passed_over is not None and line.startswith(quote, position):
            marks = islice(closing.finditer(line, position + 1), passed_over, None)
            mark = next(marks, None)
            if mark is not None:
                text, end = line[position + 1 : mark.start()], mark.end()
        if end < 0:
            end = line.find(delimiter, position)
            end = len(line) if end < 0 else end
            text = line[position:end]
            closed = closed and not (text.startswith(quote) and text.count(quote) % 2)
        cells.append(text)
        if end >= len(line):
            return cells, closed
        position = end + len(delimiter)
