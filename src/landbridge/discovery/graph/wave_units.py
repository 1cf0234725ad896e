"""Units: items that cannot be moved apart, and the order in which units move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import rustworkx

from landbridge.discovery.graph.wave_model import Edge, Item
from landbridge.discovery.vocabulary import Environment

Pair = tuple[int, int]

REHEARSALS: Final = frozenset((Environment.DEVELOPMENT, Environment.TEST, Environment.STAGING))

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Ordered:
    """The items that move, as numbers in the order of their keys.

    Attributes:
        items: the items.
        needs: (a, b) where a needs b.
        rehearsals: (a, b) where a is production and b comes before it, in one family.
        stays: (item, what it needs and that does not move).
        ignored: edges without two known ends.
    """

    items: tuple[Item, ...]
    needs: tuple[Pair, ...]
    rehearsals: tuple[Pair, ...]
    stays: tuple[tuple[int, tuple[Item, ...]], ...]
    ignored: int

    def names(self, numbers: Sequence[int]) -> str:
        """Some items by name, the first of many."""
        shown = ", ".join(self.items[n].title for n in numbers[:_SHOWN])
        more = len(numbers) - _SHOWN
        return f"{shown} and {more:,} more" if more > 0 else shown


def ordered(items: Iterable[Item], edges: Iterable[Edge], *, test_first: bool) -> Ordered:
    """Number the items that move, and what lies between them.

    Raises:
        ValueError: two items have the same key.
    """
    known: dict[str, Item] = {}
    for item in items:
        if known.setdefault(item.key, item) is not item:
            raise ValueError(f"two items have the key {item.key}")
    moving = tuple(sorted((i for i in known.values() if i.moves), key=lambda i: i.key))
    numbers = {item.key: n for n, item in enumerate(moving)}
    needs: set[Pair] = set()
    stays: dict[int, set[str]] = defaultdict(set)
    ignored = 0
    for edge in edges:
        if edge.source == edge.target or edge.source not in known or edge.target not in known:
            ignored += 1
        elif edge.source in numbers and edge.target in numbers:
            needs.add((numbers[edge.source], numbers[edge.target]))
        elif edge.source in numbers:
            stays[numbers[edge.source]].add(edge.target)
    rehearsals = _rehearsals(moving) if test_first else ()
    kept = tuple((n, tuple(known[k] for k in sorted(keys))) for n, keys in sorted(stays.items()))
    return Ordered(moving, tuple(sorted(needs)), rehearsals, kept, ignored)


def _rehearsals(items: Sequence[Item]) -> tuple[Pair, ...]:
    families: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for n, item in enumerate(items):
        if item.family and item.environment is Environment.PRODUCTION:
            families[item.family][0].append(n)
        elif item.family and item.environment in REHEARSALS:
            families[item.family][1].append(n)
    return tuple(sorted((p, t) for prod, tests in families.values() for p in prod for t in tests))


@dataclass(frozen=True, slots=True)
class Units:
    """Items that move as one.

    Attributes:
        members: of each unit, in order of their numbers.
        unit_of: the unit of each item.
        two_way: of each item, those it needs and that need it, itself included.
        before: of each unit, (unit, waves that lie between at least, item, its counterpart).
    """

    members: tuple[tuple[int, ...], ...]
    unit_of: tuple[int, ...]
    two_way: tuple[tuple[int, ...], ...]
    before: tuple[tuple[tuple[int, int, int, int], ...], ...]


def units(of: Ordered) -> Units:
    """Join what cannot be moved apart. An order of environments that contradicts dependencies is
    left out: the plan finds out whether it is kept nevertheless.
    """
    size = len(of.items)
    circles = components(size, of.needs)
    two_way: list[tuple[int, ...]] = [()] * size
    for circle in circles:
        for n in circle:
            two_way[n] = circle
    words: dict[str, list[int]] = defaultdict(list)
    for n, item in enumerate(of.items):
        if item.together:
            words[item.together].append(n)
    tied = [p for w in words.values() for a, b in pairwise(w) for p in _both(a, b)]
    members = components(size, [*of.needs, *tied])
    unit_of = [0] * size
    for u, group in enumerate(members):
        for n in group:
            unit_of[n] = u
    loose = [(unit_of[a], unit_of[b], 0, a, b) for a, b in of.needs]
    strict = [(unit_of[a], unit_of[b], 1, a, b) for a, b in of.rehearsals]
    knot_of = [0] * len(members)
    pairs = [(u, v) for u, v, *_ in (*loose, *strict) if u != v]
    for knot, group in enumerate(components(len(members), pairs)):
        for u in group:
            knot_of[u] = knot
    before: list[dict[Pair, tuple[int, int, int, int]]] = [{} for _ in members]
    for u, v, lag, a, b in (*loose, *strict):
        if u != v and not (lag and knot_of[u] == knot_of[v]):
            before[u].setdefault((v, lag), (v, lag, a, b))
    return Units(
        tuple(members),
        tuple(unit_of),
        tuple(two_way),
        tuple(tuple(held[k] for k in sorted(held)) for held in before),
    )


def components(size: int, pairs: Sequence[Pair]) -> list[tuple[int, ...]]:
    """The strongly connected components of `size` nodes, by their smallest member."""
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from([None] * size)
    graph.add_edges_from_no_data(list(pairs))
    found = rustworkx.strongly_connected_components(graph)
    return sorted(tuple(sorted(component)) for component in found)


def _both(a: int, b: int) -> tuple[Pair, Pair]:
    return (a, b), (b, a)
