"""Editing assets by hand: preview, edit, history, undo."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from landbridge.api.auth import CanEdit, CanView
from landbridge.api.bodies import Exact, OneOf, Sent, Value
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import edit_queries, editing
from landbridge.discovery.inventory.edit_errors import (
    AttributeNotEditable,
    EditAlreadyUndone,
    NothingSelected,
    SelectionChanged,
    TooManySelected,
    ValueDoesNotFit,
)
from landbridge.discovery.inventory.edit_queries import EditRow, EditValue
from landbridge.discovery.inventory.edit_reports import EditPreview, MadeEdit, UndoneEdit
from landbridge.discovery.inventory.selecting import MOST_BY_ID, Selection
from landbridge.kit import jsonio
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(
    prefix=f"{PREFIX}/inventory-edits", tags=["inventory"], responses=problems(InvalidCursor)
)

Text = Annotated[str, Query(max_length=200)]
Filter = Annotated[str, Field(max_length=200)]
REFUSED = (NothingSelected, TooManySelected, AttributeNotEditable, ValueDoesNotFit)


class AssetFilters(Sent):
    """Filters of the list of assets; all empty for all assets."""

    q: Filter = ""
    asset_type: Filter = ""
    environment: Filter = ""
    os_name: Filter = ""
    criticality: Filter = ""
    power_state: Filter = ""
    application: Filter = ""
    severity: Filter = ""


class WantedEdit(Sent):
    """What to set on which assets: by their ids, or all that filters leave.

    Attributes:
        changes: attribute → value, read as a cell of an import is; null clears it.
    """

    asset_ids: list[UUID] | None = Field(default=None, max_length=MOST_BY_ID)
    filters: AssetFilters | None = None
    changes: dict[str, Value | None] = Field(max_length=50)

    @property
    def selection(self) -> Selection:
        """The assets."""
        filters = None if self.filters is None else self.filters.model_dump()
        return Selection(self.asset_ids, filters)


class NewEdit(WantedEdit):
    """An edit to make.

    Attributes:
        reason: why.
        expected: how many assets the preview found selected; if other ones are now, nothing
            is changed.
    """

    reason: str | None = Field(default=None, max_length=2000)
    expected: Annotated[Exact, Field(ge=0)] | None = None


@router.get("", summary="Edits by hand")
def list_edits(
    context: CanView,
    q: Text = "",
    status: Text = "",
    sort: Annotated[str, OneOf(edit_queries.EDITS.sorts)] = "newest",
    descending: Annotated[bool, Query(description="The order turned round.")] = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[EditRow]:
    """The newest first."""
    wanted = Wanted({"q": q, "status": status}, sort, descending, limit, cursor)
    page = edit_queries.edits(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.post("/preview", summary="What an edit would change", responses=problems(*REFUSED))
def preview_edit(context: CanEdit, body: WantedEdit) -> EditPreview:
    """Counts and a sample; nothing is written."""
    return editing.preview(context.session, context.engagement_id, body.selection, body.changes)


@router.post(
    "",
    summary="Edit assets",
    status_code=201,
    response_model=MadeEdit,
    responses=problems(*REFUSED, SelectionChanged),
)
def make_edit(context: CanEdit, key: Key, body: NewEdit) -> Response:
    """All of it or nothing. The values stand above every source until the edit is undone."""
    asked = fingerprint(context.engagement_id, jsonio.dumps(body.model_dump(mode="json")))

    def work() -> MadeEdit:
        return editing.edit(
            context.session,
            context.engagement_id,
            body.selection,
            body.changes,
            reason=(body.reason or "").strip() or None,
            expected=body.expected,
        )

    return once(context, key, "edit_inventory", asked, work)


@router.get("/{inventory_edit_id:uuid}", summary="One edit")
def show_edit(context: CanView, inventory_edit_id: UUID) -> EditRow:
    """What was set on how many assets, by whom, when and why."""
    return edit_queries.edit(context.session, context.engagement_id, inventory_edit_id)


@router.get("/{inventory_edit_id}/values", summary="What an edit changed")
def list_edit_values(
    context: CanView,
    inventory_edit_id: UUID,
    q: Text = "",
    state: Text = "",
    sort: Annotated[str, OneOf(edit_queries.VALUES.sorts)] = "asset",
    descending: Annotated[bool, Query(description="The order turned round.")] = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[EditValue]:
    """Asset by asset, before and after."""
    wanted = Wanted({"q": q, "state": state}, sort, descending, limit, cursor)
    found = edit_queries.values(context.session, context.engagement_id, inventory_edit_id, wanted)
    return PageOf(items=found.items, next=found.next)


@router.post(
    "/{inventory_edit_id}/undo", summary="Take an edit back", responses=problems(EditAlreadyUndone)
)
def undo_edit(context: CanEdit, inventory_edit_id: UUID) -> UndoneEdit:
    """As a whole; values that were changed again since stay, and are counted."""
    return editing.undo(context.session, context.engagement_id, inventory_edit_id)
