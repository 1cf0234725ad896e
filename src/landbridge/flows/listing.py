"""Lists of flows: filtered, in pages, with everything their views need read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import select

from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.flows.models import Approval, Flow, PhaseRun
from landbridge.flows.past import past
from landbridge.flows.status import FlowView, view
from landbridge.kit.pagination import Page

_ASKED: Final = (
    "exists (select from app.approvals a where a.flow_id = x.id and a.status = 'pending'"
)

FLOWS: Final = Listing(
    columns="x.id",
    source="app.flows x where true",
    filters={
        "engagement": "x.engagement_id = cast(:engagement as uuid)",
        "status": "x.status = :status",
        "type": "x.flow_type = :type",
        "parent": "x.parent_id = cast(:parent as uuid)",
        "asks": f"{_ASKED})",
        "assigned": f"{_ASKED} and a.assigned_to = cast(:assigned as uuid))",
    },
    sorts={"created": ("x.created_at", "timestamptz")},
    order="created",
)
"""Flows of the open account. `asks` keeps those that wait for a decision of anybody, whatever
its value; `assigned` those that wait for one that was handed to this member.
"""


def page(session: TenantSession, wanted: Wanted) -> Page[FlowView]:
    """One page of flows.

    Raises:
        InvalidCursor: the cursor was made for another list.
    """
    found = FLOWS.page(session, None, wanted)
    return Page(views(session, [row["id"] for row in found.items]), found.next)


def views(session: TenantSession, flow_ids: Sequence[UUID]) -> list[FlowView]:
    """The views of these flows of the open account, in this order."""
    if not flow_ids:
        return []
    fresh = {"populate_existing": True}
    flows = session.scalars(select(Flow).where(Flow.id.in_(flow_ids)).execution_options(**fresh))
    runs: dict[UUID, list[PhaseRun]] = defaultdict(list)
    for run in session.scalars(
        select(PhaseRun)
        .where(PhaseRun.flow_id.in_(flow_ids))
        .order_by(PhaseRun.position, PhaseRun.attempt)
        .execution_options(**fresh)
    ):
        runs[run.flow_id].append(run)
    approvals: dict[UUID, list[Approval]] = defaultdict(list)
    for approval in session.scalars(
        select(Approval)
        .where(Approval.flow_id.in_(flow_ids))
        .order_by(Approval.requested_at)
        .execution_options(**fresh)
    ):
        approvals[approval.flow_id].append(approval)
    known = cache(lambda flow_type: past(session, flow_type))
    shown = {f.id: view(f, runs[f.id], approvals[f.id], known) for f in flows}
    return [shown[flow_id] for flow_id in flow_ids if flow_id in shown]
