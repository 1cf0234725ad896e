"""Applications suggested for assets without one: the list, and what people decide."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.routes.application_suggestions import NEW
from landbridge.api.routes.flows import start_flow
from landbridge.database.listing import Wanted
from landbridge.discovery.membership import deciding, queries
from landbridge.discovery.membership.deciding import SURE, Status
from landbridge.web.context import ROOT, Edit, EngagementPage, Start, View
from landbridge.web.lists import ListView
from landbridge.web.pages.sign_in import local

router = APIRouter(prefix=f"{ROOT}/application-suggestions", include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
_SURE_ONES = Wanted({"status": "suggested", "sure": "high"})


@router.get("")
def show_suggestions(page: View) -> HTMLResponse:
    """The suggestions, the surest first, with their reasons."""
    view = ListView.of(page.request, queries.SUGGESTIONS)
    found = queries.suggested(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = queries.facets(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/application_suggestions.html",
        ("Applications", page.place.url("applications")),
        ("Suggestions", view.path),
        section="applications",
        view=view,
        rows=found.items,
        total=queries.count(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
        without=queries.without(page.session, page.engagement_id),
        sure=queries.count(page.session, page.engagement_id, _SURE_ONES),
        at_least=SURE,
        told=queries.words,
    )


@router.post("")
def suggest(page: Start) -> Response:
    """Start the flow that suggests applications, and show it."""
    flow = start_flow(page.context, NEW)
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.post("/decide")
def decide_all(page: Edit, back: Back = "") -> Response:
    """Confirm all that are sure."""
    deciding.decide_all(page.session, page.engagement_id, "confirmed", SURE)
    return _back(page, back)


@router.post("/{suggested_application_id}")
def decide(
    page: Edit, suggested_application_id: UUID, status: Annotated[Status, Form()], back: Back = ""
) -> Response:
    """Confirm or reject a suggestion, or take that back."""
    deciding.decide(page.session, page.engagement_id, suggested_application_id, status)
    return _back(page, back)


def _back(page: EngagementPage, back: str) -> Response:
    there = local(back or page.place.url("application-suggestions"))
    return RedirectResponse(there, status_code=303)
