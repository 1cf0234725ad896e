"""One hash over everything an inventory says: equal for equal content."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession

_AT_ONCE: Final = 10_000
_CONTENT: Final = (
    "select id::text, encode(content_hash, 'hex') from app.assets"
    " where engagement_id = :e order by id",
    "select k.asset_id::text, k.kind, k.value from app.asset_keys k"
    " where k.engagement_id = :e order by k.asset_id, k.kind, k.value",
    "select asset_id::text, attribute, status, chosen::text from app.asset_conflicts"
    " where engagement_id = :e order by asset_id, attribute",
    "select name_key, name, attributes::text from app.applications"
    " where engagement_id = :e order by name_key",
    "select p.name_key, l.asset_id::text from app.application_assets l"
    " join app.applications p on p.id = l.application_id where p.engagement_id = :e"
    " order by p.name_key, l.asset_id",
    "select from_asset_id::text, to_asset_id::text, kind, port, protocol, confidence,"
    " observations, status from app.dependencies where engagement_id = :e"
    " order by from_asset_id, to_asset_id, kind, port, protocol",
)


def inventory_hash(session: TenantSession, engagement_id: UUID) -> str:
    """SHA-256 over assets, their keys and conflicts, applications and dependencies, in a fixed
    order. When things were seen or written, and by which import, does not count.
    """
    total = hashlib.sha256()
    for query in _CONTENT:
        rows = session.execute(
            text(query).execution_options(yield_per=_AT_ONCE), {"e": engagement_id}
        )
        for row in rows:
            total.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        total.update(b"\0")
    return total.hexdigest()
