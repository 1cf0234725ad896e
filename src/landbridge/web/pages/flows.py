"""Flows: the list."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from landbridge.web.context import ROOT, View

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/flows")
def list_flows(page: View) -> HTMLResponse:
    """The newest flows of the engagement."""
    flows = page.context.services.orchestrator.flows(page.session, page.engagement_id)
    return page.show(
        "pages/flows.html", ("Flows", page.request.url.path), section="flows", flows=flows
    )
