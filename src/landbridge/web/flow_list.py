"""The flows of an engagement as a list: what it can be narrowed to, and its page of flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from sqlalchemy import text

from landbridge.database.listing import Listing
from landbridge.database.session import TenantSession
from landbridge.flows import listing
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action as Permitted
from landbridge.identity.permissions import allows
from landbridge.web.lists import ListView
from landbridge.web.words import FLOW_STATUS, sentence

FOR_ME: Final = """exists (select from app.approvals p where p.flow_id = x.id
 and p.status = 'pending' and (p.assigned_to is null or p.assigned_to = :me))
 and x.status not in ('completed', 'cancelled')"""
"""A flow `x` that waits for a decision which `:me` was asked for, or nobody in particular."""

FLOWS: Final = Listing(
    columns="x.id",
    source="app.flows x where x.engagement_id = :engagement_id",
    filters={
        "status": "x.status = :status",
        "type": "x.flow_type = :type",
        "waits": f":waits = 'me' and {FOR_ME}",
    },
    facets={"status": "x.status", "type": "x.flow_type"},
    sorts={"newest": ("-(extract(epoch from x.created_at) * 1000000)::bigint", "bigint")},
    order="newest",
)
_FOR_ME: Final = text(
    f"select count(*) from app.flows x where x.engagement_id = :engagement_id and {FOR_ME}"
)


@dataclass(frozen=True, slots=True)
class FlowList:
    """One page of the list.

    Attributes:
        for_me: how many flows of the engagement wait for the person who looks.
    """

    view: ListView
    flows: list[FlowView]
    facets: dict[str, Any]
    total: int
    for_me: int


def read(request: Request, session: TenantSession, engagement_id: UUID) -> FlowList:
    """The page that the address asks for.

    Raises:
        InvalidCursor: the cursor was made for another list.
    """
    view = ListView.of(request, FLOWS, status=status_name, type=sentence, waits=_waits)
    view.path = view.path.removesuffix("/stream").removesuffix("/bulk")
    named = {"me": session.user_id}
    found = FLOWS.page(session, engagement_id, view.wanted, **named)
    view.following = found.next
    return FlowList(
        view,
        listing.views(session, [row["id"] for row in found.items]),
        view.facets(FLOWS.counts(session, engagement_id, view.wanted, **named)),
        FLOWS.total(session, engagement_id, view.wanted, **named),
        count_for_me(session, engagement_id),
    )


def count_for_me(session: TenantSession, engagement_id: UUID) -> int:
    """How many flows wait for the session's user; none for a role that cannot decide."""
    if not allows(session.role, Permitted.DECIDE_APPROVAL):
        return 0
    named = {"engagement_id": engagement_id, "me": session.user_id}
    return int(session.execute(_FOR_ME, named).scalar_one())


def status_name(status: str) -> str:
    """A flow's status in words."""
    return FLOW_STATUS.get(status, sentence(status))


def _waits(_value: str) -> str:
    return "me"
