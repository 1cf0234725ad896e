"""Undirected weighted links between numbered nodes, as arrays: the form groups are found in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HUB_DEGREE: Final = 40
"""A node with more neighbours serves everybody: all its links together weigh no more than so many
ordinary ones.
"""


@dataclass(frozen=True, slots=True)
class Links:
    """Every link stands twice, once from each side, sorted by `start` and `end`.

    Attributes:
        size: number of nodes.
        start, end: the nodes, from 0.
        weight: above 0.
        inner: of each node, the weight of links inside it, counted twice; 0 but after folding.
    """

    size: int
    start: Ints
    end: Ints
    weight: Floats
    inner: Floats

    @property
    def strength(self) -> Floats:
        """The weight of all links of each node."""
        outer = np.bincount(self.start, self.weight, minlength=self.size)
        return np.asarray(outer + self.inner, dtype=np.float64)

    def folded(self, label: Ints) -> Links:
        """The links between groups, given the group of each node: numbers from 0 without gaps."""
        size = int(label.max()) + 1 if label.size else 0
        a, b = label[self.start], label[self.end]
        within = a == b
        inner: Floats = np.zeros(size)
        inner += np.bincount(label, self.inner, minlength=size)
        inner += np.bincount(a[within], self.weight[within], minlength=size)
        return _summed(size, a[~within], b[~within], self.weight[~within], inner)


def linked(size: int, source: Ints, target: Ints, weight: Floats) -> Links:
    """The links of edges; edges between the same two add up, whichever way they point.

    Args:
        size: number of nodes.
        source, target: nodes from 0; edges of a node to itself are left out.
        weight: of each edge, above 0.
    """
    apart = source != target
    source, target, weight = source[apart], target[apart], weight[apart]
    both = np.concatenate((source, target)), np.concatenate((target, source))
    return _summed(size, *both, np.concatenate((weight, weight)), np.zeros(size))


def neighbours(links: Links) -> Ints:
    """How many neighbours each node has."""
    return np.bincount(links.start, minlength=links.size)


def hubs_weigh_less(links: Links, degree: int = HUB_DEGREE) -> Links:
    """The same links, those of hubs the lighter the more neighbours a hub has."""
    share = np.minimum(1.0, degree / np.maximum(neighbours(links), 1))
    weight = links.weight * share[links.start] * share[links.end]
    return Links(links.size, links.start, links.end, weight, links.inner)


def _summed(size: int, start: Ints, end: Ints, weight: Floats, inner: Floats) -> Links:
    key = start * np.int64(max(size, 1)) + end
    order = np.argsort(key, kind="stable")
    key, weight = key[order], weight[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if key.size else key
    total = np.add.reduceat(weight, first) if key.size else weight
    return Links(size, key[first] // max(size, 1), key[first] % max(size, 1), total, inner)
