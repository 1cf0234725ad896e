"""Communities: nodes that are linked among each other more than with the rest.

The method of Louvain (Blondel and others, 2008, doi:10.1088/1742-5468/2008/10/P10008), in sweeps
over whole arrays: in each sweep one part of the nodes moves to the neighbouring community that
gains most modularity at the given resolution (Reichardt and Bornholdt, 2006,
doi:10.1103/PhysRevE.74.016110); communities then become nodes, until nothing moves. Which nodes
move in which sweep follows from a fixed seed: the same links give the same communities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.discovery.graph.links import Floats, Ints, Links

_SEED: Final = 20_081_009
_SWEEPS: Final = 8
_PARTS: Final = 2
_SETTLED: Final = 1e-2
_CLOSE: Final = 0.15
_COARSER: Final = 8.0
_FINER: Final = 2
_SPAN: Final = 4096.0
_TRIES: Final = 8


def communities(links: Links, resolution: float, label: Ints | None = None) -> Ints:
    """The community of each node, numbered from 0 by their first node.

    Args:
        links: the links.
        resolution: 1 is plain modularity; more gives smaller communities.
        label: communities to begin with; each node on its own when None.
    """
    found = np.arange(links.size) if label is None else label
    level = links if label is None else links.folded(label)
    while level.size:
        moved = _numbered(_moved(level, resolution))
        count = int(moved.max()) + 1
        if count == level.size:
            break
        found, level = moved[found], level.folded(moved)
    return _numbered(found)


def modularity(links: Links, label: Ints, resolution: float = 1.0) -> float:
    """How much more weight lies within communities than by chance, from -0.5 to 1."""
    total = float(links.weight.sum() + links.inner.sum())
    if total == 0:
        return 0.0
    within = links.weight[label[links.start] == label[links.end]].sum() + links.inner.sum()
    held = np.bincount(label, links.strength)
    return float(within / total - resolution * ((held / total) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Sized:
    """Communities of about the wanted size, the resolution that gave them, their mean size."""

    label: Ints
    resolution: float
    mean: float


def sized(links: Links, sizes: Ints, wanted: int) -> Sized:
    """Communities whose mean size comes close to the wanted one.

    Found once at a fine resolution; coarser ones are searched among what these make.

    Args:
        links: the links.
        sizes: assets in each node.
        wanted: assets in a community, on average over those of more than one node.
    """
    resolution = max(1.0, float(sizes.sum()) / max(wanted, 1) / _COARSER)
    fine = communities(links, resolution)
    best = Sized(fine, resolution, _mean(fine, sizes))
    for _ in range(_FINER):
        if best.mean <= wanted * (1 + _CLOSE):
            break
        finer = communities(links, best.resolution * _COARSER)
        best = Sized(finer, best.resolution * _COARSER, _mean(finer, sizes))
    if not links.size or best.mean >= wanted * (1 - _CLOSE):
        return best
    return _coarser(links, sizes, wanted, best)


def _coarser(links: Links, sizes: Ints, wanted: int, fine: Sized) -> Sized:
    """Communities of communities, by halving the span in which the resolution lies."""
    folded, held = links.folded(fine.label), np.bincount(fine.label, sizes)
    best, low, high = fine, fine.resolution / _SPAN, fine.resolution
    for _ in range(_TRIES):
        middle = float(np.sqrt(low * high))
        coarse = communities(folded, middle)
        mean = _mean(coarse, held)
        if abs(mean - wanted) < abs(best.mean - wanted):
            best = Sized(_numbered(coarse[fine.label]), middle, mean)
        if abs(mean - wanted) <= _CLOSE * wanted:
            break
        low, high = (low, middle) if mean < wanted else (middle, high)
    return best


def _mean(label: Ints, sizes: Ints | Floats) -> float:
    """The mean size of communities of two assets or more; 1 when there are none."""
    held = np.bincount(label, sizes)
    held = held[held > 1]
    return float(held.mean()) if held.size else 1.0


def _moved(links: Links, resolution: float) -> Ints:
    """The community of each node when no move of a single node gains much any more."""
    chance = np.random.default_rng(_SEED)
    label = np.arange(links.size)
    strength = links.strength
    total = float(strength.sum())
    if total == 0:
        return label
    for sweep in range(_SWEEPS):
        part = chance.integers(0, _PARTS, links.size)
        changed = 0
        for turn in range(_PARTS):
            changed += _turn(links, label, strength, total / resolution, part == turn)
        if changed <= _SETTLED * links.size and sweep:
            break
    return label


def _turn(links: Links, label: Ints, strength: Floats, scale: float, mine: Ints) -> int:
    """Move nodes of one part, all at the same time. Changes `label`."""
    chosen = mine[links.start]
    start, end, weight = links.start[chosen], links.end[chosen], links.weight[chosen]
    if not start.size:
        return 0
    size = links.size
    key = start * np.int64(size) + label[end]
    order = np.argsort(key, kind="stable")
    key, weight = key[order], weight[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    to = np.add.reduceat(weight, first)
    node, there = key[first] // size, key[first] % size
    held = np.bincount(label, strength, minlength=size)
    here = label[node]
    others = held[there] - np.where(there == here, strength[node], 0.0)
    gain = to - strength[node] * others / scale
    own = np.zeros(size)
    alone = held[label] - strength
    own[:] = -strength * alone / scale
    stays = there == here
    own[node[stays]] = gain[stays]
    # Two nodes on their own must not change places: only the higher number moves to the lower.
    count = np.bincount(label, minlength=size)
    swaps = (count[here] == 1) & (count[there] == 1) & (there > here)
    gain = np.where(stays | swaps, -np.inf, gain)
    best = np.lexsort((there, -gain, node))
    lead = best[np.r_[True, node[best][1:] != node[best][:-1]]]
    better = gain[lead] > own[node[lead]] + 1e-12
    lead = lead[better]
    label[node[lead]] = there[lead]
    return int(lead.size)


def _numbered(label: Ints) -> Ints:
    """The same groups, numbered from 0 by their first node."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    place = np.empty(first.size, dtype=np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(first.size)
    return place[inverse.reshape(-1)]
