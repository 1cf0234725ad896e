"""The map of dependencies: nodes with their places, and the edges between them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from landbridge.api.auth import CanView
from landbridge.api.schemas import PREFIX, problems
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.dependency_map.drawing import draw
from landbridge.discovery.dependency_map.model import (
    DEPTH,
    NODES,
    DependencyMap,
    Level,
    MapWanted,
)

router = APIRouter(prefix=PREFIX, tags=["inventory"], responses=problems())

What = Annotated[Level, Query(description="What a node stands for.")]
Around = Annotated[
    UUID | None, Query(description="Only what surrounds this asset, application or move group.")
]
Depth = Annotated[int, Query(ge=1, le=DEPTH, description="Steps from an asset.")]
Place = Annotated[
    str, Query(max_length=200, description="Only edges with an end in this environment.")
]
Sure = Annotated[
    float, Query(ge=0, le=1, description="Only edges of at least this confidence, 0 to 1.")
]
Limit = Annotated[int, Query(ge=1, le=NODES, description="Nodes at most, the most connected.")]


@router.get("/dependency-map", summary="The map of dependencies")
def show_map(
    context: CanView,
    level: What = Level.APPLICATION,
    around: Around = None,
    depth: Depth = 1,
    kind: DependencyKind | None = None,
    environment: Place = "",
    confidence: Sure = 0,
    limit: Limit = NODES,
) -> DependencyMap:
    """The whole by applications, move groups or assets; or what surrounds one of them. Edges that
    somebody rejected are not in it.
    """
    wanted = MapWanted(level, around, depth, kind, environment, round(1000 * confidence), limit)
    return draw(context.session, context.engagement_id, wanted)
