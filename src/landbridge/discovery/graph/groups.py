"""Move groups: assets that belong together, at a size somebody chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rustworkx

from landbridge.discovery.graph.communities import modularity, sized
from landbridge.discovery.graph.links import Floats, Ints, Links, hubs_weigh_less, linked
from landbridge.discovery.graph.shared import SharedService, shared_services

ALONE = -1
"""The group of an asset without a bond that counts."""
CIRCLE_TIMES = 4
"""Assets that need each other share a group when they are no more than so many times the wanted
number. Larger circles are cut like everything else: where the least holds them together.
"""


@dataclass(frozen=True, slots=True)
class Estate:
    """Assets as numbers from 0, and the edges between them.

    Attributes:
        names: of each asset.
        source, target: the ends of each edge: source needs target.
        port: of each edge; 0 where none is known.
        weight: of each edge, above 0: how sure it is, and how much it is used.
    """

    names: Sequence[str]
    source: Ints
    target: Ints
    port: Ints
    weight: Floats

    @property
    def size(self) -> int:
        """How many assets there are."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Groups:
    """What was found.

    Attributes:
        group: of each asset, from 0, the largest first; `ALONE` without any.
        circle: of each asset, the smallest number of those it needs and that need it.
        shared: the shared services; none is in a group, nor are circles through them counted.
        resolution: at which the groups were found.
        modularity: of the groups, from -0.5 to 1.
        mean: assets in a group, on average.
    """

    group: Ints
    circle: Ints
    shared: tuple[SharedService, ...]
    resolution: float
    modularity: float
    mean: float

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.group.max()) + 1 if self.group.size else 0


def circles(size: int, source: Ints, target: Ints) -> Ints:
    """Of each node, the smallest of those that it needs and that need it, itself included."""
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from([None] * size)
    graph.add_edges_from_no_data(list(zip(source.tolist(), target.tolist(), strict=True)))
    found = np.arange(size)
    for component in rustworkx.strongly_connected_components(graph):
        if len(component) > 1:
            found[component] = min(component)
    return found


def groups(estate: Estate, wanted: int) -> Groups:
    """Find move groups of about the wanted number of assets. Assets that need each other are in
    one group, unless they are more than CIRCLE_TIMES the wanted number.

    Args:
        estate: the assets and edges.
        wanted: assets in a group, on average.
    """
    services = shared_services(estate.names, estate.source, estate.target, estate.port)
    serves = np.zeros(estate.size, dtype=bool)
    serves[[s.node for s in services]] = True
    kept = ~(serves[estate.source] | serves[estate.target])
    source, target = estate.source[kept], estate.target[kept]
    circle = circles(estate.size, source, target)
    links = hubs_weigh_less(linked(estate.size, source, target, estate.weight[kept]))
    bound = np.zeros(estate.size, dtype=bool)
    bound[links.start] = True
    many = np.bincount(circle, minlength=estate.size)[circle] > CIRCLE_TIMES * wanted
    tied = np.where(many, np.arange(estate.size), circle)
    heads, unit = np.unique(tied[bound], return_inverse=True)
    whole = np.full(estate.size, heads.size)
    whole[bound] = unit.reshape(-1)
    whole[~bound] = heads.size + np.arange(int((~bound).sum()))
    folded = links.folded(whole.astype(np.int64))
    sizes = np.bincount(whole, minlength=folded.size).astype(np.int64)
    label, resolution = _of_size(folded, sizes, wanted)
    group = _largest_first(np.where(bound, label[whole], ALONE))
    held = np.bincount(group[group != ALONE])
    mean = float(held.mean()) if held.size else 1.0
    return Groups(group, circle, tuple(services), resolution, modularity(folded, label), mean)


def _of_size(links: Links, sizes: Ints, wanted: int) -> tuple[Ints, float]:
    """The community of each node, and the resolution. What is not linked to the rest and is no
    larger than wanted is one as it is, and does not count where the others' size is chosen.
    """
    part = _components(links)
    small = (np.bincount(part, sizes)[part] <= wanted) if part.size else np.zeros(0, dtype=bool)
    place = np.cumsum(~small) - 1
    kept = ~small[links.start]
    rest = Links(
        int((~small).sum()),
        place[links.start[kept]],
        place[links.end[kept]],
        links.weight[kept],
        links.inner[~small],
    )
    found = sized(rest, sizes[~small], wanted)
    label = part + rest.size
    label[~small] = found.label
    return np.unique(label, return_inverse=True)[1].reshape(-1).astype(np.int64), found.resolution


def _components(links: Links) -> Ints:
    """The connected component of each node, from 0."""
    graph: rustworkx.PyGraph[None, None] = rustworkx.PyGraph()
    graph.add_nodes_from([None] * links.size)
    once = links.start < links.end
    pairs = zip(links.start[once].tolist(), links.end[once].tolist(), strict=True)
    graph.add_edges_from_no_data(list(pairs))
    part = np.zeros(links.size, dtype=np.int64)
    for number, component in enumerate(rustworkx.connected_components(graph)):
        part[list(component)] = number
    return part


def _largest_first(label: Ints) -> Ints:
    """Groups numbered by size, then by their first asset; `ALONE` stays."""
    grouped = np.flatnonzero(label != ALONE)
    result = np.full(label.size, ALONE, dtype=np.int64)
    if grouped.size:
        _, first, inverse, count = np.unique(
            label[grouped], return_index=True, return_inverse=True, return_counts=True
        )
        place = np.empty(count.size, dtype=np.int64)
        place[np.lexsort((first, -count))] = np.arange(count.size)
        result[grouped] = place[inverse.reshape(-1)]
    return result
