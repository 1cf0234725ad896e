"""What the rows of assets say in columns, kept in a few bytes each: a million of them fit in
memory. They are played back asset by asset, when the ends they name are known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from landbridge.discovery.dependencies.connections import End
from landbridge.discovery.dependencies.kinds import Meaning


class Said(NamedTuple):
    """What a column says: the end it names, what that means, and the attribute."""

    table: int
    end: End
    meaning: Meaning
    attribute: str


@dataclass
class OwnRows:
    """Statements whose source is the asset of the row.

    Attributes:
        first: what is said → the first row that says it.
    """

    first: dict[Said, int] = field(default_factory=dict)
    _number: dict[Said, int] = field(default_factory=dict)
    _assets: bytearray = field(default_factory=bytearray)
    _said: array[int] = field(default_factory=lambda: array("l"))
    _rows: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, asset_id: bytes, said: Said, row: int) -> None:
        """Note that a row of an asset, given by the 16 bytes of its id, says something."""
        number = self._number.get(said)
        if number is None:
            number = self._number[said] = len(self._number)
            self.first[said] = row
        elif row < self.first[said]:
            self.first[said] = row
        self._assets += asset_id
        self._said.append(number)
        self._rows.append(row)

    @property
    def every(self) -> list[Said]:
        """What is said, by number."""
        return list(self._number)

    @cached_property
    def said(self) -> NDArray[np.int64]:
        """The number of what each statement says. Nothing may be added any more."""
        return np.array(self._said, dtype=np.int64)

    @cached_property
    def assets(self) -> NDArray[np.uint64]:
        """The asset of each statement, as the two halves of its id."""
        return np.frombuffer(self._assets, dtype=">u8").reshape(-1, 2)

    def asset(self, statement: int) -> bytes:
        """The 16 bytes of the id of the asset of a statement."""
        return bytes(self._assets[16 * statement : 16 * statement + 16])

    def row(self, statement: int) -> int:
        """The row of a statement."""
        return self._rows[statement]

    def only(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which statements are the only ones of their asset with their code."""
        order = np.lexsort((codes, self.assets[:, 1], self.assets[:, 0]))
        assets, codes = self.assets[order], codes[order]
        again = (assets[1:] == assets[:-1]).all(axis=1) & (codes[1:] == codes[:-1])
        alone = np.ones(len(order), dtype=bool)
        alone[order[1:][again]] = False
        alone[order[:-1][again]] = False
        return alone

    def batches(
        self, size: int, without: NDArray[np.bool_] | None = None
    ) -> Iterator[list[tuple[UUID, Said, int]]]:
        """(asset, what, row), in the order noted within an asset; all of one asset are in one
        batch of about so many.

        Args:
            size: how many.
            without: statements to pass over.
        """
        every = self.every
        order = np.lexsort((self.assets[:, 1], self.assets[:, 0]))
        if without is not None:
            order = order[~without[order]]
        start = 0
        while start < len(order):
            end = min(start + size, len(order))
            while end < len(order) and self.asset(order[end]) == self.asset(order[end - 1]):
                end += 1
            yield [
                (UUID(bytes=self.asset(n)), every[self._said[n]], self._rows[n])
                for n in order[start:end].tolist()
            ]
            start = end


class RowAssets:
    """Which asset the rows of a table became, in 24 bytes each."""

    def __init__(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """
        Args:
            rows: (row number, the 16 bytes of the asset's id), in the order of the rows.
        """
        self._rows = array("q")
        self._assets = bytearray()
        for row, asset_id in rows:
            self._rows.append(row)
            self._assets += asset_id
        self._next = 0

    def find(self, row: int) -> bytes | None:
        """The asset of a row; quick when rows are asked for in order."""
        rows, at = self._rows, self._next
        if at >= len(rows) or rows[at] != row:
            at = bisect_left(rows, row)
            if at >= len(rows) or rows[at] != row:
                return None
        self._next = at + 1
        return bytes(self._assets[16 * at : 16 * at + 16])
