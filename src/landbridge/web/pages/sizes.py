"""What size servers need, and the settings by which that is worked out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.discovery.techdebt.sizing import queries
from landbridge.discovery.techdebt.sizing.settings import (
    Measured,
    SizingSettings,
    change_settings,
    settings_of,
)
from landbridge.web.context import ROOT, Edit, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)
Percent = Annotated[int, Form(ge=0, le=900)]
Floor = Annotated[int, Form(ge=1, le=65_536)]
Step = Annotated[int, Form(ge=1, le=1_024)]
_USUAL = SizingSettings()


@router.get("/sizes")
def show_sizes(page: View) -> HTMLResponse:
    """Every server with its size now and the size it needs."""
    chosen = settings_of(page.session, page.engagement_id)
    view = ListView.of(page.request, queries.SIZES)
    found = queries.sizes(page.session, page.engagement_id, view.wanted, chosen)
    view.following = found.next
    counts = queries.facets(page.session, page.engagement_id, view.wanted, chosen)
    return page.show(
        "pages/sizes.html",
        ("Sizes", view.path),
        section="sizes",
        view=view,
        rows=found.items,
        total=queries.count(page.session, page.engagement_id, view.wanted, chosen),
        totals=queries.totals(page.session, page.engagement_id, chosen),
        facets=view.facets(counts),
        chosen=chosen,
        measures=list(Measured),
    )


@router.post("/sizes/settings")
def put_settings(
    page: Edit,
    measured: Annotated[Measured, Form()] = _USUAL.measured,
    headroom_average: Percent = _USUAL.headroom_average,
    headroom_percentile: Percent = _USUAL.headroom_percentile,
    headroom_peak: Percent = _USUAL.headroom_peak,
    headroom_disk: Percent = _USUAL.headroom_disk,
    least_vcpu: Floor = _USUAL.least_vcpu,
    least_memory_gib: Floor = _USUAL.least_memory_gib,
    least_disk_gib: Floor = _USUAL.least_disk_gib,
    memory_step_gib: Step = _USUAL.memory_step_gib,
    disk_step_gib: Step = _USUAL.disk_step_gib,
) -> Response:
    """Work sizes out differently from now on."""
    wanted = SizingSettings(
        measured=measured,
        headroom_average=headroom_average,
        headroom_percentile=headroom_percentile,
        headroom_peak=headroom_peak,
        headroom_disk=headroom_disk,
        least_vcpu=least_vcpu,
        least_memory_gib=least_memory_gib,
        least_disk_gib=least_disk_gib,
        memory_step_gib=memory_step_gib,
        disk_step_gib=disk_step_gib,
    )
    change_settings(page.session, page.engagement_id, wanted)
    return RedirectResponse(page.place.url("sizes"), status_code=303)
