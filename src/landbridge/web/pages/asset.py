"""One asset: everything known about it, and where each value comes from."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from landbridge.discovery.cleansing.reports import ValueLineage
from landbridge.discovery.cleansing.service import lineage
from landbridge.discovery.dependencies import queries as dependencies
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.inventory import service as origins
from landbridge.discovery.inventory.edit_queries import set_by_hand
from landbridge.discovery.inventory.service import Source
from landbridge.discovery.techdebt import queries as techdebt
from landbridge.discovery.techdebt import service as debts
from landbridge.discovery.techdebt.sizing.queries import SizeRow, size_of
from landbridge.discovery.techdebt.sizing.settings import settings_of
from landbridge.errors.common import NotFound
from landbridge.web.attributes import chosen_by, custom, groups
from landbridge.web.context import ROOT, EngagementPage, View
from landbridge.web.rendering import fragment
from landbridge.web.words import words

router = APIRouter(prefix=ROOT, include_in_schema=False)
_SIZED: Final = frozenset({"server", "virtual_machine"})


@router.get("/inventory/{asset_id}")
def show_asset(page: View, asset_id: UUID) -> HTMLResponse:
    """Everything known about one asset, and where it came from."""
    asset = inventory.asset(page.session, page.engagement_id, asset_id)
    edges = dependencies.around(page.session, page.engagement_id, asset_id)
    return page.show(
        "pages/asset.html",
        ("Inventory", page.place.url("inventory")),
        (asset.name, page.request.url.path),
        section="inventory",
        asset=asset,
        groups=groups(asset),
        by_hand=list(set_by_hand(page.session, asset_id).values()),
        custom=custom(asset.attributes),
        custom_of=custom,
        score=debts.score_of(page.session, page.engagement_id, asset_id),
        edges_out=[e for e in edges if e.from_asset_id == asset_id],
        edges_in=[e for e in edges if e.to_asset_id == asset_id],
        findings=techdebt.findings_of(page.session, page.engagement_id, asset_id),
        size=_size(page, asset_id) if asset.asset_type in _SIZED else None,
    )


@router.get("/inventory/{asset_id}/origin/{attribute}")
def show_origin(page: View, asset_id: UUID, attribute: str) -> HTMLResponse:
    """Where one value comes from: the rows that state it, their texts, and the rules applied."""
    found = origins.provenance(page.session, page.engagement_id, asset_id)
    origin = next((p for p in found if p.attribute == attribute), None)
    if origin is None:
        raise NotFound
    asset = inventory.asset(page.session, page.engagement_id, asset_id)
    told = [(s, _lineage(page, s, attribute)) for s in origin.sources]
    shown: dict[str, Any] = {
        "asset": asset,
        "attribute": attribute,
        "chosen_by": chosen_by(origin.rule),
        "told": told,
        "by_hand": origin.by_hand,
    }
    if page.request.headers.get("hx-request") == "true":
        return HTMLResponse(fragment("parts/origin.html", place=page.place, **shown))
    return page.show(
        "pages/origin.html",
        ("Inventory", page.place.url("inventory")),
        (asset.name, page.place.url(f"inventory/{asset_id}")),
        (words(attribute), page.request.url.path),
        section="inventory",
        **shown,
    )


def _size(page: EngagementPage, asset_id: UUID) -> SizeRow:
    chosen = settings_of(page.session, page.engagement_id)
    return size_of(page.session, page.engagement_id, asset_id, chosen)


def _lineage(page: EngagementPage, source: Source, attribute: str) -> list[ValueLineage]:
    """How the text of one source row became the value; nothing once the row is gone."""
    try:
        return lineage(page.session, source.import_table_id, source.row, attribute)
    except NotFound:
        return []
