"""Why something moves in its wave."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.assessment.sixr.strategies import MEANING, Strategy
from landbridge.assessment.waves.queries import plan_of
from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import AppliedRule, Explainer, Given, Grounds, engagement_in
from landbridge.errors.common import NotFound

TITLES: Final = {
    "does_not_move": "What is retained or retired does not move",
    "pinned": "A person chose the wave",
    "dependency": "What is needed moves earlier, or in the same wave",
    "test_first": "Test environments move before production",
    "critical_not_first": "Nothing highly critical moves in a pilot",
    "not_before": "It must not move before a day",
    "blackout": "Nothing moves during a freeze",
    "capacity": "Waves have room for so many assets",
    "earliest": "Nothing holds it back",
    "needed_by_pinned": "Something with a chosen wave waits for it",
    "two_way": "What needs each other moves together",
    "together": "It stays together with others",
}
WORDS: Final = (
    "Everything moves in the earliest wave that all of these allow: what it needs moves earlier or "
    "in the same wave, what needs each other moves together, test moves before production, nothing "
    "highly critical moves in pilots, nothing moves in a freeze, and waves have limited room. What "
    "is retained or retired does not move."
)
SHOWN: Final = 20
_ITEM: Final = text(
    "select i.*, w.number from app.wave_items i join app.waves w on w.id = i.wave_id"
    " where i.id = :id and i.engagement_id = :e"
)
_ABOUT: Final = text(
    "select i.id, i.name, w.number from app.wave_items i join app.waves w on w.id = i.wave_id"
    " where i.id = any(:ids) order by i.name_key, i.id limit :limit"
)
_NEEDS: Final = text(
    "select d.id, a.name as needs, b.name as needed from app.wave_assets s"
    " join app.dependencies d on d.from_asset_id = s.asset_id and d.status <> 'rejected'"
    " join app.wave_assets t on t.asset_id = d.to_asset_id and t.item_id = any(:ids)"
    " join app.assets a on a.id = d.from_asset_id join app.assets b on b.id = d.to_asset_id"
    " where s.item_id = :id and d.engagement_id = :e and d.kind in ('depends_on', 'connects_to')"
    " order by a.name_key, b.name_key, d.id limit :limit"
)
_STRATEGY: Final = text(
    "select id from app.recommendations where engagement_id = :e and subject = :subject"
)


def _item(session: TenantSession, engagement_id: UUID, asked: UUID, of: str | None) -> Grounds:
    row = session.execute(_ITEM, {"id": asked, "e": engagement_id}).one_or_none()
    made = plan_of(session, engagement_id)
    if of is not None or row is None or made is None:
        raise NotFound
    about = [UUID(i) for r in row.reasons for i in r["about"] if UUID(i) != asked]
    first = row.reasons[0]["code"] if row.reasons else "earliest"
    named = {"ids": about, "id": asked, "e": engagement_id, "limit": SHOWN}
    return Grounds(
        id=asked,
        kind="wave",
        engagement_id=engagement_id,
        title=f"Wave of {row.name}",
        says=f"It moves in wave {row.number}." if row.number else "It does not move.",
        rule=AppliedRule(id=f"wave.{first}", title=TITLES[first], words=WORDS),
        inputs=[
            *(Given(name=r["code"], words=f"{r['text']}.") for r in row.reasons),
            *(
                Given(name="other", value=f"{o.name}: wave {o.number}", id=o.id)
                for o in session.execute(_ABOUT, named)
            ),
            *(
                Given(name="needs", value=f"{d.needs} needs {d.needed}", id=d.id)
                for d in session.execute(_NEEDS, named)
            ),
            *_strategy(session, engagement_id, row.application_id or row.asset_id, row.strategy),
            Given(name="assets", value=row.assets, words="Assets that move as one."),
            Given(name="criticality", value=row.criticality, words="The highest that is known."),
            Given(name="environment", value=row.environment),
            *(
                Given(name=name, value=value, words="A setting of the plan.")
                for name, value in made.settings.model_dump(mode="json").items()
            ),
        ],
        date=made.made_at,
        dated="Planned",
    )


def _strategy(
    session: TenantSession, engagement_id: UUID, subject: UUID, strategy: str | None
) -> list[Given]:
    if strategy is None:
        return [Given(name="strategy", words="Not known, so it counts as moving.")]
    named = {"e": engagement_id, "subject": subject}
    found = session.execute(_STRATEGY, named).scalar_one_or_none()
    return [Given(name="strategy", value=strategy, words=MEANING[Strategy(strategy)], id=found)]


EXPLAINER: Final = Explainer("wave", engagement_in("wave_items"), _item)
