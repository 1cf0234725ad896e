"""Editing assets by hand: what to set, what that would change, the history, and undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.discovery.inventory import edit_queries, editing
from landbridge.discovery.inventory.by_hand import EDITABLE, WORDS, allowed
from landbridge.discovery.inventory.edit_errors import SelectionChanged
from landbridge.discovery.inventory.queries import ASSETS
from landbridge.discovery.inventory.selecting import Selection
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.errors.catalogue import LandbridgeError
from landbridge.web.attributes import GROUPS
from landbridge.web.context import ROOT, Edit, EngagementPage, View
from landbridge.web.failures import beside
from landbridge.web.lists import ListView

router = APIRouter(prefix=f"{ROOT}/inventory-edits", include_in_schema=False)

ROWS: Final = 3
"""Attributes of one edit on the page."""
Ids = Annotated[list[UUID], Form(max_length=200)]
Texts = Annotated[list[str], Form(max_length=50)]
Filters = Annotated[str, Form(max_length=4000)]
Every = Annotated[bool, Form()]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says.

    Attributes:
        assets: ids of single assets.
        every: all that the filters leave, instead of these.
        filters: as a query string.
        rows: attribute and text, as typed.
    """

    assets: Sequence[UUID]
    every: bool
    filters: str
    rows: Sequence[tuple[str, str]]
    reason: str = ""

    @property
    def selection(self) -> Selection:
        """The assets it means."""
        if not self.every:
            return Selection(ids=list(self.assets))
        known = [(k, v) for k, v in parse_qsl(self.filters) if k in ASSETS.filters]
        return Selection(filters=dict(known))

    @property
    def changes(self) -> dict[str, str]:
        """Attribute → text; an empty text clears."""
        return {attribute: text.strip() for attribute, text in self.rows if attribute}


@router.get("")
def show_edits(page: View) -> HTMLResponse:
    """The edits, the newest first."""
    view = ListView.of(page.request, edit_queries.EDITS)
    found = edit_queries.edits(page.session, page.engagement_id, view.wanted)
    view.following = found.next
    counts = edit_queries.EDITS.counts(page.session, page.engagement_id, view.wanted)
    return page.show(
        "pages/inventory_edits.html",
        _inventory(page),
        ("Edits by hand", view.path),
        section="inventory",
        view=view,
        rows=found.items,
        total=edit_queries.EDITS.total(page.session, page.engagement_id, view.wanted),
        facets=view.facets(counts),
    )


