"""Constrained merging: strongest evidence first, and never two different values of an
exclusive kind (serial number, UUID, domain, …) in one cluster.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landbridge.discovery.inventory.pairs import Ints, distinct

Exclusive = Sequence[tuple[Ints, Ints]]
"""Per namespace, (units, codes): a cluster holds at most one code of each namespace."""


def merge_constrained(
    n: int, left: Ints, right: Ints, weights: NDArray[np.float64], order: Ints, exclusive: Exclusive
) -> Ints:
    """The cluster of each unit, named by its lowest unit.

    Components in which no constraint can be broken are accepted whole; only the others are
    merged edge by edge.

    Args:
        n: number of units.
        left, right, weights: edges and their evidence.
        order: rank of each unit by content; breaks ties independently of input order.
        exclusive: what must not meet in one cluster.
    """
    labels = components(n, left, right)
    dirty = _breaking(n, labels, exclusive)
    if not dirty.any():
        return labels
    inside = dirty[labels[left]]
    left, right, weights = left[inside], right[inside], weights[inside]
    low = np.minimum(order[left], order[right])
    high = np.maximum(order[left], order[right])
    rank = np.lexsort((high, low, -weights))
    parts = dirty[labels]
    labels[parts] = np.flatnonzero(parts)
    forest = Forest(labels)
    held = _holdings(labels, parts, exclusive)
    for a, b in zip(left[rank].tolist(), right[rank].tolist(), strict=True):
        forest.union(a, b, held)
    return forest.labels()


def components(n: int, left: Ints, right: Ints) -> Ints:
    """Connected components; each unit gets the lowest unit of its component."""
    labels: Ints = np.arange(n, dtype=np.int64)
    while True:
        a, b = labels[left], labels[right]
        apart = a != b
        if not apart.any():
            return labels
        np.minimum.at(labels, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while not np.array_equal(up := labels[labels], labels):
            labels = up


def one_code(entries: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Make (unit, code) entries a namespace: values that one unit has together are one code."""
    units, codes = entries
    if not len(units):
        return units, codes
    order = np.argsort(units, kind="stable")
    units, codes = units[order], codes[order]
    together = np.flatnonzero(units[1:] == units[:-1])
    names = components(int(codes.max()) + 1, codes[together], codes[together + 1])
    keep = np.r_[True, units[1:] != units[:-1]]
    return units[keep], names[codes[keep]]


def _breaking(n: int, labels: Ints, exclusive: Exclusive) -> NDArray[np.bool_]:
    dirty = np.zeros(n, dtype=bool)
    for units, codes in exclusive:
        if not len(units):
            continue
        base = int(codes.max()) + 1
        clusters = distinct(labels[units] * base + codes) // base
        dirty[clusters[1:][clusters[1:] == clusters[:-1]]] = True
    return dirty


Held = dict[int, dict[int, int]]


def _holdings(labels: Ints, parts: NDArray[np.bool_], exclusive: Exclusive) -> Held:
    held: Held = {int(u): {} for u in np.flatnonzero(parts)}
    for namespace, (units, codes) in enumerate(exclusive):
        inside = parts[units]
        for unit, code in zip(units[inside].tolist(), codes[inside].tolist(), strict=True):
            held[unit][namespace] = code
    return held


class Forest:
    """A union-find forest over units, rooted at the lowest unit of each cluster."""

    def __init__(self, labels: Ints) -> None:
        self._parent = labels.tolist()

    def find(self, unit: int) -> int:
        """The root of a unit."""
        parent: list[int] = self._parent
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = parent[unit]
        return unit

    def union(self, a: int, b: int, held: Held) -> bool:
        """Merge the clusters of two units unless that breaks a constraint."""
        a, b = sorted((self.find(a), self.find(b)))
        if a == b:
            return True
        mine, yours = held.setdefault(a, {}), held.get(b, {})
        if any(mine.get(namespace, code) != code for namespace, code in yours.items()):
            return False
        mine.update(yours)
        self._parent[b] = a
        return True

    def labels(self) -> Ints:
        """The root of every unit."""
        roots: Ints = np.array(self._parent, dtype=np.int64)
        while not np.array_equal(up := roots[roots], roots):
            roots = up
        return roots
