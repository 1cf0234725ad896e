"""The one status vocabulary of flows and phases, and the one table of transitions."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class FlowStatus(StrEnum):
    """Where a flow is in its life."""

    INITIALIZED = "initialized"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PhaseStatus(StrEnum):
    """Where one attempt at a phase is in its life."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class ApprovalStatus(StrEnum):
    """Whether a person has decided."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Priority(IntEnum):
    """Which of a client account's flows go first; the smaller number does."""

    HIGH = 1
    NORMAL = 2
    LOW = 3


S = FlowStatus
FLOW_TRANSITIONS: Final[dict[FlowStatus, frozenset[FlowStatus]]] = {
    S.INITIALIZED: frozenset({S.RUNNING, S.PAUSED, S.CANCELLED, S.FAILED}),
    S.RUNNING: frozenset({S.WAITING, S.PAUSED, S.COMPLETED, S.FAILED, S.CANCELLED}),
    S.WAITING: frozenset({S.RUNNING, S.PAUSED, S.FAILED, S.CANCELLED}),
    S.PAUSED: frozenset({S.INITIALIZED, S.RUNNING, S.CANCELLED}),
    S.FAILED: frozenset({S.RUNNING, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.CANCELLED: frozenset(),
}

TERMINAL: Final = frozenset({S.COMPLETED, S.FAILED, S.CANCELLED})
"""A flow in one of these does no work; a failed one can be started again by retry."""


def is_allowed(current: FlowStatus, target: FlowStatus) -> bool:
    """Whether the table has the step from `current` to `target`."""
    return target in FLOW_TRANSITIONS[current]
