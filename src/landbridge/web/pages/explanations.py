"""Why anything about the estate is so."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from landbridge.assembly.explaining import explain
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.web.context import ROOT, View
from landbridge.web.words import sentence, words

router = APIRouter(prefix=ROOT, include_in_schema=False)

SECTIONS: Final = {
    "finding": ("Findings", "findings"),
    "dependency": ("Dependencies", "dependencies"),
    "conflict": ("Conflicts", "conflicts"),
    "application": ("Applications", "applications"),
    "suggestion": ("Applications", "applications"),
    "mapping": ("Imports", "imports"),
    "strategy": ("Strategies", "strategies"),
    "wave": ("Waves", "waves"),
}
"""Kind → the list it is in; everything else belongs to the inventory."""


@router.get("/why/{item_id}")
def show_grounds(page: View, item_id: UUID, of: str | None = None) -> HTMLResponse:
    """The rule, its inputs and where these come from, dated facts and decisions."""
    found = explain(page.session, item_id, of, page.engagement_id)
    title, section = SECTIONS.get(found.kind, ("Inventory", "inventory"))
    return page.show(
        "pages/why.html",
        (title, page.place.url(section)),
        ("Why", page.request.url.path),
        section=section,
        found=found,
        named=lambda name: words(name) if name in ATTRIBUTES else sentence(name),
    )
