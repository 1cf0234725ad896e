"""What people may do with a flow, and in which status."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from landbridge.flows.errors import ActionRefused
from landbridge.flows.states import FlowStatus


class Action(StrEnum):
    """The actions of a flow's life, as the API, the command line and the buttons name them."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    FORK = "fork"
    SCHEDULE = "schedule"
    PRIORITIZE = "prioritize"
    APPROVE = "approve"
    REJECT = "reject"
    DELEGATE = "delegate"


A, S = Action, FlowStatus
DECISIONS: Final = (A.APPROVE, A.REJECT, A.DELEGATE)
ACTIONS: Final[dict[FlowStatus, tuple[Action, ...]]] = {
    S.INITIALIZED: (A.PAUSE, A.CANCEL, A.SCHEDULE, A.PRIORITIZE),
    S.RUNNING: (A.PAUSE, A.CANCEL, A.PRIORITIZE, A.FORK),
    S.WAITING: (A.PAUSE, A.CANCEL, A.PRIORITIZE, A.FORK),
    S.PAUSED: (A.RESUME, A.CANCEL, A.PRIORITIZE, A.FORK),
    S.FAILED: (A.RETRY, A.CANCEL, A.FORK),
    S.COMPLETED: (A.FORK,),
    S.CANCELLED: (A.FORK,),
}


def possible(status: FlowStatus, *, decision_open: bool) -> list[Action]:
    """What can be done now; decisions only while one is open and the flow lives."""
    decisions = DECISIONS if decision_open and A.CANCEL in ACTIONS[status] else ()
    return [*decisions, *ACTIONS[status]]


def require(action: Action, status: FlowStatus, *, decision_open: bool = False) -> None:
    """Refuse an action that the flow's status does not allow.

    Raises:
        ActionRefused: naming what is possible now.
    """
    now = possible(status, decision_open=decision_open)
    if action not in now:
        raise ActionRefused(
            action=action.value, current=status.value, possible=", ".join(now) or "nothing"
        )
