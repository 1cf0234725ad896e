"""Reading the plan of an engagement: its waves, their items and assets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.assessment.waves.settings import WaveSettings
from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

WAVES: Final = Listing(
    columns="x.id, x.number, x.items, x.assets, x.first_day, x.last_day",
    source="app.waves x where x.engagement_id = :engagement_id",
    filters={},
    sorts={"number": ("x.number", "bigint"), "assets": ("x.assets", "bigint")},
    order="number",
)
ITEMS: Final = Listing(
    columns="x.id, x.application_id, x.asset_id, p.name as application, x.name, x.environment,"
    " x.assets, x.criticality, x.strategy, x.reasons",
    source="app.wave_items x left join app.applications p on p.id = x.application_id"
    " where x.wave_id = :wave_id and x.engagement_id = :engagement_id",
    filters={"q": "x.name_key like :q"},
    sorts={"name": ("x.name_key", "text"), "assets": ("x.assets", "bigint")},
    order="name",
)
ASSETS: Final = Listing(
    columns="x.id, x.name, x.asset_type, x.environment, i.id as item_id, i.name as item",
    source="app.wave_items i join app.wave_assets l on l.item_id = i.id"
    " join app.assets x on x.id = l.asset_id"
    " where i.wave_id = :wave_id and x.engagement_id = :engagement_id",
    filters={"q": "x.name_key like :q"},
    sorts={"name": ("x.name_key", "text")},
    order="name",
)
_PLAN: Final = text(
    "select id, flow_id, settings, hash, waves, items, assets, staying, edges, violations,"
    " violations_total, made_at from app.wave_plans where engagement_id = :e"
)
_WAVE: Final = text(f"select {WAVES.columns} from {WAVES.source} and x.id = :id")


class WaveReason(BaseModel):
    """Why an item is in its wave; `about` are ids of other items."""

    code: str
    text: str
    about: list[UUID] = []


class WaveViolation(BaseModel):
    """What was asked for and cannot be had, and ids of the first items meant."""

    code: str
    text: str
    items: list[UUID] = []


class WavePlanRow(BaseModel):
    """The plan of an engagement.

    Attributes:
        settings: what it was made with.
        hash: equal plans have equal ones.
        waves: in which something moves.
        items: environments of applications, and assets without application.
        staying: items that do not move.
        edges: pairs of items of which one needs the other.
        violations: the first 1,000.
    """

    id: UUID
    flow_id: UUID
    settings: WaveSettings
    hash: str
    waves: int
    items: int
    assets: int
    staying: int
    edges: int
    violations: list[WaveViolation]
    violations_total: int
    made_at: datetime


class WaveRow(BaseModel):
    """A wave; number 0 holds what does not move."""

    id: UUID
    number: int
    items: int
    assets: int
    first_day: date | None
    last_day: date | None


class WaveItemRow(BaseModel):
    """An environment of an application, or an asset without application, and why it moves then.

    Attributes:
        application: its name; None of an asset.
        strategy: decided or recommended when the plan was made.
        reasons: the first decided the wave.
    """

    id: UUID
    application_id: UUID | None
    asset_id: UUID | None
    application: str | None
    name: str
    environment: str
    assets: int
    criticality: str | None
    strategy: str | None
    reasons: list[WaveReason]


class WaveAssetRow(BaseModel):
    """An asset of a wave, and the item it belongs to."""

    id: UUID
    name: str
    asset_type: str
    environment: str
    item_id: UUID
    item: str


def plan_of(session: TenantSession, engagement_id: UUID) -> WavePlanRow | None:
    """The plan; None before the first."""
    row = session.execute(_PLAN, {"e": engagement_id}).mappings().one_or_none()
    return WavePlanRow(**row) if row else None


def waves(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[WaveRow]:
    """A page of the waves."""
    page = WAVES.page(session, engagement_id, wanted)
    return Page([WaveRow(**r) for r in page.items], page.next)


def wave(session: TenantSession, engagement_id: UUID, wave_id: UUID) -> WaveRow:
    """One wave.

    Raises:
        NotFound: the engagement has none of this id.
    """
    named = {"engagement_id": engagement_id, "id": wave_id}
    row = session.execute(_WAVE, named).mappings().one_or_none()
    if row is None:
        raise NotFound
    return WaveRow(**row)


def items(
    session: TenantSession, engagement_id: UUID, wave_id: UUID, wanted: Wanted
) -> Page[WaveItemRow]:
    """A page of what moves in a wave, with reasons."""
    page = ITEMS.page(session, engagement_id, wanted, wave_id=wave_id)
    return Page([WaveItemRow(**r) for r in page.items], page.next)


def assets(
    session: TenantSession, engagement_id: UUID, wave_id: UUID, wanted: Wanted
) -> Page[WaveAssetRow]:
    """A page of the assets of a wave."""
    page = ASSETS.page(session, engagement_id, wanted, wave_id=wave_id)
    return Page([WaveAssetRow(**r) for r in page.items], page.next)
