"""The closed vocabularies of webhooks, and the kinds of events that can be subscribed to."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

EVERYTHING: Final = "*"
TEST: Final = "webhook.test"
DISABLED: Final = "webhook.disabled"

KINDS: Final[dict[str, str]] = {
    "flow.created": "A flow was created",
    "flow.running": "A flow runs, for the first time or again",
    "flow.waiting": "A flow waits for a person",
    "flow.paused": "A flow was paused",
    "flow.completed": "A flow completed",
    "flow.failed": "A flow failed",
    "flow.cancelled": "A flow was cancelled",
    "phase.started": "A phase of a flow started",
    "phase.completed": "A phase of a flow completed",
    "phase.failed": "A phase of a flow failed",
    "gate.opened": "A gate asks for a decision",
    "gate.approved": "Somebody approved at a gate",
    "gate.rejected": "Somebody rejected at a gate",
    "watchdog.healed": "The watchdog put a flow right",
    DISABLED: "Another webhook was switched off because it kept failing",
}
"""Kind → what happened. Notes of phases are not sent: they are many, and for reading only."""


class DeliveryStatus(StrEnum):
    """Where one message to one address is in its life."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class DisabledReason(StrEnum):
    """Why a subscription gets nothing."""

    SWITCHED_OFF = "switched_off"
    GONE = "gone"
    FAILING = "failing"
