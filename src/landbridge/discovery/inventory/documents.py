"""What the records of an import say, put aside: a million of them fit in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from landbridge.discovery.inventory.observations import packed
from landbridge.discovery.inventory.spool import Spool
from landbridge.discovery.records import present

_POSITION_BITS: Final = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """What consecutive rows of a table say, by column; None stands where a row has nothing.

    Attributes:
        values: attribute → cleansed values.
        custom: column → texts.
        uuids: position of a row → further UUIDs of the system.
    """

    values: dict[str, list[Any]]
    custom: dict[str, list[str | None]]
    uuids: dict[int, list[str]]


class Documents:
    """Documents of single records, and of batches of them by column."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._batches: list[int] = []
        self._at_hand: tuple[int, Columns] | None = None

    def add(self, values: dict[str, Any], custom: dict[str, str], uuids: list[str]) -> int:
        """Put a record aside; returns its place."""
        return self._spool.add(packed([values, custom, uuids]))

    def add_batch(self, columns: Columns) -> int:
        """Put a batch aside, of at most a million records; returns its number."""
        uuids = [[position, further] for position, further in columns.uuids.items()]
        self._batches.append(self._spool.add(packed([columns.values, columns.custom, uuids])))
        return len(self._batches) - 1

    @staticmethod
    def place(batch: int, position: int) -> int:
        """The place of a record of a batch."""
        return -1 - (batch << _POSITION_BITS | position)

    def batch(self, number: int) -> Columns:
        """A batch; quickest when asked for several times in a row."""
        if self._at_hand is None or self._at_hand[0] != number:
            values, custom, uuids = orjson.loads(self._spool.get(self._batches[number]))
            self._at_hand = number, Columns(values, custom, dict(uuids))
        return self._at_hand[1]

    def get(self, place: int) -> tuple[dict[str, Any], dict[str, str], list[str]]:
        """What a record says: values, custom texts, further UUIDs. The caller may change it."""
        if place >= 0:
            values, custom, uuids = orjson.loads(self._spool.get(place))
            return values, custom, uuids
        number, position = divmod(-1 - place, 1 << _POSITION_BITS)
        columns = self.batch(number)
        values = present(columns.values, position)
        for attribute, value in values.items():
            if isinstance(value, list):
                values[attribute] = list(value)
        return values, present(columns.custom, position), columns.uuids.get(position, [])
