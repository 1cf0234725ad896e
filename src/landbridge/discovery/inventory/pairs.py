"""Blocking: which units share a key value, as sorted arrays of unit pairs."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

BLOCK_CAP: Final = 40
"""A value that more units than this share tells them no longer apart, and is not evidence."""


class KeyColumn:
    """The values of one kind of key over all units; a unit may have several. Of each value only
    a number of 64 bits is kept: two values share one less than once in a billion estates.
    """

    def __init__(self) -> None:
        self._units = array("q")
        self._hashes = array("q")
        self._entries: tuple[Ints, Ints] | None = None

    def add(self, unit: int, values: tuple[str, ...]) -> None:
        """Note the values of a unit."""
        for value in values:
            self._units.append(unit)
            self._hashes.append(hash(value))

    def add_all(self, first: int, rows: Sequence[tuple[str, ...]]) -> None:
        """Note the values of units that are numbered one after the other."""
        self._units.extend(unit for unit, values in enumerate(rows, first) for _ in values)
        self._hashes.extend(hash(value) for values in rows for value in values)

    def entries(self) -> tuple[Ints, Ints]:
        """All (unit, code of the value), as two arrays; codes count from zero. Nothing may be
        added any more: in memory are the arrays alone.
        """
        if self._entries is None:
            units = np.array(self._units, dtype=np.int64)
            hashes = np.array(self._hashes, dtype=np.int64)
            del self._units[:], self._hashes[:]
            codes: Ints = np.unique(hashes, return_inverse=True)[1].astype(np.int64)
            self._entries = units, codes
        return self._entries

    def blocks(self, cap: int = BLOCK_CAP) -> Blocks:
        """Group the units by value."""
        return Blocks(*self.entries(), cap)


class Blocks:
    """Units grouped by the value they share.

    Attributes:
        units, starts, sizes: units in block order, and where each usable block lies.
        too_common: number of values that too many units share.
    """

    def __init__(self, units: Ints, values: Ints, cap: int) -> None:
        order = np.lexsort((units, values))
        values = values[order]
        units = units[order]
        starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else _EMPTY
        sizes = np.diff(np.r_[starts, len(values)])
        usable = sizes <= cap
        self.too_common = int((~usable).sum())
        self.units, self.starts, self.sizes = units, starts[usable], sizes[usable]

    def having(self, n: int) -> NDArray[np.bool_]:
        """Which of `n` units have a usable value."""
        return np.asarray(self._counts(n) > 0)

    def single(self, n: int) -> NDArray[np.bool_]:
        """Which of `n` units have exactly one usable value."""
        return np.asarray(self._counts(n) == 1)

    def _counts(self, n: int) -> Ints:
        inside = np.zeros(len(self.units) + 1, dtype=np.int64)
        np.add.at(inside, self.starts, 1)
        np.add.at(inside, self.starts + self.sizes, -1)
        counts: Ints = np.bincount(self.units[np.cumsum(inside[:-1]) > 0], minlength=n)
        return counts

    def pairs(self, n: int) -> Ints:
        """All pairs of units in one block, each as `lower * n + higher`, sorted, unique."""
        parts = []
        for size in np.unique(self.sizes[self.sizes >= 2]):
            starts = self.starts[self.sizes == size]
            members = self.units[starts[:, None] + np.arange(size)]
            left, right = np.triu_indices(int(size), 1)
            parts.append((members[:, left] * n + members[:, right]).ravel())
        if not parts:
            return _EMPTY
        pairs = distinct(np.concatenate(parts))
        return np.asarray(pairs[pairs // n != pairs % n])


def distinct(values: Ints) -> Ints:
    """The values in order, each once; faster than a table of all that were seen."""
    if not len(values):
        return values
    values = np.sort(values)
    return np.asarray(values[np.r_[True, values[1:] != values[:-1]]])


def contains(sorted_pairs: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Which of `wanted` are among `sorted_pairs`."""
    if not len(sorted_pairs):
        return np.zeros(len(wanted), dtype=bool)
    at = np.searchsorted(sorted_pairs, wanted)
    at[at == len(sorted_pairs)] = 0
    return np.asarray(sorted_pairs[at] == wanted)


_EMPTY: Ints = np.zeros(0, dtype=np.int64)
