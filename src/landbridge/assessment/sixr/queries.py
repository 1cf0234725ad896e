"""Reading recommendations: the list, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

_FINAL: Final = "coalesce(x.decided_strategy, x.strategy, 'undecided')"
_NAME: Final = "coalesce(p.name, a.name)"
RECOMMENDATIONS: Final = Listing(
    columns=f"x.id, x.application_id, x.asset_id, {_NAME} as name,"
    f" {_FINAL} as in_force, x.strategy, x.confidence / 1000.0 as confidence, x.rule, x.arithmetic,"
    " x.rules_version, x.facts, x.alternatives, x.missing, x.assessed_at, x.decided_strategy,"
    " x.decided_by, x.decided_at, x.decision_reason",
    source="app.recommendations x left join app.applications p on p.id = x.application_id"
    " left join app.assets a on a.id = x.asset_id where x.engagement_id = :engagement_id",
    filters={
        "q": f"lower({_NAME}) like :q",
        "strategy": f"{_FINAL} = :strategy",
        "kind": "case when x.application_id is null then 'asset' else 'application' end = :kind",
        "decided": "case when x.decided_at is null then 'no' else 'yes' end = :decided",
        "rule": "x.rule = :rule",
    },
    facets={
        "strategy": _FINAL,
        "kind": "case when x.application_id is null then 'asset' else 'application' end",
        "decided": "case when x.decided_at is null then 'no' else 'yes' end",
        "rule": "x.rule",
    },
    sorts={
        "kind": (
            f"case when x.application_id is null then '1' else '0' end || lower({_NAME})"
            ' collate "C"',
            "text",
        ),
        "name": (f'lower({_NAME}) collate "C"', "text"),
        "strategy": (f'{_FINAL} collate "C"', "text"),
        "confidence": ("x.confidence", "bigint"),
    },
    order="kind",
)


class RecommendationRow(BaseModel):
    """What is recommended for an application, or an asset without one, and what was decided.

    Attributes:
        in_force: the decision of a person, else the recommendation, else 'undecided'.
        strategy: what the rules recommend; None: no rule holds.
        confidence: 0 to 1, with its arithmetic.
        rules_version: of the account's rules; 0 for the shipped ones.
        facts: what was known.
        alternatives: what else is spoken for: rule, strategy, confidence, missing.
        missing: facts that are not known and could change the recommendation.
    """

    id: UUID
    application_id: UUID | None
    asset_id: UUID | None
    name: str
    in_force: str
    strategy: str | None
    confidence: float
    rule: str | None
    arithmetic: str
    rules_version: int
    facts: dict[str, Any]
    alternatives: list[Any]
    missing: list[Any]
    assessed_at: datetime
    decided_strategy: str | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None


def recommendations(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> Page[RecommendationRow]:
    """A page of the recommendations, applications first."""
    page = RECOMMENDATIONS.page(session, engagement_id, wanted)
    return Page([RecommendationRow(**r) for r in page.items], page.next)


def count(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> int:
    """How many recommendations the filters leave."""
    return RECOMMENDATIONS.total(session, engagement_id, wanted)


def facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What the recommendations can be narrowed by."""
    return RECOMMENDATIONS.counts(session, engagement_id, wanted)


def recommendation(
    session: TenantSession, engagement_id: UUID, recommendation_id: UUID
) -> RecommendationRow:
    """One recommendation.

    Raises:
        NotFound: the engagement has none of this id.
    """
    listing = RECOMMENDATIONS
    row = (
        session.execute(
            text(f"select {listing.columns} from {listing.source} and x.id = :id"),
            {"engagement_id": engagement_id, "id": recommendation_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return RecommendationRow(**row)
