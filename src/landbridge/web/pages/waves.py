"""Waves: when each application moves, and why; and what another plan would change."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.routes.flows import start_flow
from landbridge.api.routes.waves import planning_of
from landbridge.assessment.waves import queries
from landbridge.assessment.waves.comparing import what_if
from landbridge.assessment.waves.settings import WaveSettings, changed, freeze_of
from landbridge.database.listing import Wanted
from landbridge.web.context import ROOT, EngagementPage, Start, View
from landbridge.web.lists import ListView

router = APIRouter(prefix=ROOT, include_in_schema=False)
Short = Annotated[str, Form(max_length=20)]
Asked = Annotated[str, Query(max_length=20)]


@router.get("/waves")
def show_waves(page: View) -> HTMLResponse:
    """The waves with their sums, and what the plan could not keep."""
    view = ListView.of(page.request, queries.WAVES)
    found = queries.waves(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    made = queries.plan_of(page.session, page.engagement_id)
    return page.show(
        "pages/waves.html",
        ("Waves", view.path),
        section="waves",
        view=view,
        rows=found.items,
        total=queries.WAVES.total(page.session, page.engagement_id, view.wanted),
        made=made,
        chosen=made.settings if made else WaveSettings(),
    )


@router.post("/waves")
def plan_waves(
    page: Start,
    max_size: Short = "",
    pilot_waves: Short = "",
    max_waves: Short = "",
    start: Short = "",
    days_per_wave: Short = "",
    freezes: Annotated[str, Form(max_length=2000)] = "",
    test_first: Short = "",
) -> Response:
    """Start the flow that plans the waves, and show it."""
    wanted = _settings(max_size, pilot_waves, max_waves, start, days_per_wave, freezes, test_first)
    flow = start_flow(page.context, planning_of(wanted))
    return RedirectResponse(page.place.url(f"flows/{flow.id}"), status_code=303)


@router.get("/waves/what-if")
def compare(
    page: View,
    max_size: Asked = "",
    pilot_waves: Asked = "",
    max_waves: Asked = "",
    start: Asked = "",
    days_per_wave: Asked = "",
    freezes: Annotated[str, Query(max_length=2000)] = "",
    test_first: Asked = "",
) -> HTMLResponse:
    """The plan beside one with other settings, which is not stored."""
    wanted = _settings(max_size, pilot_waves, max_waves, start, days_per_wave, freezes, test_first)
    return page.show(
        "pages/waves_what_if.html",
        ("Waves", page.place.url("waves")),
        ("What if", page.request.url.path),
        section="waves",
        made=queries.plan_of(page.session, page.engagement_id),
        now=_now(page),
        found=what_if(page.session, page.engagement_id, wanted),
        chosen=wanted,
    )


@router.get("/waves/{wave_id}")
def show_wave(page: View, wave_id: UUID) -> HTMLResponse:
    """One wave: what moves in it, and why."""
    wave = queries.wave(page.session, page.engagement_id, wave_id)
    view = ListView.of(page.request, queries.ITEMS)
    found = queries.items(page.session, page.engagement_id, wave_id, view.wanted)
    view.following = found.next
    name = f"Wave {wave.number}" if wave.number else "What does not move"
    return page.show(
        "pages/wave.html",
        ("Waves", page.place.url("waves")),
        (name, page.request.url.path),
        section="waves",
        view=view,
        wave=wave,
        name=name,
        rows=found.items,
        total=queries.ITEMS.total(page.session, page.engagement_id, view.wanted, wave_id=wave_id),
    )


def _now(page: EngagementPage) -> dict[int, queries.WaveRow]:
    """The first waves of the plan by number."""
    found = queries.waves(page.session, page.engagement_id, Wanted(limit=200))
    return {w.number: w for w in found.items}


def _settings(
    max_size: str,
    pilot_waves: str,
    max_waves: str,
    start: str,
    days_per_wave: str,
    freezes: str,
    test_first: str,
) -> WaveSettings:
    """The settings as the form says them; an empty field is no limit, or as usual."""
    given: dict[str, Any] = {
        "max_size": _whole(max_size),
        "max_waves": _whole(max_waves),
        "start": start.strip() or None,
        "test_first": test_first != "no",
        "freezes": [freeze_of(line) for line in freezes.splitlines() if line.strip()],
    }
    for name, said in (("pilot_waves", pilot_waves), ("days_per_wave", days_per_wave)):
        if said.strip():
            given[name] = _whole(said)
    return changed(WaveSettings(), given)


def _whole(said: str) -> int | str | None:
    """A number; what is none is told as it stands when the settings are checked."""
    text = said.strip()
    return int(text) if text.isascii() and text.isdigit() else text or None
