"""Following several flows by one stream, without polling each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack
from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from landbridge.api.services import Services
from landbridge.database.session import CredentialAccess, TenantSession

QUIET_SECONDS: Final = 1.0
"""A list is told at most this often."""
LOOK_AGAIN_SECONDS: Final = 10.0
"""How soon a flow appears that was created elsewhere; also when a lost membership ends it."""

Read = Callable[[TenantSession], tuple[Iterable[UUID], str]]
"""Reads the flows that are shown, and the part of the page that shows them."""


async def changes(
    request: Request, services: Services, access: CredentialAccess, read: Read
) -> AsyncIterator[str]:
    """The part of the page, now and whenever it has changed, until the reader goes."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()
    followed: set[UUID] = set()
    told = ""

    def wake() -> None:
        loop.call_soon_threadsafe(woken.set)

    def look() -> tuple[set[UUID], str]:
        with services.databases.app.open(access) as session:
            flow_ids, html = read(session)
            return set(flow_ids), html

    with ExitStack() as stack:
        while not await request.is_disconnected():
            woken.clear()
            flow_ids, html = await run_in_threadpool(look)
            if html != told:
                told = html
                yield html
            for flow_id in flow_ids - followed:  # what changed before we listened is read now
                stack.enter_context(services.wakeups.following(flow_id, wake))
                woken.set()
            followed |= flow_ids
            await asyncio.sleep(QUIET_SECONDS)
            try:
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await woken.wait()
            except TimeoutError:
                continue
