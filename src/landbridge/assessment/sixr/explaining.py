"""Why a strategy is recommended: the rules, what they looked at, and what is not known."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.assessment.sixr.evaluate import Check, checks
from landbridge.assessment.sixr.facts import FACTS, from_json
from landbridge.assessment.sixr.queries import RecommendationRow, recommendation
from landbridge.assessment.sixr.rulebooks import of_version
from landbridge.assessment.sixr.rules import Rule
from landbridge.assessment.sixr.strategies import MEANING, Strategy
from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import (
    AppliedRule,
    Explainer,
    Given,
    Grounds,
    decided,
    engagement_in,
)
from landbridge.discovery.inventory.stated import stated
from landbridge.errors.common import NotFound

LOOKS_AT: Final[dict[str, tuple[str, ...]]] = {
    "criticalities": ("criticality",),
    "environments": ("environment",),
    "operating_systems": ("os_name", "os_version"),
    "os_ended": ("os_name", "os_version"),
    "database_engines": ("db_engine",),
    "database_ended": ("db_engine", "software_version"),
    "stated_strategies": ("migration_strategy",),
    "share_retired": ("status",),
    "share_off": ("power_state",),
    "share_vmware": ("hypervisor",),
    "support_passed": ("end_of_life_date",),
    "owner_known": ("business_owner", "technical_owner", "support_group"),
}
"""Fact → the attributes of assets that it is made from."""
ASSETS_SHOWN: Final = 5
"""Of an application with more assets, the cells of so many are shown; each can be asked about."""
NO_RULE: Final = AppliedRule(
    id="strategy.undecided",
    title="No rule holds",
    words="No rule of the account holds for what is known, so nothing is recommended. What is not "
    "known is listed; a person can decide all the same.",
)
_ASSETS: Final = text(
    "select l.asset_id as id from app.application_assets l join app.assets a on a.id = l.asset_id"
    " where l.application_id = :application order by a.name_key, a.id limit :limit"
)
_FINDINGS: Final = text(
    "select f.id, f.title, a.name from app.findings f join app.assets a on a.id = f.asset_id"
    " where f.status = 'open' and f.code = any(:codes) and (f.asset_id = :asset or f.asset_id in"
    " (select asset_id from app.application_assets where application_id = :application))"
    " order by a.name_key, f.id limit :limit"
)
_CODES: Final = {
    "os_ended": "OS_END_OF_LIFE",
    "database_ended": "DATABASE_END_OF_LIFE",
    "support_passed": "SUPPORT_DATE_PASSED",
}


def _recommendation(
    session: TenantSession, engagement_id: UUID, asked: UUID, of: str | None
) -> Grounds:
    if of is not None:
        raise NotFound
    row = recommendation(session, engagement_id, asked)
    rules = of_version(session, row.rules_version)
    rule = rules.book.rule(row.rule) if row.rule else None
    held = checks(rule, from_json(row.facts)) if rule else []
    decision = None
    if row.decided_at is not None:
        decision = decided(
            session, row.decided_by, row.decided_at, row.decided_strategy, row.decision_reason
        )
    return Grounds(
        id=asked,
        kind="strategy",
        engagement_id=engagement_id,
        title=f"Strategy of {row.name}",
        says=_says(row),
        rule=_applied(rule, row.rules_version) if rule else NO_RULE,
        arithmetic=row.arithmetic,
        confidence=row.confidence,
        inputs=[
            *(_checked(c, row.facts) for c in held),
            *_behind(session, engagement_id, row, held),
            *(_alternative(a) for a in row.alternatives),
            *(_missing(name) for name in row.missing),
        ],
        date=row.assessed_at,
        dated="Assessed",
        decision=decision,
    )


def _says(row: RecommendationRow) -> str:
    if row.strategy is None:
        return "Undecided: what is known fits no rule."
    return f"{row.strategy}: {MEANING[Strategy(row.strategy)]}"


def _applied(rule: Rule, version: int) -> AppliedRule:
    of = f"version {version} of the account's rules" if version else "the shipped rules"
    conditions = "; ".join([c.words for c in rule.when] + [f"not: {c.words}" for c in rule.unless])
    return AppliedRule(
        id=f"strategy.{rule.id}",
        title=rule.because,
        words=f"The first rule of {of} that holds: {conditions}.",
    )


def _checked(check: Check, facts: dict[str, Any]) -> Given:
    kind = FACTS[check.fact]
    return Given(
        name=check.fact,
        value=facts.get(check.fact),
        words=f"{kind.words}. Condition: {check.words}; it holds.",
    )


def _behind(
    session: TenantSession, engagement_id: UUID, row: RecommendationRow, held: list[Check]
) -> list[Given]:
    """The findings and the cells that the facts of the deciding rule are made from."""
    facts = [c.fact for c in held]
    about = {"asset": row.asset_id, "application": row.application_id, "limit": ASSETS_SHOWN}
    codes = [_CODES[f] for f in facts if f in _CODES]
    given = [
        Given(name="finding", value=f"{f.name}: {f.title}", id=f.id)
        for f in session.execute(_FINDINGS, {**about, "codes": codes})
    ]
    attributes = list(dict.fromkeys(a for f in facts for a in LOOKS_AT.get(f, ())))
    if attributes:
        ids = [row.asset_id] if row.asset_id else session.execute(_ASSETS, about).scalars().all()
        for asset_id in ids:
            if asset_id is not None:
                given += stated(session, engagement_id, asset_id, attributes)
    return given


def _alternative(item: dict[str, Any]) -> Given:
    lacking = ", ".join(item["missing"])
    words = f"It would, if these were known and fit: {lacking}." if lacking else "It holds, too."
    return Given(
        name="alternative",
        value=item["strategy"],
        words=f"Rule {item['rule']}, {item['confidence']:.0%}. {words}",
    )


def _missing(name: str) -> Given:
    kind = FACTS.get(name)
    told = f"{kind.words}. " if kind else ""
    return Given(name=name, words=f"{told}Not known; to know it could change the recommendation.")


EXPLAINER: Final = Explainer("strategy", engagement_in("recommendations"), _recommendation)
