"""What imports changed in the inventory."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from landbridge.api.auth import CanView
from landbridge.api.bodies import OneOf
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.discovery.imports import queries
from landbridge.discovery.inventory.changes import CHANGE, CHANGES, ChangeRow, changes
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["imports"])


@router.get(
    "/imports/{import_id}/changes",
    summary="What an import changed in the inventory",
    responses=problems(InvalidCursor),
)
def list_changes(
    context: CanView,
    import_id: UUID,
    q: Annotated[str, Query(max_length=200)] = "",
    change: Annotated[str, OneOf(("", *CHANGE))] = "",
    sort: Annotated[str, OneOf(CHANGES.sorts)] = "name",
    descending: bool = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[ChangeRow]:
    """Assets it brought (`new`), of which its source says something else than before
    (`changed`), to which it adds (`completed`), and which its source listed before and no longer
    does (`absent`; they stay in the inventory). What it left as it was is not listed.
    """
    queries.require_import(context.session, context.engagement_id, import_id)
    wanted = Wanted({"q": q, "change": change}, sort, descending, limit, cursor)
    page = changes(context.session, context.engagement_id, import_id, wanted)
    return PageOf(items=page.items, next=page.next)
