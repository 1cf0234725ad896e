"""Identity resolution: which records, and which stored assets, are one asset.

Records are added one by one; `resolve` clusters them by evidence, with vetoes, in an order
that depends on the content only. Memory and time grow linearly with the number of records.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from landbridge.discovery.inventory.clustering import Forest, merge_constrained, one_code
from landbridge.discovery.inventory.evidence import MERGE
from landbridge.discovery.inventory.keys import Group, Identity
from landbridge.discovery.inventory.pairs import Ints, KeyColumn
from landbridge.discovery.inventory.scoring import Candidates, score
from landbridge.discovery.inventory.spool import Spool

MULTI = ("names", "loose", "uuid", "instance", "serial", "macs", "ips", "source_id")
_GROUPS = {group.value: number for number, group in enumerate(Group)}
_REVIEWS_PER_CLUSTER = 10


@dataclass(frozen=True, slots=True)
class Review:
    """Two clusters that may be one asset: too little evidence to merge, too much to ignore.

    Attributes:
        left, right: a record of each.
        score: the evidence, between REVIEW and MERGE, or above when a veto forbade the merge.
        reasons: the agreements and disagreements, in words.
    """

    left: int
    right: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The outcome of identity resolution.

    Attributes:
        labels: per record, in the order they were added, the lowest record of its cluster.
        reviews: possible duplicates, best first.
        too_common: values shared by too many records to be evidence.
    """

    labels: list[int]
    reviews: list[Review]
    too_common: int