@router.get("/new")
def new_edit(
    page: Edit,
    asset: Annotated[list[UUID] | None, Query(max_length=200)] = None,
    every: bool = False,
    filters: Annotated[str, Query(max_length=4000)] = "",
    attribute: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """What to set on the selected assets."""
    return _form(page, Asked(asset or (), every, filters, [(attribute, "")]))


@router.post("/preview")
def preview_edit(
    page: Edit,
    asset: Ids = [],  # noqa: B006 – FastAPI copies defaults
    every: Every = False,
    filters: Filters = "",
    attribute: Texts = [],  # noqa: B006 – FastAPI copies defaults
    value: Texts = [],  # noqa: B006 – FastAPI copies defaults
    reason: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """What the edit would change, to be confirmed."""
    asked = Asked(asset, every, filters, list(zip(attribute, value, strict=False)), reason)
    if again:
        return _form(page, asked)
    return _preview(page, asked)


@router.post("")
def make_edit(
    page: Edit,
    asset: Ids = [],  # noqa: B006 – FastAPI copies defaults
    every: Every = False,
    filters: Filters = "",
    attribute: Texts = [],  # noqa: B006 – FastAPI copies defaults
    value: Texts = [],  # noqa: B006 – FastAPI copies defaults
    reason: Annotated[str, Form(max_length=2000)] = "",
    expected: Annotated[int | None, Form(ge=0, le=10**9)] = None,
) -> Response:
    """Make the edit, and show it."""
    asked = Asked(asset, every, filters, list(zip(attribute, value, strict=False)), reason)
    try:
        made = editing.edit(
            page.session,
            page.engagement_id,
            asked.selection,
            asked.changes,
            reason=reason.strip() or None,
            expected=expected,
        )
    except SelectionChanged as refused:
        return _preview(page, asked, beside(refused))
    except LandbridgeError as refused:
        return _form(page, asked, beside(refused))
    there = f"inventory-edits/{made.id}" if made.id else "inventory"
    return RedirectResponse(page.place.url(there), status_code=303)


@router.get("/{inventory_edit_id}")
def show_edit(page: View, inventory_edit_id: UUID) -> HTMLResponse:
    """One edit with what it changed, asset by asset."""
    edit = edit_queries.edit(page.session, page.engagement_id, inventory_edit_id)
    view = ListView.of(page.request, edit_queries.VALUES)
    found = edit_queries.values(page.session, page.engagement_id, inventory_edit_id, view.wanted)
    view.following = found.next
    return page.show(
        "pages/inventory_edit.html",
        _inventory(page),
        ("Edits by hand", page.place.url("inventory-edits")),
        ("Edit", view.path),
        section="inventory",
        edit=edit,
        view=view,
        rows=found.items,
        total=edit_queries.VALUES.total(
            page.session, page.engagement_id, view.wanted, edit_id=inventory_edit_id
        ),
    )


@router.post("/{inventory_edit_id}/undo")
def undo_edit(page: Edit, inventory_edit_id: UUID) -> Response:
    """Take the edit back, and show what became of it."""
    editing.undo(page.session, page.engagement_id, inventory_edit_id)
    return RedirectResponse(page.place.url(f"inventory-edits/{inventory_edit_id}"), status_code=303)


def _preview(
    page: EngagementPage, asked: Asked, refused: LandbridgeError | None = None
) -> HTMLResponse:
    try:
        seen = editing.preview(page.session, page.engagement_id, asked.selection, asked.changes)
    except LandbridgeError as wrong:
        return _form(page, asked, beside(wrong))
    return page.show(
        "pages/inventory_edit_preview.html",
        _inventory(page),
        ("Edit", page.place.url("inventory-edits")),
        section="inventory",
        status=refused.status if refused else 200,
        refused=refused.problem() if refused else None,
        asked=asked,
        seen=seen,
    )


def _form(
    page: EngagementPage, asked: Asked, refused: LandbridgeError | None = None
) -> HTMLResponse:
    ids: list[UUID] = []
    if asked.every or asked.assets:
        try:
            ids = asked.selection.assets(page.session, page.engagement_id)
        except LandbridgeError as wrong:
            refused = refused or beside(wrong)
    rows = [*asked.rows, *[("", "")] * ROWS][: max(ROWS, len(asked.rows))]
    return page.show(
        "pages/inventory_edit_new.html",
        _inventory(page),
        ("Edit", page.place.url("inventory-edits")),
        section="inventory",
        status=refused.status if refused else 200,
        refused=refused.problem() if refused else None,
        asked=asked,
        rows=rows,
        selected=len(ids),
        groups=_OFFERED,
        expected=_EXPECTED,
    )


def _inventory(page: EngagementPage) -> tuple[str, str]:
    return ("Inventory", page.place.url("inventory"))


def _offered() -> list[tuple[str, list[str]]]:
    """The editable attributes by group, in the order of the asset's page."""
    found: list[tuple[str, list[str]]] = []
    for title, names in GROUPS.items():
        if mine := [n for n in names.split() if n in EDITABLE]:
            found.append((title, mine))
    left = [a for a in EDITABLE if not any(a in mine for _, mine in found)]
    return [*found, ("Other", left)] if left else found


_OFFERED: Final = _offered()
_EXPECTED: Final[list[tuple[str, str, Any]]] = [
    (a, allowed(a), WORDS.get(ATTRIBUTES[a].kind)) for a in EDITABLE if ATTRIBUTES[a].kind in WORDS
]
