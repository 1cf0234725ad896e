"""Reviewing what the columns of an import hold."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query
from sqlalchemy import text
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.routes.mappings import approve_above, decide_column
from landbridge.discovery.imports.queries import require_import
from landbridge.discovery.mapping import queries
from landbridge.discovery.mapping.queries import ColumnMapping
from landbridge.errors.common import InvalidRequest, NotFound
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action
from landbridge.web import choices
from landbridge.web.context import ROOT, EngagementPage, Mapping, View
from landbridge.web.rendering import fragment

router = APIRouter(prefix=ROOT, include_in_schema=False)

Shown = Literal["all", "open", "approved"]
STATUS: Final = {"open": "suggested", "approved": "approved"}
SELECTING: Final[dict[str, Any]] = {
    "targets": choices.TARGETS,
    "other_targets": choices.OTHERS,
    "target_value": choices.value_of,
    "target_label": choices.label_of,
    "alternative": choices.alternative,
}

_FLOW = text(
    "select id from app.flows where engagement_id = :e and inputs ->> 'import_id' = :i"
    " order by created_at desc limit 1"
)


@router.get("/imports/{import_id}/mapping")
def show_mapping(
    page: View,
    import_id: UUID,
    table: Annotated[str, Query(max_length=40)] = "",
    show: Shown = "all",
) -> HTMLResponse:
    """The columns of one table of the import, with what each is mapped to."""
    require_import(page.session, page.engagement_id, import_id)
    tables = [t for t in queries.tables(page.session, page.engagement_id, import_id) if t.columns]
    first_open = next((t for t in tables if t.undecided), tables[0] if tables else None)
    chosen = next((t for t in tables if str(t.id) == table), first_open)
    rows: list[ColumnMapping] = []
    if chosen:
        rows = queries.columns(page.session, page.engagement_id, import_id, chosen.id)
        rows = [m for m in rows if show == "all" or m.status == STATUS[show]]
    flow = _flow_of(page, import_id)
    return page.show(
        "pages/mapping.html",
        ("Imports", page.place.url("imports")),
        ("Import", page.place.url(f"imports/{import_id}")),
        ("Mapping", page.request.url.path),
        section="imports",
        import_id=import_id,
        root=page.place.url(f"imports/{import_id}/mapping"),
        tables=tables,
        table=chosen,
        rows=rows,
        show=show,
        flow=flow,
        gate=flow.waits_for if flow else None,
        **SELECTING,
    )


@router.post("/imports/{import_id}/mapping/approve")
def approve_many(
    page: Mapping,
    import_id: UUID,
    threshold: Annotated[int, Form(ge=0, le=100)],
    scope: Annotated[Literal["table", "all"], Form()] = "table",
    table: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Approve every suggestion that is at least this sure."""
    require_import(page.session, page.engagement_id, import_id)
    only = None
    if scope == "table":
        tables = queries.tables(page.session, page.engagement_id, import_id)
        only = next((t.id for t in tables if str(t.id) == table), None)
        if only is None:
            raise NotFound
    approve_above(page.context, import_id, threshold / 100, only)
    query = urlencode({"table": table}) if table else ""
    return RedirectResponse(f"{page.place.url(f'imports/{import_id}/mapping')}?{query}", 303)


@router.post("/imports/{import_id}/mapping/{mapping_id}")
def decide(
    page: Mapping,
    import_id: UUID,
    mapping_id: UUID,
    target: Annotated[str, Form(max_length=100)],
) -> Response:
    """Decide one column; answers with its row where only that is replaced."""
    choice = choices.parse(target)
    if choice is None:
        raise InvalidRequest
    before = queries.column(page.session, page.engagement_id, mapping_id)
    tables = {t.id for t in queries.tables(page.session, page.engagement_id, import_id)}
    if before.import_table_id not in tables:
        raise NotFound
    decided = decide_column(page.context, mapping_id, *choice)
    root = page.place.url(f"imports/{import_id}/mapping")
    if page.request.headers.get("hx-request") != "true":
        return RedirectResponse(
            f"{root}?{urlencode({'table': str(decided.import_table_id)})}#m-{mapping_id}", 303
        )
    left = next(
        t.undecided
        for t in queries.tables(page.session, page.engagement_id, import_id)
        if t.id == decided.import_table_id
    )
    may_edit = page.may(Action.EDIT_MAPPING)
    return HTMLResponse(
        fragment(
            "parts/mapping_row.html",
            place=page.place,
            m=decided,
            root=root,
            may_edit=may_edit,
            undecided=left,
            **SELECTING,
        )
    )


def _flow_of(page: EngagementPage, import_id: UUID) -> FlowView | None:
    """The newest flow on an import."""
    named = {"e": page.engagement_id, "i": str(import_id)}
    found = page.session.execute(_FLOW, named).scalar_one_or_none()
    if found is None:
        return None
    return page.context.services.orchestrator.status(page.session, found)
