"""What a map of dependencies holds, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from landbridge.discovery.dependencies.kinds import DependencyKind

NODES: Final = 300
"""Nodes a map draws at most: more can be neither read nor told apart."""
EDGES: Final = 2_000
"""Edges a map draws at most, the most often stated ones first."""
DEPTH: Final = 3
"""Steps from an asset that a neighbourhood reaches at most."""


class Level(StrEnum):
    """What one node stands for."""

    APPLICATION = "application"  # its assets; an asset without one stands for itself
    GROUP = "group"  # the assets that move together
    ASSET = "asset"


@dataclass(frozen=True, slots=True)
class MapWanted:
    """What to draw.

    Attributes:
        level: what nodes stand for; `around` decides it where it is given.
        around: an asset, whose neighbourhood is drawn; or an application or a group, whose
            assets are drawn one by one with what they touch.
        depth: steps from an asset, 1 to `DEPTH`.
        kind: only edges of this kind.
        environment: only edges with an end in this environment.
        sure: only edges of at least this confidence, per mille; a confirmed edge is sure.
        limit: nodes at most.
    """

    level: Level = Level.APPLICATION
    around: UUID | None = None
    depth: int = 1
    kind: DependencyKind | None = None
    environment: str = ""
    sure: int = 0
    limit: int = NODES


class MapNode(BaseModel):
    """An asset, or what stands for several.

    Attributes:
        kind: what it is: asset, application or group.
        asset_type, environment: of an asset; empty for others.
        assets: how many it stands for.
        group: number of the move group of an asset; None where it is in none.
        circle: the same number for nodes that need each other, within what is drawn; 0 for
            nodes that are in no such set.
        edges: drawn edges that begin or end at it.
        centre: whether the map was asked for around it.
        x, y: where it is drawn, in pixels of an unscaled map; y grows downwards.
    """

    id: UUID
    kind: Level
    name: str
    asset_type: str = ""
    environment: str = ""
    assets: int = 1
    group: int | None = None
    circle: int = 0
    edges: int = 0
    centre: bool = False
    x: float = 0
    y: float = 0


class MapEdge(BaseModel):
    """`source` needs `target`.

    Attributes:
        kinds: kinds of the dependencies it stands for.
        dependencies: how many it stands for.
        observations: how often these were seen or stated.
        confidence: of the surest of them, 0 to 1.
        circle: whether both ends need each other.
    """

    source: UUID
    target: UUID
    kinds: list[DependencyKind]
    dependencies: int
    observations: int
    confidence: float
    circle: bool = False


class DependencyMap(BaseModel):
    """Nodes with their places, and the edges between them.

    Attributes:
        level: what nodes stand for outside of `around`.
        around: name of what the map is around; empty for the whole.
        nodes, edges: those drawn.
        all_nodes, all_edges: those that the filters leave; what is not drawn has the fewest
            edges.
        circles: sets of drawn nodes that need each other.
    """

    level: Level
    around: str = ""
    nodes: list[MapNode]
    edges: list[MapEdge]
    all_nodes: int
    all_edges: int
    circles: int
