"""What an import changed, asset by asset."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from landbridge.discovery.imports import queries, service
from landbridge.discovery.inventory import changes
from landbridge.web.context import ROOT, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/imports/{import_id}/changes")
def show_changes(page: View, import_id: UUID) -> HTMLResponse:
    """Assets it brought, changed, completed, and that its source no longer lists."""
    queries.require_import(page.session, page.engagement_id, import_id)
    view = ListView.of(page.request, changes.CHANGES)
    found = changes.changes(page.session, page.engagement_id, import_id, view.wanted)
    view.following = found.next
    counts = changes.counts(page.session, page.engagement_id, import_id, view.wanted)
    kinds = {c.value: c.count for c in counts["change"]}
    wanted = view.filters.get("change")
    return page.show(
        "pages/changes.html",
        ("Imports", page.place.url("imports")),
        ("Import", page.place.url(f"imports/{import_id}")),
        ("Changes", page.request.url.path),
        section="imports",
        result=service.import_result(page.session, import_id),
        view=view,
        rows=found.items,
        total=kinds.get(wanted, 0) if wanted else sum(kinds.values()),
        facets=view.facets(counts),
        meaning=changes.CHANGE,
    )
