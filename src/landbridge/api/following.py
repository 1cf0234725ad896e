"""Following a flow without polling and without holding a thread or a connection meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from landbridge.api.auth import CanView, EngagementContext
from landbridge.api.services import Services
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows.models import FlowEvent
from landbridge.flows.states import TERMINAL
from landbridge.flows.status import FlowView

T = TypeVar("T")

QUIET_SECONDS: Final = 0.2
"""News that come closer together than this are told together."""
LOOK_AGAIN_SECONDS: Final = 10.0
"""How often a stream looks without having been woken; also when a lost membership ends it."""


@dataclass(frozen=True, slots=True)
class Following:
    """A flow that may be followed, and on whose behalf."""

    services: Services
    access: CredentialAccess
    engagement_id: UUID
    flow_id: UUID


def flow_in(context: EngagementContext, flow_id: UUID) -> FlowView:
    """The flow of this engagement.

    Raises:
        NotFound: the engagement has none of this id.
    """
    flow = context.services.orchestrator.status(context.session, flow_id)
    if flow.engagement_id != context.engagement_id:
        raise NotFound
    return flow


def following_access(context: CanView, flow_id: UUID) -> Following:
    """Check once that the flow is there; every later look opens the account anew.

    Raises:
        NotFound: the engagement has no such flow.
    """
    flow_in(context, flow_id)
    access = CredentialAccess(context.caller.credential_hash, context.client_account_id)
    return Following(context.services, access, context.engagement_id, flow_id)


MayFollow = Annotated[Following, Depends(following_access, scope="function")]


def events_since(
    following: Following, session: TenantSession, after: int
) -> tuple[FlowView, int, Sequence[FlowEvent]]:
    """The flow's state and the events after `after`."""
    orchestrator = following.services.orchestrator
    flow = orchestrator.status(session, following.flow_id)
    events = orchestrator.events(session, following.flow_id, after)
    return flow, events[-1].seq if events else after, events


Read = Callable[[Following, TenantSession, int], tuple[FlowView, int, T]]
"""Reads what a follower wants: the flow, the number of the last event seen, and the rest."""


async def news(
    request: Request, following: Following, after: int, read: Read[T]
) -> AsyncIterator[tuple[FlowView, T]]:
    """What `read` finds, now and after every change, until the flow does no more work."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(woken.set)

    def look(after: int) -> tuple[FlowView, int, T]:
        with following.services.databases.app.open(following.access) as session:
            return read(following, session, after)

    with following.services.wakeups.following(following.flow_id, wake):
        while not await request.is_disconnected():
            woken.clear()
            flow, after, found = await run_in_threadpool(look, after)
            yield flow, found
            if flow.status in TERMINAL and after >= flow.last_event_seq:
                return
            await asyncio.sleep(QUIET_SECONDS)
            try:
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await woken.wait()
            except TimeoutError:
                continue
