"""What people do with dependencies: confirm, reject, and see what hangs together."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select, text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies import graph, repository
from landbridge.discovery.dependencies.models import Dependency
from landbridge.errors.common import NotFound


class AssetName(BaseModel):
    """An asset, by id and name."""

    id: UUID
    name: str


def decide(
    session: TenantSession,
    engagement_id: UUID,
    dependency_id: UUID,
    status: Literal["suggested", "confirmed", "rejected"],
) -> Dependency:
    """Confirm or reject an edge, or take a decision back. Imports never change it.

    Raises:
        NotFound: the engagement has no such edge.
    """
    found = session.scalar(
        select(Dependency)
        .where(Dependency.id == dependency_id, Dependency.engagement_id == engagement_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    found.status = status
    session.flush()
    return found


def cycles(session: TenantSession, engagement_id: UUID) -> list[list[AssetName]]:
    """Sets of assets of which each needs all others, largest first."""
    return _named(session, graph.cycles(repository.bonds_of(session, engagement_id)))


def groups(session: TenantSession, engagement_id: UUID) -> list[list[AssetName]]:
    """Candidates for moving together, largest first; shared services hold none together."""
    return _named(session, graph.groups(repository.bonds_of(session, engagement_id)))


def _named(session: TenantSession, sets: list[list[UUID]]) -> list[list[AssetName]]:
    ids = [asset for members in sets for asset in members]
    rows = session.execute(
        text("select id, name from app.assets where id = any(:ids)"), {"ids": ids}
    )
    names = {row.id: row.name for row in rows}
    return [[AssetName(id=a, name=names[a]) for a in members] for members in sets]
