"""Migration strategies: what is recommended, and what people decide."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from landbridge.api.auth import CanPlan, CanView
from landbridge.api.bodies import OneOf, Sent
from landbridge.api.routes.inventory import Facets, Order, Text
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.assessment.sixr import queries, service
from landbridge.assessment.sixr.queries import RecommendationRow
from landbridge.assessment.sixr.strategies import Strategy
from landbridge.database.listing import Wanted
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["assessment"], responses=problems())

ByStrategy = Annotated[
    str, Query(max_length=200, description="The strategy in force, or 'undecided'.")
]


class StrategyDecision(Sent):
    """A strategy, and why."""

    strategy: Strategy
    reason: str = Field(min_length=1, max_length=2000)


@router.get("/recommendations", summary="Recommended strategies", responses=problems(InvalidCursor))
def list_recommendations(
    context: CanView,
    q: Text = "",
    strategy: ByStrategy = "",
    kind: Text = "",
    decided: Text = "",
    rule: Text = "",
    sort: Annotated[str, OneOf(queries.RECOMMENDATIONS.sorts)] = "kind",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[RecommendationRow]:
    """One page, applications first: strategy, confidence with its arithmetic, alternatives."""
    filters = {"q": q, "strategy": strategy, "kind": kind, "decided": decided, "rule": rule}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = queries.recommendations(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/recommendations/facets", summary="What recommendations can be narrowed by")
def recommendation_facets(context: CanView, q: Text = "") -> Facets:
    """Counts over all that the text finds."""
    wanted = Wanted({"q": q})
    total = queries.count(context.session, context.engagement_id, wanted)
    found = queries.facets(context.session, context.engagement_id, wanted)
    return Facets(total=total, facets={k: list(v) for k, v in found.items()})


@router.get("/recommendations/{recommendation_id}", summary="One recommendation")
def show_recommendation(context: CanView, recommendation_id: UUID) -> RecommendationRow:
    """Why it is so, `/explanations` tells."""
    return queries.recommendation(context.session, context.engagement_id, recommendation_id)


@router.post("/recommendations/{recommendation_id}/decide", summary="Decide a strategy")
def decide_strategy(
    context: CanPlan, recommendation_id: UUID, body: StrategyDecision
) -> RecommendationRow:
    """No later assessment changes it."""
    return service.decide(
        context.session, context.engagement_id, recommendation_id, body.strategy, body.reason
    )


@router.post("/recommendations/{recommendation_id}/reopen", summary="Take a decision back")
def reopen_strategy(context: CanPlan, recommendation_id: UUID) -> RecommendationRow:
    """What the rules recommend counts again."""
    return service.reopen(context.session, context.engagement_id, recommendation_id)
