"""Reading edits by hand: the history, what one changed, and what is set by hand on an asset."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

EDITS: Final = Listing(
    columns="x.id, x.changes, x.selection, x.reason, x.assets, x.status, x.created_at,"
    " x.created_by, u.display_name as created_by_name, x.undone_at, x.undone_by,"
    " w.display_name as undone_by_name, x.restored, x.kept",
    source="app.inventory_edits x left join app.members() u on u.user_id = x.created_by"
    " left join app.members() w on w.user_id = x.undone_by"
    " where x.engagement_id = :engagement_id",
    filters={
        "q": "lower(coalesce(x.reason, '')) like :q or lower(x.changes::text) like :q",
        "status": "x.status = :status",
    },
    facets={"status": "x.status"},
    sorts={"newest": ("-extract(epoch from x.created_at)::bigint", "bigint")},
    order="newest",
)

VALUES: Final = Listing(
    columns="x.asset_id as id, x.asset_id, a.name as asset, x.attribute, x.before, x.value,"
    " x.state",
    source="(select v.*, v.asset_id as id from app.inventory_edit_values v"
    " where v.edit_id = :edit_id) x join app.assets a on a.id = x.asset_id"
    " where a.engagement_id = :engagement_id",
    filters={"q": "a.name_key like :q", "state": "x.state = :state"},
    sorts={"asset": ("a.name_key || ' ' || x.attribute", "text")},
    order="asset",
)


class EditRow(BaseModel):
    """An edit by hand.

    Attributes:
        changes: attribute → value set; null clears.
        selection: by ids or by filters, as it was made.
        assets: how many assets it changed.
        status: made or undone.
        restored, kept: of an undone one, assets that are what they were without it, and values
            that had been changed again and stayed.
    """

    id: UUID
    changes: dict[str, Any]
    selection: dict[str, Any]
    reason: str | None
    assets: int
    status: str
    created_at: datetime
    created_by: UUID
    created_by_name: str | None
    undone_at: datetime | None
    undone_by: UUID | None
    undone_by_name: str | None
    restored: int | None
    kept: int | None


class EditValue(BaseModel):
    """What an edit changed about one attribute of an asset.

    Attributes:
        before: the value until then; null where there was none.
        value: what was set; null where it was cleared.
        state: current; overtaken by a later edit; or undone.
    """

    asset_id: UUID
    asset: str
    attribute: str
    before: Any
    value: Any
    state: str


class HandValue(BaseModel):
    """A value in force that a person set.

    Attributes:
        edit_id: the edit that can be taken back.
        by, by_name: who; no name once the person has left.
        before: the value until then.
    """

    edit_id: UUID
    attribute: str
    before: Any
    value: Any
    by: UUID
    by_name: str | None
    at: datetime
    reason: str | None


def edits(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[EditRow]:
    """A page of the edits, the newest first."""
    page = EDITS.page(session, engagement_id, wanted)
    return Page([EditRow(**r) for r in page.items], page.next)


def edit(session: TenantSession, engagement_id: UUID, edit_id: UUID) -> EditRow:
    """One edit.

    Raises:
        NotFound: the engagement has no such edit.
    """
    row = (
        session.execute(
            text(f"select {EDITS.columns} from {EDITS.source} and x.id = :edit_id"),
            {"engagement_id": engagement_id, "edit_id": edit_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return EditRow(**row)


def values(
    session: TenantSession, engagement_id: UUID, edit_id: UUID, wanted: Wanted
) -> Page[EditValue]:
    """A page of what an edit changed, by asset.

    Raises:
        NotFound: the engagement has no such edit.
    """
    edit(session, engagement_id, edit_id)
    page = VALUES.page(session, engagement_id, wanted, edit_id=edit_id)
    return Page([EditValue(**r) for r in page.items], page.next)


_SET: Final = text(
    "select v.edit_id, v.attribute, v.before, v.value, e.created_by as by,"
    " u.display_name as by_name, e.created_at as at, e.reason"
    " from app.inventory_edit_values v join app.inventory_edits e on e.id = v.edit_id"
    " left join app.members() u on u.user_id = e.created_by"
    " where v.asset_id = :asset_id and v.state = 'current' order by v.attribute"
)


def set_by_hand(session: TenantSession, asset_id: UUID) -> dict[str, HandValue]:
    """What is set by hand on an asset: attribute → value, who, when and why."""
    rows = session.execute(_SET, {"asset_id": asset_id}).mappings()
    return {row["attribute"]: HandValue(**row) for row in rows}