class IdentityResolver:
    """Collects the identities of records and stored assets, then resolves them."""

    def __init__(self) -> None:
        self._units: dict[Hashable, int] = {}
        self._unit_of = array("q")
        self._ranks = array("q")
        self._names = Spool()
        self._exact = array("q")
        self._groups = array("q")
        self._bare = bytearray()
        self._columns = {kind: KeyColumn() for kind in MULTI}
        self._domain = KeyColumn()
        self._anchored = array("q")
        self._exports: dict[Hashable, KeyColumn] = {}

    def __len__(self) -> int:
        return len(self._unit_of)

    def add(
        self,
        identity: Identity,
        *,
        stored: bool = False,
        row_of: tuple[Hashable, str] | None = None,
    ) -> int:
        """Add a record; returns its number.

        Args:
            identity: what the record says about itself.
            stored: the record stands for an asset that exists; two of them never merge.
            row_of: (export, row key) when the export lists every system exactly once, so that
                two rows with different keys are two systems whatever their names.
        """
        digest = _digest(identity, row_of)
        key: Hashable = (digest, len(self._unit_of)) if stored else digest
        unit = self._units.setdefault(key, len(self._units))
        self._unit_of.append(unit)
        if unit == len(self._ranks):
            self._ranks.append(digest)
            self._add_units(unit, [identity])
            if stored:
                self._anchored.append(unit)
            if row_of is not None:
                self._exports.setdefault(row_of[0], KeyColumn()).add(unit, (row_of[1],))
        return len(self._unit_of) - 1

    def add_all(
        self,
        identities: Sequence[Identity],
        export: Hashable = None,
        rows: Sequence[str] | None = None,
    ) -> None:
        """Add many records at once.

        Args:
            identities: what each says about itself.
            export: the export that lists every system exactly once, if it is such a one.
            rows: the key of each row in it.
        """
        first, units = len(self._ranks), self._units
        fresh: list[Identity] = []
        for n, identity in enumerate(identities):
            row_of = None if rows is None else (export, rows[n])
            digest = _digest(identity, row_of)
            unit = units.setdefault(digest, len(units))
            self._unit_of.append(unit)
            if unit == len(self._ranks):
                self._ranks.append(digest)
                fresh.append(identity)
                if row_of is not None:
                    self._exports.setdefault(export, KeyColumn()).add(unit, (row_of[1],))
        self._add_units(first, fresh)

    def _add_units(self, first: int, fresh: Sequence[Identity]) -> None:
        """Note what new units say; the first has the number `first`."""
        for identity in fresh:
            text = "\0".join(identity.names).encode("utf-8", "surrogatepass")
            self._exact.append(self._names.add(text) if text else -1)
        self._groups.extend(_GROUPS[identity.group] for identity in fresh)
        self._bare.extend(identity.names_only_addresses for identity in fresh)
        for kind in MULTI:
            self._columns[kind].add_all(first, [getattr(identity, kind) for identity in fresh])
        domains = [(i.domain,) if i.domain else () for i in fresh]
        self._domain.add_all(first, domains)

    def resolve(self) -> Resolution:
        """Cluster everything that was added. Nothing may be added any more."""
        n = len(self._ranks)
        self._units.clear()
        if not n:
            return Resolution([], [], 0)
        exclusive = self._exclusive(n)
        candidates = Candidates(
            n,
            self._columns,
            dict(zip(("uuid", "instance", "serial", "domain"), exclusive, strict=False)),
            _ints(self._groups),
            np.frombuffer(bytes(self._bare), dtype=np.bool_),
            _ints(self._exact) >= 0,
            self._names_of,
        )
        scored = score(candidates)
        strong = scored.weights >= MERGE
        labels = merge_constrained(
            n,
            scored.left[strong],
            scored.right[strong],
            scored.weights[strong],
            _ints(self._ranks),
            exclusive,
        )
        labels = self._place_bare_addresses(labels, scored.left, scored.right)
        units = _ints(self._unit_of)
        first = np.full(n, len(units), dtype=np.int64)
        np.minimum.at(first, labels[units], np.arange(len(units)))
        member = np.full(n, len(units), dtype=np.int64)
        np.minimum.at(member, units, np.arange(len(units)))
        reviews = [
            Review(int(member[a]), int(member[b]), w, reasons)
            for a, b, w, reasons in scored.reviews(labels, _REVIEWS_PER_CLUSTER)
        ]
        return Resolution(first[labels[units]].tolist(), reviews, scored.too_common)

    def _names_of(self, unit: int) -> list[str]:
        text = self._names.get(self._exact[unit]).decode("utf-8", "surrogatepass")
        return text.split("\0")

    def _exclusive(self, n: int) -> list[tuple[Ints, Ints]]:
        columns = [self._columns[kind] for kind in ("uuid", "instance", "serial")]
        namespaces = [one_code(c.entries()) for c in (*columns, self._domain)]
        every = np.arange(n, dtype=np.int64)
        namespaces.append((every, _ints(self._groups)))
        anchored = _ints(self._anchored)
        namespaces.append((anchored, anchored))
        namespaces += [one_code(c.entries()) for c in self._exports.values()]
        return namespaces

    def _place_bare_addresses(self, labels: Ints, left: Ints, right: Ints) -> Ints:
        """A record that says nothing but an address joins the one cluster that has it."""
        bare = np.frombuffer(bytes(self._bare), dtype=np.bool_)
        touching = bare[left] | bare[right]
        if not touching.any():
            return labels
        neighbours: dict[int, set[int]] = {}
        for a, b in zip(left[touching].tolist(), right[touching].tolist(), strict=True):
            for mine, other in ((a, b), (b, a)):
                if bare[mine]:
                    neighbours.setdefault(int(labels[mine]), set()).add(int(labels[other]))
        forest = Forest(labels)
        stored = set(labels[_ints(self._anchored)].tolist())
        for cluster, others in sorted(neighbours.items()):
            others.discard(cluster)
            if len(others) == 1 and not (cluster in stored and others & stored):
                forest.union(cluster, others.pop(), {})
        return forest.labels()


def _digest(identity: Identity, row_of: tuple[Hashable, str] | None) -> int:
    text = repr((tuple(identity), row_of)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 1


def _ints(values: array[int]) -> Ints:
    return np.frombuffer(values, dtype=np.int64) if values else np.zeros(0, dtype=np.int64)
