"""Clusters: which records are one asset, in a few bytes for each record and asset."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from landbridge.kit.ids import new_id


class Clusters:
    """The records of an import, by the asset that they are.

    Attributes:
        of: number of the cluster of each record; -1 while it has none.
    """

    def __init__(self, records: int = 0) -> None:
        self.of = array("q", [-1]) * records
        self._ids = bytearray()
        self._stored: dict[UUID, int] = {}

    def stored(self, asset_id: UUID) -> int:
        """The cluster of an asset that exists."""
        number = self._stored.get(asset_id)
        if number is None:
            number = self._stored[asset_id] = self._add(asset_id)
        return number

    def fresh(self) -> int:
        """The cluster of an asset that is to be created."""
        return self._add(new_id())

    def asset(self, cluster: int) -> UUID:
        """The asset of a cluster."""
        return UUID(bytes=bytes(self._ids[16 * cluster : 16 * cluster + 16]))

    def hex(self, record: int) -> str:
        """The asset of a record, in hexadecimal digits."""
        cluster = self.of[record]
        return self._ids[16 * cluster : 16 * cluster + 16].hex()

    def alone(self) -> NDArray[np.bool_]:
        """Which records are new assets of which no other record speaks."""
        of = np.array(self.of, dtype=np.int64)
        counts = np.bincount(of[of >= 0], minlength=len(self._ids) // 16)
        counts[list(self._stored.values())] = 0
        return np.asarray((of >= 0) & (counts[of] == 1))

    def done(self, record: int) -> None:
        """The asset of a record is written: no batch brings it any more."""
        self.of[record] = -1

    def is_stored(self, asset_id: UUID) -> bool:
        """Whether the asset exists."""
        return asset_id in self._stored

    def batches(self, size: int) -> Iterator[dict[UUID, list[int]]]:
        """So many assets at a time, each with its records; in the order of the records."""
        of = np.array(self.of, dtype=np.int64)
        records = np.flatnonzero(of >= 0)
        if not len(records):
            return
        _, first, inverse = np.unique(of[records], return_index=True, return_inverse=True)
        order = np.lexsort((records, first[inverse]))
        records, of = records[order], of[records[order]]
        starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
        ends = np.r_[starts[1:], len(of)]
        for n in range(0, len(starts), size):
            yield {
                self.asset(int(of[start])): records[start:end].tolist()
                for start, end in zip(starts[n : n + size], ends[n : n + size], strict=True)
            }

    def _add(self, asset_id: UUID) -> int:
        self._ids += asset_id.bytes
        return len(self._ids) // 16 - 1
