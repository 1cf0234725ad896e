"""Why an attribute of an asset has its value."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import DecidedBy, Given, Grounds, decided
from landbridge.discovery.inventory.edit_queries import HandValue
from landbridge.discovery.inventory.models import Asset, AssetConflict
from landbridge.discovery.inventory.queries import AssetDetail, asset
from landbridge.discovery.inventory.rule_words import type_rule, value_rule
from landbridge.discovery.inventory.service import provenance
from landbridge.discovery.inventory.stated import stated, stated_rows
from landbridge.errors.common import NotFound

TYPE: Final = "asset_type"


def attribute(session: TenantSession, engagement_id: UUID, asset_id: UUID, name: str) -> Grounds:
    """Why an attribute has its value.

    Raises:
        NotFound: the engagement has no such asset, or the asset no such attribute.
    """
    found = asset(session, engagement_id, asset_id)
    if name == TYPE:
        return _type(session, engagement_id, found)
    origin = next(
        (p for p in provenance(session, engagement_id, asset_id) if p.attribute == name), None
    )
    if origin is None:
        raise NotFound
    value = found.attributes.get(name)
    return Grounds(
        id=asset_id,
        of=name,
        kind="attribute",
        engagement_id=engagement_id,
        title=f"{name} of {found.name}",
        says=_text(value),
        rule=value_rule(origin.rule),
        inputs=[
            Given(name=name, value=value, id=None, rows=stated_rows(session, name, origin.sources))
        ],
        date=_changed(session, asset_id),
        dated="The asset last changed",
        decision=_decision(session, asset_id, name, origin.by_hand),
    )


def _type(session: TenantSession, engagement_id: UUID, found: AssetDetail) -> Grounds:
    looked_at = ("asset_type", "is_virtual", "host_system", "manufacturer", "model", "os_name")
    rule = found.provenance.get("asset_type") or "default.server"
    return Grounds(
        id=found.id,
        of=TYPE,
        kind="attribute",
        engagement_id=engagement_id,
        title=f"{TYPE} of {found.name}",
        says=found.asset_type,
        rule=type_rule(rule),
        inputs=stated(session, engagement_id, found.id, looked_at[1:]),
        date=_changed(session, found.id),
        dated="The asset last changed",
    )


def _changed(session: TenantSession, asset_id: UUID) -> Any:
    return session.execute(select(Asset.updated_at).where(Asset.id == asset_id)).scalar_one()


def _decision(
    session: TenantSession, asset_id: UUID, name: str, hand: HandValue | None
) -> DecidedBy | None:
    if hand is not None:
        return decided(session, hand.by, hand.at, hand.value, hand.reason)
    conflict = session.scalar(
        select(AssetConflict).where(
            AssetConflict.asset_id == asset_id,
            AssetConflict.attribute == name,
            AssetConflict.decided_at.is_not(None),
        )
    )
    if conflict is None or conflict.chosen is None:
        return None
    chosen = conflict.chosen.get("value")
    return decided(session, conflict.decided_by, conflict.decided_at, chosen, None)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
