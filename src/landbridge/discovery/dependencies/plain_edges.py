"""Edges that one column of one row states: the same outcome as uniting statements, without
anything to unite. Most of what a first import states is of this sort: on which host a VM runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.edges import confidence_of
from landbridge.discovery.dependencies.own_rows import OwnRows
from landbridge.discovery.inventory.observations import packed
from landbridge.kit.ids import new_ids

_COLUMNS: Final = (
    *(("id", "uuid"), ("from_asset_id", "uuid"), ("to_asset_id", "uuid"), ("kind", "text")),
    *(("confidence", "int"), ("evidence", "jsonb")),
)
_ROWS: Final = '"rows":[0]'


@dataclass(frozen=True, slots=True)
class Meant:
    """What a column's word means for the asset of a row.

    Attributes:
        target: the 16 bytes of the id of the asset it names.
        kind: of the edge.
        evidence: as stored, with the row 0.
    """

    target: bytes
    kind: str
    evidence: dict[str, Any]


class PlainEdges:
    """The statements of `OwnRows` that are edges by themselves."""

    def __init__(self, own: OwnRows, meant: Sequence[Meant | None]) -> None:
        """
        Args:
            own: the statements.
            meant: for each number of what is said, what it means; None if it names no asset.
        """
        self._own, self._meant = own, meant
        codes: dict[tuple[bytes, str], int] = {}
        code_of = [
            -1 if m is None else codes.setdefault((m.target, m.kind), len(codes)) for m in meant
        ]
        targets = np.array(code_of, dtype=np.int64)[own.said]
        self.chosen = own.only(targets) & (targets >= 0) & ~self._of_itself()

    def _of_itself(self) -> NDArray[np.bool_]:
        nothing = bytes(16)
        targets = b"".join(nothing if m is None else m.target for m in self._meant)
        ids = np.frombuffer(targets, dtype=">u8").reshape(-1, 2)[self._own.said]
        return np.asarray((ids == self._own.assets).all(axis=1))

    def leave(self, others: set[tuple[bytes, bytes, str]]) -> None:
        """Leave out those of which other statements speak, too: (from, to, kind)."""
        if not others:
            return
        for n in np.flatnonzero(self.chosen).tolist():
            m = self._meant[self._own.said[n]]
            if m is not None and (self._own.asset(n), m.target, m.kind) in others:
                self.chosen[n] = False

    def batches(self, size: int) -> Iterator[list[tuple[str, ...]]]:
        """Their rows, as texts of _COLUMNS, so many at a time."""
        told = [None if m is None else _parts(m) for m in self._meant]
        chosen = np.flatnonzero(self.chosen)
        for start in range(0, len(chosen), size):
            numbers = chosen[start : start + size].tolist()
            lines: list[tuple[str, ...]] = []
            for edge_id, n in zip(new_ids(len(numbers)), numbers, strict=True):
                target, kind, confidence, before, after = told[self._own.said[n]] or _NOTHING
                evidence = f"{before}{self._own.row(n)}{after}"
                asset = self._own.asset(n).hex()
                lines.append((edge_id, asset, target, kind, confidence, evidence))
            yield lines


_NOTHING: Final = ("", "", "", "", "")


def _parts(m: Meant) -> tuple[str, str, str, str, str]:
    before, _, after = packed([m.evidence]).decode().partition(_ROWS)
    confidence = str(confidence_of([m.evidence]))
    return m.target.hex(), m.kind, confidence, f'{before}"rows":[', f"]{after}"


def write(session: TenantSession, engagement_id: Any, lines: Sequence[tuple[str, ...]]) -> None:
    """Store a batch of new edges."""
    fixed = {"engagement_id": ("uuid", engagement_id), "observations": ("bigint", 1)}
    bulk.insert_text(session, "dependencies", _COLUMNS, lines, fixed)
