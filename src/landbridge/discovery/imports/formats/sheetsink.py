"""What the readers of workbook formats hand their sheets to; they run in a child process."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import IO, Any, Final

import orjson

BLANK_ROW_COST: Final = 16
"""What a row that a sheet leaves out counts for, in characters: it is read all the same."""

NOTE_COST: Final = 100
"""What a remark about a cell counts for, in characters: each becomes a row of its own."""

MAX_ROW: Final = 1_048_576
MAX_COLUMN: Final = 16_384
_BATCH_ROWS: Final = 1_000
_BATCH_CELLS: Final = 20_000
_BATCH_CHARACTERS: Final = 1 << 20
_SHOWN: Final = 1_001
_MAX_REMARKS: Final = 100_000
LONGEST_CELL: Final = 1 << 20
LONGEST_ROW: Final = 8 << 20
LONGEST_MESSAGE: Final = 64 << 20
_ONCE_PER_COLUMN: Final = frozenset({"PERCENT_FORMAT"})

Note = tuple[int | None, str, str | None, str | None]
"""Index of the cell or None for the row, code of the issue, value, detail."""


class SheetFault(Exception):
    """A workbook contradicts its format; the text says how."""


class TypesDeclared(Exception):
    """The workbook's XML declares a document type."""


class SheetSink:
    """Takes sheets row by row and writes them as messages in batches.

    Messages are JSON lists, each after its length in four bytes: `["sheet", name, hidden]`,
    `["rows", first number, rows, notes, cost]`, `["end of sheet", remarks]`; the cost is what
    counts against the bound of the file.
    """

    def __init__(self, out: IO[bytes], wanted: Iterable[str] | None = None) -> None:
        self._out = out
        self._wanted = None if wanted is None else set(wanted)
        self._rows: list[list[str]] = []
        self._notes: list[tuple[int, int | None, str, str | None, str | None]] = []
        self._remarks: list[tuple[str, int, int | None, str | None, str | None]] = []
        self._told: set[tuple[str, int | None]] = set()
        self._first, self._cells = 1, 0
        self._most = MAX_ROW
        self._size = self._cost = self._last = 0

    def send(self, *message: Any) -> None:
        """Write one message."""
        data = orjson.dumps(message)
        self._out.write(struct.pack(">I", len(data)))
        self._out.write(data)

    def begin(self, name: str, *, hidden: bool = False, rows: int = MAX_ROW) -> bool:
        """Begin a sheet that can have so many rows; False when nobody asked for it."""
        if self._wanted is not None and name not in self._wanted:
            return False
        self.send("sheet", name, hidden)
        self._first = 1
        self._last = 0
        self._most = rows
        self._told.clear()
        return True

    def row(self, number: int, cells: list[str], notes: list[Note] | None = None) -> None:
        """Take a row with its number in the sheet, from 1. Empty rows need not be given.

        Raises:
            SheetFault: the number is none a sheet can have, or the row is longer than any is.
        """
        if not 1 <= number <= self._most:
            raise SheetFault(f"a row has the number {number}")
        if number != self._first + len(self._rows):
            self._flush()
            self._first = number
        size = sum(map(len, cells))
        if size > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
            raise SheetFault(f"row {number} has a cell of more than {LONGEST_CELL} characters")
        if size > LONGEST_ROW:
            raise SheetFault(f"row {number} has more than {LONGEST_ROW} characters")
        self._rows.append(cells)
        self._cells += len(cells)
        self._size += size
        self._cost += abs(number - self._last) * BLANK_ROW_COST + len(cells) + size
        self._last = number
        for index, code, value, detail in notes or ():
            if code in _ONCE_PER_COLUMN:
                if (code, index) in self._told:
                    continue
                self._told.add((code, index))
            self._cost += NOTE_COST
            self._notes.append((number, index, code, _short(value), detail))
        if (
            len(self._rows) >= _BATCH_ROWS
            or self._cells >= _BATCH_CELLS
            or self._size >= _BATCH_CHARACTERS
        ):
            self._flush()

    def remark(
        self,
        code: str,
        *,
        row: int = 0,
        column: int | None = None,
        value: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Note something about the sheet as a whole, or learnt after its rows.

        Raises:
            SheetFault: there is no end of it.
        """
        if len(self._remarks) >= _MAX_REMARKS:
            raise SheetFault(f"it has more than {_MAX_REMARKS} merged areas")
        self._remarks.append((code, row, column, _short(value), detail))

    def end(self) -> None:
        """End the sheet."""
        self._flush()
        self.send("end of sheet", self._remarks)
        self._remarks = []

    def _flush(self) -> None:
        if self._rows:
            self.send("rows", self._first, self._rows, self._notes, self._cost)
            self._first += len(self._rows)
            self._rows, self._notes = [], []
            self._cells = self._size = self._cost = 0


def _short(value: str | None) -> str | None:
    """A value that is only shown to people: not endless."""
    return value if value is None or len(value) <= _SHOWN else value[:_SHOWN]
