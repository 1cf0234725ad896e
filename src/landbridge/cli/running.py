"""Running a flow from a command: with the workers that are there, or one of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from uuid import UUID

from landbridge.assembly.platform import Platform
from landbridge.database.session import Access
from landbridge.flows.follow import News, follow
from landbridge.flows.leases import live_executors
from landbridge.flows.wakeups import Wakeups
from landbridge.worker.runtime import running_worker


def run(platform: Platform, access: Access, flow_id: UUID) -> Generator[News]:
    """News of a flow, while making sure that some worker runs it.

    Starts a worker in this process when none is alive, and also when the last one dies.
    """
    databases = platform.databases
    with ExitStack() as stack:
        wakeups = stack.enter_context(Wakeups(databases.app_url))
        own_worker = False
        for news in follow(platform.orchestrator, databases.app, access, flow_id, wakeups):
            if not own_worker and not live_executors(databases.worker):
                stack.enter_context(running_worker(databases.worker, platform.types))
                own_worker = True
            yield news
