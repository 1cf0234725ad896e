"""Reading dependencies: the list, and what surrounds one asset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.kit.pagination import Page

DEPENDENCIES: Final = Listing(
    columns="x.id, x.from_asset_id, s.name as from_name, x.to_asset_id, t.name as to_name, x.kind,"
    " x.port, x.protocol, x.confidence / 1000.0 as confidence, x.observations, x.evidence,"
    " x.status",
    source="app.dependencies x join app.assets s on s.id = x.from_asset_id"
    " join app.assets t on t.id = x.to_asset_id and t.engagement_id = :engagement_id"
    " where x.engagement_id = :engagement_id and s.engagement_id = :engagement_id",
    filters={
        "q": "s.name_key like :q or t.name_key like :q",
        "kind": "x.kind = :kind",
        "status": "x.status = :status",
        "environment": "s.environment = :environment",
    },
    facets={"kind": "x.kind", "status": "x.status", "environment": "s.environment"},
    sorts={
        "from": ("s.name_key", "text"),
        "to": ("t.name_key", "text"),
        "kind": ('x.kind collate "C"', "text"),
        "confidence": ("x.confidence", "bigint"),
        "observations": ("x.observations", "bigint"),
    },
    order="from",
)


class DependencyRow(BaseModel):
    """One edge: `from` needs `to`.

    Attributes:
        confidence: 0 to 1.
        evidence: where the edge came from.
        port: 0 where none is known.
    """

    id: UUID
    from_asset_id: UUID
    from_name: str
    to_asset_id: UUID
    to_name: str
    kind: str
    port: int
    protocol: str
    confidence: float
    observations: int
    evidence: list[Any]
    status: str


def dependencies(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> Page[DependencyRow]:
    """A page of the edges."""
    page = DEPENDENCIES.page(session, engagement_id, wanted)
    return Page([DependencyRow(**r) for r in page.items], page.next)


def count_dependencies(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> int:
    """How many edges the filters leave."""
    return DEPENDENCIES.total(session, engagement_id, wanted)


def dependency_facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What the edges can be narrowed by."""
    return DEPENDENCIES.counts(session, engagement_id, wanted)


def around(
    session: TenantSession, engagement_id: UUID, asset_id: UUID, limit: int = 200
) -> list[DependencyRow]:
    """The edges that begin or end at one asset, the surest first."""
    rows = session.execute(
        text(
            f"select {DEPENDENCIES.columns} from {DEPENDENCIES.source}"
            " and (x.from_asset_id = :asset_id or x.to_asset_id = :asset_id)"
            " order by x.confidence desc, x.kind, s.name, t.name limit :limit"
        ),
        {"engagement_id": engagement_id, "asset_id": asset_id, "limit": limit},
    )
    return [DependencyRow(**r) for r in rows.mappings()]
