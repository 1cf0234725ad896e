"""Groups of assets that move together: the list, and one of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.routes.flows import start_flow
from landbridge.api.routes.groups import grouping_of
from landbridge.discovery.graph import queries
from landbridge.discovery.graph.flow import WANTED, GroupingInputs
from landbridge.web.context import ROOT, Start, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/groups")
def show_groups(page: View) -> HTMLResponse:
    """The groups, the largest first, each with its reasons."""
    view = ListView.of(page.request, queries.GROUPS)
    found = queries.groups(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    made = queries.grouping(page.session, page.engagement_id)
    return page.show(
        "pages/groups.html",
        ("Move groups", view.path),
        section="groups",
        view=view,
        rows=found.items,
        total=queries.GROUPS.total(page.session, page.engagement_id, view.wanted),
        made=made,
        wanted=made.wanted if made else WANTED,
    )


@router.post("/groups")
def group_assets(
    page: Start, group_size: Annotated[int, Form(ge=2, le=10_000)] = WANTED
) -> Response:
    """Start the flow that finds the groups, and show it."""
    wanted = GroupingInputs(group_size=group_size)
    flow = start_flow(page.context, grouping_of(wanted))
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.get("/groups/{asset_group_id}")
def show_group(page: View, asset_group_id: UUID) -> HTMLResponse:
    """One group: why it is one, its neighbours, its assets."""
    group = queries.group(page.session, page.engagement_id, asset_group_id)
    view = ListView.of(page.request, queries.MEMBERS)
    found = queries.members(page.session, page.engagement_id, asset_group_id, view.wanted)
    view.following = found.next
    return page.show(
        "pages/group.html",
        ("Move groups", page.place.url("groups")),
        (group.name, page.request.url.path),
        section="groups",
        view=view,
        group=group,
        rows=found.items,
        total=queries.MEMBERS.total(
            page.session, page.engagement_id, view.wanted, group_id=asset_group_id
        ),
    )
