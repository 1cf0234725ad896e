"""Sending files, and what was read of them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.errors import NothingUploaded
from landbridge.api.routes.flows import NewFlow, start_flow
from landbridge.api.routes.imports import UPLOAD_BODY, store
from landbridge.api.routes.undo import TAKES_AWAY, undo_of
from landbridge.api.uploads import Uploaded
from landbridge.discovery.imports import queries, service
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.simulation import SIMULATE_IMPORT
from landbridge.web.context import ROOT, Import, Start, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/discover")
def new_discovery(page: Import) -> HTMLResponse:
    """Where a discovery starts: drop files, choose how the mapping is approved."""
    return page.show(
        "pages/discover.html",
        ("New discovery", page.request.url.path),
        section="discover",
        limit=page.context.services.settings.max_upload_bytes,
    )


@router.post("/imports", openapi_extra=UPLOAD_BODY)
def start_discovery(upload: Uploaded, page: Import) -> Response:
    """Store the files and start a flow on them, together or not at all."""
    if not any(f.name for f in upload.files):
        raise NothingUploaded
    received = store(page.context, upload)
    approve = "auto" if upload.fields.get("approve") == "auto" else "ask"
    kind = SIMULATE_IMPORT if upload.fields.get("simulate") else "discovery"
    flow = start_flow(page.context, NewFlow(flow_type=kind, import_id=received.id, approve=approve))
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.get("/imports")
def list_imports(page: View) -> HTMLResponse:
    """The newest imports, with what came of them."""
    return page.show(
        "pages/imports.html",
        ("Imports", page.request.url.path),
        section="imports",
        imports=queries.imports(page.session, page.engagement_id),
    )


@router.get("/imports/{import_id}")
def show_import(page: View, import_id: UUID) -> HTMLResponse:
    """Counts that add up, issues by code, and every issue with its row and remedy."""
    queries.require_import(page.session, page.engagement_id, import_id)
    view = ListView.of(page.request, queries.ISSUES, code=_issue_title)
    found = queries.issues(page.session, page.engagement_id, import_id, view.wanted)
    view.following = found.next
    counts = queries.issue_facets(page.session, page.engagement_id, import_id, view.wanted)
    return page.show(
        "pages/import.html",
        ("Imports", page.place.url("imports")),
        ("Import", page.request.url.path),
        section="imports",
        result=service.import_result(page.session, import_id),
        view=view,
        rows=found.items,
        total=queries.count_issues(page.session, page.engagement_id, import_id, view.wanted),
        facets=view.facets(counts),
    )


@router.post("/imports/{import_id}/discover")
def discover_again(
    page: Start, import_id: UUID, approve: Annotated[Literal["auto", "ask"], Form()] = "ask"
) -> Response:
    """Start a discovery on files that were sent before, and show it."""
    queries.require_import(page.session, page.engagement_id, import_id)
    flow = start_flow(page.context, NewFlow(import_id=import_id, approve=approve))
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.post("/imports/{import_id}/undo", openapi_extra=TAKES_AWAY)
def undo_import(page: Start, import_id: UUID) -> Response:
    """Start the flow that takes back what the import changed, and show it."""
    queries.require_import(page.session, page.engagement_id, import_id)
    flow = start_flow(page.context, undo_of(import_id))
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


def _issue_title(code: str) -> str:
    kind = ISSUE_KINDS.get(code)
    return kind.title if kind else code
