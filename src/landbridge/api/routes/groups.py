"""Groups of assets that move together, and the graph of these groups."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from landbridge.api.auth import CanStart, CanView
from landbridge.api.bodies import OneOf, Sent
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.routes.flows import CreatedFlow, NewFlow, start_flow
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.database.refusals import AccountLeaving
from landbridge.discovery.graph import queries
from landbridge.discovery.graph.flow import GROUP_ASSETS, GroupingInputs
from landbridge.discovery.graph.queries import GroupDetail, GroupGraph, GroupMember, GroupRow
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["groups"], responses=problems(InvalidCursor))

Text = Annotated[str, Query(max_length=200)]
Order = Annotated[bool, Query(description="The order turned round.")]
Drawn = Annotated[int, Query(ge=1, le=2_000, description="Groups at most, the largest first.")]


class WantedGroups(GroupingInputs, Sent):
    """How large groups should be, on average."""


@router.get("/groups/graph", summary="The graph of groups")
def show_graph(context: CanView, limit: Drawn = queries.DRAWN) -> GroupGraph:
    """The largest groups and how many edges lead from each to each, as last worked out."""
    return queries.group_graph(context.session, context.engagement_id, limit)


@router.get("/groups", summary="Groups")
def list_groups(
    context: CanView,
    q: Text = "",
    kind: Text = "",
    sort: Annotated[str, OneOf(queries.GROUPS.sorts)] = "number",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[GroupRow]:
    """The largest first; each says why its assets are together."""
    wanted = Wanted({"q": q, "kind": kind}, sort, descending, limit, cursor)
    page = queries.groups(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.post(
    "/groups",
    summary="Group the assets",
    status_code=201,
    response_model=CreatedFlow,
    responses=problems(TooManyOpenFlows, FlowsTooFast, AccountLeaving),
)
def group_assets(context: CanStart, body: WantedGroups, key: Key) -> Response:
    """A flow that finds the groups of the engagement's assets; they replace those of before."""
    return once(
        context,
        key,
        "group_assets",
        fingerprint(context.engagement_id, str(body.group_size)),
        lambda: start_flow(context, grouping_of(body)),
    )


def grouping_of(wanted: GroupingInputs) -> NewFlow:
    """The flow that groups the assets."""
    return NewFlow(flow_type=GROUP_ASSETS, inputs={"group_size": wanted.group_size})


@router.get("/groups/{asset_group_id}", summary="A group")
def show_group(context: CanView, asset_group_id: UUID) -> GroupDetail:
    """Why its assets are together, and which groups it needs and which need it."""
    return queries.group(context.session, context.engagement_id, asset_group_id)


@router.get("/groups/{asset_group_id}/members", summary="The assets of a group")
def list_members(
    context: CanView,
    asset_group_id: UUID,
    q: Text = "",
    sort: Annotated[str, OneOf(queries.MEMBERS.sorts)] = "name",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[GroupMember]:
    """By name."""
    queries.group(context.session, context.engagement_id, asset_group_id)
    wanted = Wanted({"q": q}, sort, descending, limit, cursor)
    page = queries.members(context.session, context.engagement_id, asset_group_id, wanted)
    return PageOf(items=page.items, next=page.next)
