"""Migration strategies: what is recommended, with its reasons, and what people decide."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.services import services_of
from landbridge.assessment.flow import ASSESSMENT
from landbridge.assessment.sixr import queries, service
from landbridge.assessment.sixr.facts import FACTS
from landbridge.assessment.sixr.strategies import MEANING, Strategy
from landbridge.errors.common import InvalidRequest
from landbridge.web.context import ROOT, PlanMigration, Start, View
from landbridge.web.lists import ListView
from landbridge.web.pages.sign_in import local

router = APIRouter(prefix=ROOT, include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]


@router.get("/strategies")
def show_strategies(page: View) -> HTMLResponse:
    """The strategy of every application, and of every asset without one."""
    view = ListView.of(page.request, queries.RECOMMENDATIONS)
    found = queries.recommendations(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = queries.facets(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/strategies.html",
        ("Strategies", view.path),
        section="strategies",
        view=view,
        rows=found.items,
        total=queries.count(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
        strategies=MEANING,
        facts=FACTS,
    )


@router.post("/strategies")
def assess(page: Start) -> Response:
    """Start an assessment."""
    flow_id = services_of(page.request).orchestrator.create(
        page.session, page.engagement_id, ASSESSMENT, {}
    )
    return RedirectResponse(page.place.url(f"flows/{flow_id}"), status_code=303)


@router.post("/strategies/{recommendation_id}")
def decide(
    page: PlanMigration,
    recommendation_id: UUID,
    strategy: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
    reopen: Annotated[bool, Form()] = False,
    back: Back = "",
) -> Response:
    """Decide a strategy with a reason, or take that back."""
    queries.recommendation(page.session, page.engagement_id, recommendation_id)
    if reopen:
        service.reopen(page.session, page.engagement_id, recommendation_id)
    elif strategy in set(Strategy) and reason.strip():
        chosen = Strategy(strategy)
        service.decide(page.session, page.engagement_id, recommendation_id, chosen, reason.strip())
    else:
        raise InvalidRequest
    return RedirectResponse(local(back or page.place.url("strategies")), status_code=303)
