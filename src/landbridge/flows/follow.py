"""Following a flow: stored events in order, and its state, until it ends or waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from landbridge.database.session import Access, SessionDoor
from landbridge.flows.models import FlowEvent
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import TERMINAL
from landbridge.flows.status import FlowView
from landbridge.flows.wakeups import Wakeups

RECHECK_SECONDS: Final = 2.0  # a follower looks by itself this often, whatever it hears


@dataclass(frozen=True, slots=True)
class News:
    """What is new about a flow: its state now, and the events since the last news."""

    flow: FlowView
    events: list[FlowEvent]


def news(
    orchestrator: MasterFlowOrchestrator,
    door: SessionDoor,
    access: Access,
    flow_id: UUID,
    after_seq: int,
) -> News:
    """The state of a flow and its events after `after_seq`, from one transaction.

    Raises:
        NotFound: no such flow in the account.
    """
    with door.open(access) as session:
        flow = orchestrator.status(session, flow_id)
        return News(flow, orchestrator.events(session, flow_id, after_seq))


def follow(
    orchestrator: MasterFlowOrchestrator,
    door: SessionDoor,
    access: Access,
    flow_id: UUID,
    wakeups: Wakeups,
) -> Iterator[News]:
    """Yield news of a flow from its beginning, until it has ended.

    The caller stops when it wants, for instance when the flow waits for a person.
    """
    woken = threading.Event()
    seen = 0
    with wakeups.following(flow_id, woken.set):
        while True:
            latest = news(orchestrator, door, access, flow_id, seen)
            if latest.events:
                seen = latest.events[-1].seq
            yield latest
            if latest.flow.status in TERMINAL and seen >= latest.flow.last_event_seq:
                return
            woken.wait(RECHECK_SECONDS)
            woken.clear()
