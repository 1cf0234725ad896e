"""Where the nodes of a map are drawn: each connected part by springs, the parts in rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Final

import rustworkx

APART: Final = 90.0
"""Pixels between neighbours, about; a name below each node has to fit."""
BESIDE: Final = 110.0
"""Pixels between two connected parts."""
ASPECT: Final = 1.7
"""Width of the whole against its height."""
ROUND: Final = 12
"""Nodes up to which a part keeps its round shape; a larger one takes the shape of the whole."""
SEED: Final = 7
ROUNDS: Final = 200

Places = dict[int, tuple[float, float]]


def circles(count: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """Of each node, which set it belongs to whose nodes all need each other: 1 for the largest;
    0 where it is in none.
    """
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * count)
    graph.add_edges_from_no_data(list(edges))
    sets = [sorted(s) for s in rustworkx.strongly_connected_components(graph) if len(s) > 1]
    found = [0] * count
    for number, members in enumerate(sorted(sets, key=lambda s: (-len(s), s)), start=1):
        for node in members:
            found[node] = number
    return found


def places(count: int, edges: Iterable[tuple[int, int]]) -> list[tuple[float, float]]:
    """Where to draw the nodes 0 … count - 1, in pixels. The same edges give the same places.

    Each connected part is laid out by the springs of Fruchterman and Reingold (Software:
    Practice and Experience 21(11), 1991); the parts stand in rows, the largest first.
    """
    graph: rustworkx.PyGraph[None, None] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * count)
    graph.add_edges_from_no_data(list(edges))
    parts = sorted(
        (sorted(part) for part in rustworkx.connected_components(graph)),
        key=lambda part: (-len(part), part),
    )
    return _rows([_part(graph, part) for part in parts], count)


def _part(graph: rustworkx.PyGraph[None, None], nodes: Sequence[int]) -> Places:
    """One part with its upper left corner at 0, 0."""
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    # The layout fills the square from -1 to 1.
    half = APART * sqrt(len(nodes)) / 2
    laid = rustworkx.spring_layout(graph.subgraph(list(nodes)), seed=SEED, num_iter=ROUNDS)
    found = {nodes[n]: (half * p[0], half * p[1]) for n, p in laid.items()}
    left, top = (min(p[axis] for p in found.values()) for axis in (0, 1))
    wide = sqrt(ASPECT) if len(nodes) > ROUND else 1.0
    return {n: ((x - left) * wide, (y - top) / wide) for n, (x, y) in found.items()}


def _rows(parts: Sequence[Places], count: int) -> list[tuple[float, float]]:
    """Parts side by side until a row is full."""
    sizes = [tuple(max(p[axis] for p in part.values()) for axis in (0, 1)) for part in parts]
    area = sum((w + BESIDE) * (h + BESIDE) for w, h in sizes)
    width = max([sqrt(area * ASPECT), *(w for w, _ in sizes)])
    found: list[tuple[float, float]] = [(0.0, 0.0)] * count
    x = y = row = 0.0
    for part, (w, h) in zip(parts, sizes, strict=True):
        if x and x + w > width:
            x, y, row = 0.0, y + row + BESIDE, 0.0
        for node, (px, py) in part.items():
            found[node] = (round(x + px, 1), round(y + py, 1))
        x, row = x + w + BESIDE, max(row, h)
    return found
