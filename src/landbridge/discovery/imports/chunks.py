"""Source rows as they are stored: compressed chunks of JSON lines.

A line is `[number, [cell, …]]` for data, and `[number, [cell, …], kind]` for the header and
for lines above and below the data. Every record that is not blank is in a chunk, verbatim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson
import zstandard

from landbridge.discovery.imports.tables import RecordKind, SourceRow

MAX_ROWS: Final = 4_000
MAX_BYTES: Final = 1 << 20
_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive records of one table.

    Attributes:
        first_row: number of the first record.
        last_row: number of the last one.
        row_count: how many there are; blank records between them are left out.
        data: compressed JSON lines.
    """

    first_row: int
    last_row: int
    row_count: int
    data: bytes


class ChunkWriter:
    """Collects records and gives a chunk whenever one is full."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._lines: list[bytes] = []
        self._size = 0
        self._first = 0
        self._last = 0

    def add(self, row: SourceRow) -> Chunk | None:
        """Take a record that is not blank; the chunk it completes, if any."""
        if row.kind is RecordKind.DATA:
            line = orjson.dumps((row.number, row.cells))
        else:
            line = orjson.dumps((row.number, row.cells, row.kind.value))
        if not self._lines:
            self._first = row.number
        self._last = row.number
        self._lines.append(line)
        self._size += len(line)
        if len(self._lines) >= MAX_ROWS or self._size >= MAX_BYTES:
            return self.flush()
        return None

    def flush(self) -> Chunk | None:
        """The chunk of what was collected since the last one, if anything was."""
        if not self._lines:
            return None
        data = self._compressor.compress(b"\n".join(self._lines))
        chunk = Chunk(self._first, self._last, len(self._lines), data)
        self._lines, self._size = [], 0
        return chunk


def rows_of(data: bytes) -> Iterator[tuple[int, list[str], RecordKind]]:
    """The records of a chunk."""
    for line in zstandard.ZstdDecompressor().decompress(data).split(b"\n"):
        number, cells, *kind = orjson.loads(line)
        yield number, cells, RecordKind(kind[0]) if kind else RecordKind.DATA


def data_rows_of(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The data records of a chunk; others are passed over."""
    for line in zstandard.ZstdDecompressor().decompress(data).split(b"\n"):
        record = orjson.loads(line)
        if len(record) == 2:
            yield record[0], record[1]
