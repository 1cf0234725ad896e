"""A spool: documents put aside while memory is for what must be compared."""

from __future__ import annotations

import weakref
from tempfile import TemporaryFile
from typing import IO, Final

_IN_MEMORY: Final = 32 << 20
_LENGTH_BITS: Final = 32


class Spool:
    """Keeps documents, of at most 4 GB each: the last ones in memory, those before them in a file
    without a name, which is gone with the spool.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        """
        Args:
            in_memory: bytes that stay in memory.
        """
        self._in_memory = in_memory
        self._recent = bytearray()
        self._written = 0
        self._file: IO[bytes] | None = None

    def add(self, document: bytes) -> int:
        """Put a document aside; returns its place."""
        place = (self._written + len(self._recent)) << _LENGTH_BITS | len(document)
        self._recent += document
        if len(self._recent) > self._in_memory:
            self._write()
        return place

    def get(self, place: int) -> bytes:
        """The document at a place."""
        start, length = place >> _LENGTH_BITS, place & ((1 << _LENGTH_BITS) - 1)
        if start >= self._written or self._file is None:
            start -= self._written
            return bytes(self._recent[start : start + length])
        self._file.seek(start)
        return self._file.read(length)

    def _write(self) -> None:
        if self._file is None:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long
            weakref.finalize(self, self._file.close)
        self._file.seek(self._written)
        left = memoryview(self._recent)
        while left:
            left = left[self._file.write(left) :]
        self._written += len(self._recent)
        self._recent = bytearray()
