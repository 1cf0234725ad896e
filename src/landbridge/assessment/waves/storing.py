"""Writing the plan of an engagement; it replaces the one before."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.assessment.waves.models import WavePlan
from landbridge.assessment.waves.planning import Planned
from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.graph.wave_model import Violation
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.kit.ids import new_id

MOST_VIOLATIONS: Final = 1_000
"""Violations kept with a plan; all are counted."""
MOST_KEYS: Final = 20
"""Items named with a violation."""
_WAVE: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("plan_id", "uuid"), ("number", "int")),
    *(("items", "int"), ("assets", "int"), ("first_day", "date"), ("last_day", "date")),
)
_ITEM: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("wave_id", "uuid"), ("application_id", "uuid")),
    *(("asset_id", "uuid"), ("environment", "text"), ("name", "text"), ("name_key", "text")),
    *(("assets", "int"), ("criticality", "text"), ("strategy", "text"), ("unit", "text")),
    ("reasons", "jsonb"),
)
_ASSET: Final = (("item_id", "uuid"), ("asset_id", "uuid"))


def replace(session: TenantSession, engagement_id: UUID, flow_id: UUID, done: Planned) -> WavePlan:
    """Write a plan in place of what was there.

    Args:
        session: the transaction.
        engagement_id: whose plan.
        flow_id: the flow that made it.
        done: the plan.
    """
    session.execute(
        text("delete from app.wave_plans where engagement_id = :e"), {"e": engagement_id}
    )
    made, subjects = done.plan, done.estate.subjects
    ids = {p.key: new_id() for p in made.placements}
    row = WavePlan(
        id=new_id(),
        engagement_id=engagement_id,
        flow_id=flow_id,
        settings=done.settings.model_dump(mode="json"),
        hash=done.hash,
        waves=len(made.waves),
        items=len(made.placements),
        assets=sum(len(s.assets) for s in subjects.values()),
        staying=done.staying,
        edges=len(done.estate.edges),
        violations=[_violation(v, ids) for v in made.violations[:MOST_VIOLATIONS]],
        violations_total=len(made.violations),
    )
    session.add(row)
    session.flush()
    waves: dict[int, tuple[Any, ...]] = {
        w.number: (new_id(), engagement_id, row.id, w.number, w.items, w.size, w.first, w.last)
        for w in made.waves
    }
    if done.staying:
        size = sum(len(subjects[p.key].assets) for p in made.placements if p.wave == 0)
        waves[0] = (new_id(), engagement_id, row.id, 0, done.staying, size, None, None)
    bulk.insert(session, "waves", _WAVE, waves.values())
    items = []
    for p in made.placements:
        s = subjects[p.key]
        reasons = [
            {"code": r.code.value, "text": r.text, "about": [str(ids[k]) for k in r.about]}
            for r in p.reasons
        ]
        what = (s.application_id, s.asset_id, s.environment, s.name, s.name.casefold())
        more = (len(s.assets), s.criticality, s.strategy, p.unit, storable(packed(reasons)))
        items.append((ids[p.key], engagement_id, waves[p.wave][0], *what, *more))
    bulk.insert(session, "wave_items", _ITEM, items)
    held = ((ids[key], asset) for key, s in subjects.items() for asset in s.assets)
    bulk.insert(session, "wave_assets", _ASSET, held)
    return row


def _violation(v: Violation, ids: dict[str, UUID]) -> dict[str, Any]:
    return {
        "code": v.code.value,
        "text": v.text,
        "items": [str(ids[k]) for k in v.keys[:MOST_KEYS] if k in ids],
    }
