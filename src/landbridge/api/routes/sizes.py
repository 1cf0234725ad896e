"""What size servers need, from their measured use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from landbridge.api.auth import CanEdit, CanView
from landbridge.api.bodies import OneOf, Sent
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.discovery.techdebt.sizing import queries
from landbridge.discovery.techdebt.sizing.queries import SizeRow, SizeTotals
from landbridge.discovery.techdebt.sizing.settings import (
    SizingSettings,
    change_settings,
    settings_of,
)
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["sizes"], responses=problems(InvalidCursor))

Text = Annotated[str, Query(max_length=200)]
Order = Annotated[bool, Query(description="The order turned round.")]


class WantedSizing(SizingSettings, Sent):
    """How sizes are to be worked out; what is left out gets its default."""


@router.get("/sizes", summary="Recommended sizes")
def list_sizes(
    context: CanView,
    q: Text = "",
    change: Text = "",
    environment: Text = "",
    sort: Annotated[str, OneOf(queries.SIZES.sorts)] = "name",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[SizeRow]:
    """Every server and virtual machine, with arithmetic; no size where the use is not known."""
    filters = {"q": q, "change": change, "environment": environment}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    chosen = settings_of(context.session, context.engagement_id)
    page = queries.sizes(context.session, context.engagement_id, wanted, chosen)
    return PageOf(items=page.items, next=page.next)


@router.get("/sizes/totals", summary="Recommended sizes, added up")
def show_totals(context: CanView) -> SizeTotals:
    """Over the servers of which both the present and the recommended size are known."""
    chosen = settings_of(context.session, context.engagement_id)
    return queries.totals(context.session, context.engagement_id, chosen)


@router.get("/sizes/settings", summary="How sizes are worked out")
def show_settings(context: CanView) -> SizingSettings:
    """Headroom, what the figures are, floors and steps."""
    return settings_of(context.session, context.engagement_id)


@router.put("/sizes/settings", summary="Change how sizes are worked out")
def put_settings(context: CanEdit, body: WantedSizing) -> SizingSettings:
    """From now on; sizes are worked out when they are read."""
    wanted = SizingSettings(**body.model_dump())
    change_settings(context.session, context.engagement_id, wanted)
    return wanted
