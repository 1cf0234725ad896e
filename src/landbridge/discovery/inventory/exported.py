"""Reading whole assets for exports, a bounded number at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession

BATCH: Final = 1_000
_ASSETS = text("""
select id, name, name_key, asset_type, attributes from app.assets
 where engagement_id = :e and (name_key, id) > (:name, :id)
 order by name_key, id limit :limit""")
_COMPONENTS = text("""
select asset_id, kind, name, attributes from app.asset_components
 where asset_id = any(:ids) order by asset_id, kind, name""")
_APPLICATIONS = text("""
select l.asset_id, p.name from app.application_assets l
  join app.applications p on p.id = l.application_id
 where l.asset_id = any(:ids) order by l.asset_id, p.name_key""")
_CONFLICTS = text("""
select asset_id, count(*) as n from app.asset_conflicts
 where asset_id = any(:ids) and status = 'open' group by asset_id""")
_DEPENDENCIES = text("""
select d.from_asset_id, t.name, d.to_asset_id, d.kind, d.port, d.protocol, d.confidence,
       d.observations, d.status
  from app.dependencies d join app.assets t on t.id = d.to_asset_id
 where d.from_asset_id = any(:ids) order by d.from_asset_id, d.kind, t.name_key, d.port""")


@dataclass(slots=True)
class ExportedAsset:
    """One asset with all that hangs on it.

    Attributes:
        components: {kind, name, attributes} of each.
        applications: names.
        dependencies: what it needs: {to, to_id, kind, port, protocol, confidence, …}.
        conflicts: number of open conflicts.
    """

    id: UUID
    name: str
    asset_type: str
    attributes: dict[str, Any]
    components: list[dict[str, Any]] = field(default_factory=list)
    applications: list[str] = field(default_factory=list)
    dependencies: list[dict[str, Any]] = field(default_factory=list)
    conflicts: int = 0


def assets(session: TenantSession, engagement_id: UUID) -> Iterator[ExportedAsset]:
    """All assets of an engagement, by name."""
    name, last = "", UUID(int=0)
    while True:
        rows = session.execute(
            _ASSETS, {"e": engagement_id, "name": name, "id": last, "limit": BATCH}
        ).all()
        if not rows:
            return
        name, last = rows[-1].name_key, rows[-1].id
        batch = {r.id: ExportedAsset(r.id, r.name, r.asset_type, r.attributes) for r in rows}
        _complete(session, batch)
        yield from batch.values()


def _complete(session: TenantSession, batch: dict[UUID, ExportedAsset]) -> None:
    ids = {"ids": list(batch)}
    for row in session.execute(_COMPONENTS, ids):
        batch[row.asset_id].components.append(
            {"kind": row.kind, "name": row.name, "attributes": row.attributes}
        )
    for row in session.execute(_APPLICATIONS, ids):
        batch[row.asset_id].applications.append(row.name)
    for row in session.execute(_CONFLICTS, ids):
        batch[row.asset_id].conflicts = row.n
    needs: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(_DEPENDENCIES, ids):
        needs[row.from_asset_id].append(
            {
                "to": row.name,
                "to_id": str(row.to_asset_id),
                "kind": row.kind,
                "port": row.port or None,
                "protocol": row.protocol or None,
                "confidence": row.confidence / 1000,
                "observations": row.observations,
                "status": row.status,
            }
        )
    for asset_id, dependencies in needs.items():
        batch[asset_id].dependencies = dependencies
