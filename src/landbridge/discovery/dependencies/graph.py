"""The graph: cycles, and groups of assets that hang together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import rustworkx

from landbridge.discovery.dependencies.kinds import DependencyKind

# Kinds in which an application's parts need each other; a shared host or cluster is no bond.
BONDS: Final = frozenset((DependencyKind.DEPENDS_ON.value, DependencyKind.CONNECTS_TO.value))
HUB_DEGREE: Final = 40
"""An asset with more neighbours serves everybody, and holds no group together."""

Edges = Iterable[tuple[UUID, UUID, str]]


def cycles(edges: Edges) -> list[list[UUID]]:
    """Sets of assets of which each needs all others, largest first; they move together."""
    graph, assets = _graph(edges)
    found = [
        sorted(assets[n] for n in component)
        for component in rustworkx.strongly_connected_components(graph)
        if len(component) > 1
    ]
    return sorted(found, key=lambda group: (-len(group), group))


def groups(edges: Edges) -> list[list[UUID]]:
    """Candidates for moving together: assets connected without passing through a hub."""
    graph, assets = _graph(edges)
    hubs = [n for n in graph.node_indices() if len(set(graph.neighbors_undirected(n))) > HUB_DEGREE]
    graph.remove_nodes_from(hubs)
    found = [
        sorted(assets[n] for n in component)
        for component in rustworkx.weakly_connected_components(graph)
        if len(component) > 1
    ]
    return sorted(found, key=lambda group: (-len(group), group))


def _graph(edges: Edges) -> tuple[rustworkx.PyDiGraph[UUID, None], dict[int, UUID]]:
    graph: rustworkx.PyDiGraph[UUID, None] = rustworkx.PyDiGraph(multigraph=False)
    nodes: dict[UUID, int] = {}
    for source, target, kind in edges:
        if kind in BONDS:
            for asset in (source, target):
                if asset not in nodes:
                    nodes[asset] = graph.add_node(asset)
            graph.add_edge(nodes[source], nodes[target], None)
    return graph, {n: a for a, n in nodes.items()}
