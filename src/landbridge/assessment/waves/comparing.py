"""What if: another plan beside the stored one, without storing it."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.assessment.waves.planning import Planned, planned
from landbridge.assessment.waves.settings import WaveSettings
from landbridge.database.session import TenantSession

SHOWN: Final = 200
"""Waves, violations and moved items listed; all are counted."""
_NOW: Final = text(
    "select coalesce(i.application_id, i.asset_id) || '/' || i.environment as key, w.number"
    " from app.wave_items i join app.waves w on w.id = i.wave_id where i.engagement_id = :e"
)


class TriedWave(BaseModel):
    """A wave of a plan that is not stored."""

    number: int
    items: int
    assets: int
    first_day: date | None
    last_day: date | None


class TriedViolation(BaseModel):
    """What such a plan could not keep."""

    code: str
    text: str


class MovedItem(BaseModel):
    """An item that would move in another wave; 0: it does not move, None: it is not planned."""

    name: str
    now: int | None
    then: int | None


class Compared(BaseModel):
    """Another plan beside the stored one.

    Attributes:
        settings: what it was made with.
        hash: of this plan; the stored one's is the same when nothing would change.
        waves_total, items, staying, violations_total: of this plan.
        waves, violations, moved: the first SHOWN of each.
        earlier, later: items that would move in an earlier or later wave than now.
        other: items of which only one of the plans says that they move.
    """

    settings: WaveSettings
    hash: str
    items: int
    staying: int
    waves_total: int
    waves: list[TriedWave]
    violations_total: int
    violations: list[TriedViolation]
    earlier: int
    later: int
    other: int
    moved: list[MovedItem]


def what_if(session: TenantSession, engagement_id: UUID, settings: WaveSettings) -> Compared:
    """Plan with other settings and compare with the stored plan. Nothing is written."""
    tried = planned(session, engagement_id, settings)
    now = {r.key: r.number for r in session.execute(_NOW, {"e": engagement_id})}
    return _compared(tried, now)


def _compared(tried: Planned, now: dict[str, int]) -> Compared:
    earlier = later = other = 0
    moved: list[MovedItem] = []
    for p in tried.plan.placements if now else ():
        before = now.get(p.key)
        if before == p.wave:
            continue
        if before and p.wave:
            earlier += p.wave < before
            later += p.wave > before
        else:
            other += 1
        if len(moved) < SHOWN:
            name = tried.estate.subjects[p.key].name
            moved.append(MovedItem(name=name, now=before, then=p.wave))
    made = tried.plan
    return Compared(
        settings=tried.settings,
        hash=tried.hash,
        items=len(made.placements),
        staying=tried.staying,
        waves_total=len(made.waves),
        waves=[
            TriedWave(
                number=w.number, items=w.items, assets=w.size, first_day=w.first, last_day=w.last
            )
            for w in made.waves[:SHOWN]
        ],
        violations_total=len(made.violations),
        violations=[
            TriedViolation(code=v.code.value, text=v.text) for v in made.violations[:SHOWN]
        ],
        earlier=earlier,
        later=later,
        other=other,
        moved=moved,
    )
