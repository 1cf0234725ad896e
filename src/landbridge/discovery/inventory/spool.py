"""A spool: documents put aside while memory is for what must be compared."""

from __future__ import annotations

import weakref
from tempfile import SpooledTemporaryFile
from typing import Final

_IN_MEMORY: Final = 32 << 20
_LENGTH_BITS: Final = 32


class Spool:
    """Keeps documents, of at most 4 GB each, in memory as long as they are few, then in a file
    without a name, which is gone with the spool.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._reading = False

    def add(self, document: bytes) -> int:
        """Put a document aside; returns its place."""
        if self._reading:
            self._file.seek(self._end)
            self._reading = False
        self._file.write(document)
        place = self._end << _LENGTH_BITS | len(document)
        self._end += len(document)
        return place

    def get(self, place: int) -> bytes:
        """The document at a place; quickest in the order in which they were put aside."""
        self._reading = True
        self._file.seek(place >> _LENGTH_BITS)
        return self._file.read(place & ((1 << _LENGTH_BITS) - 1))
