"""How much one uploaded file may become, however it was packed, repeated or nested.

Everything that grows while a file is read counts against one bound, which all of its parts
share: what an archive unpacks to, and the cells that workbooks, JSON and web pages name by
reference or repeat by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from landbridge.discovery.imports.errors import ContentTooLarge, FileTooManyTables, TableTooWide
from landbridge.discovery.imports.tables import RawRecord, SourceTable

MAX_UNPACKED: Final = 8 << 30
MAX_RATIO: Final = 250
SMALL: Final = 100 << 20
MAX_COLUMNS: Final = 16_384
MAX_TABLES: Final = 2_000


class Bound:
    """What one file may become, and how much of that it has become.

    Attributes:
        name: of the file, for errors.
        limit: characters and cells: `MAX_RATIO` times the file's size, at least `SMALL` and at
            most `MAX_UNPACKED`.
    """

    def __init__(self, name: str, packed_bytes: int) -> None:
        self.name = name
        self.limit = max(SMALL, min(MAX_UNPACKED, MAX_RATIO * packed_bytes))
        self._spent = 0

    def require(self, unpacked_bytes: int) -> None:
        """Refuse what would unpack to more.

        Raises:
            ContentTooLarge: it is over the limit.
        """
        if unpacked_bytes > self.limit:
            raise ContentTooLarge(name=self.name, unpacked_bytes=unpacked_bytes)

    def spend(self, amount: int) -> None:
        """Count so many characters and cells.

        Raises:
            ContentTooLarge: together with those before they are over the limit.
        """
        self._spent += amount
        self.require(self._spent)

    def counted(self, records: Iterator[RawRecord]) -> Iterator[RawRecord]:
        """The records, each counted by its cells."""
        for record in records:
            self.spend(len(record.cells))
            yield record


def require_width(name: str, cells: int) -> None:
    """Refuse a record that no table has.

    Raises:
        TableTooWide: it has more than `MAX_COLUMNS` cells.
    """
    if cells > MAX_COLUMNS:
        raise TableTooWide(name=name, cells=cells, limit=MAX_COLUMNS)


def few_enough(tables: Iterator[SourceTable], name: str) -> Iterator[SourceTable]:
    """The tables of a file.

    Raises:
        FileTooManyTables: there are more than `MAX_TABLES`.
    """
    for number, table in enumerate(tables, 1):
        if number > MAX_TABLES:
            raise FileTooManyTables(name=name, limit=MAX_TABLES)
        yield table
