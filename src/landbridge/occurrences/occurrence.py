"""One error that occurred: which, where, in whose account, and with what trace id."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from landbridge.errors.catalogue import Category, LandbridgeError
from landbridge.kit.clock import now
from landbridge.kit.frames import frames_of, type_of
from landbridge.kit.ids import new_id
from landbridge.kit.scene import UNKNOWN_PLACE, current_scene
from landbridge.kit.tracing import current_trace_id

LONGEST: Final = 200
"""Characters of a place or a name of code; the table refuses more."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One error that occurred. Holds names of code and ids, never a message or a value.

    Attributes:
        place: a route's template, a command, a phase, a thread.
        client_account_id: whose account it happened in; the database believes it only with
            the credential that opens it, or with a flow or a message that is in it.
        action: what was done about it.
        error_type: of a defect, the exception's type; `frames` says where it came from.
    """

    code: str
    category: Category
    status: int
    place: str
    trace_id: str
    client_account_id: UUID | None = None
    credential_hash: bytes | None = None
    flow_id: UUID | None = None
    delivery_id: UUID | None = None
    phase: str | None = None
    attempt: int | None = None
    action: str | None = None
    error_type: str | None = None
    frames: tuple[str, ...] = ()
    at: datetime = field(default_factory=now)
    id: UUID = field(default_factory=new_id)

    @classmethod
    def of(cls, error: LandbridgeError, place: str | None = None, **known: Any) -> Occurrence:
        """The occurrence of an error in the current scene; `known` says more or otherwise."""
        scene = current_scene()
        told: dict[str, Any] = {"trace_id": current_trace_id()}
        if scene is not None:
            told["client_account_id"] = scene.client_account_id
            told["credential_hash"] = scene.credential_hash
            place = place or scene.place
        if error.category is Category.BUG:
            cause = error.__cause__ or error
            told["error_type"], told["frames"] = type_of(cause), tuple(frames_of(cause))
        return cls(
            code=error.code,
            category=error.category,
            status=error.status,
            place=(place or UNKNOWN_PLACE)[:LONGEST],
            **{**told, **known},
        )

    @property
    def group(self) -> tuple[str, str, UUID | None, datetime]:
        """What it is counted with: code, place, account and hour."""
        hour = self.at.replace(minute=0, second=0, microsecond=0)
        return self.code, self.place, self.client_account_id, hour

    def as_json(self) -> dict[str, Any]:
        """What is stored of it beside its group."""
        return {
            "id": self.id,
            "at": self.at,
            "status": self.status,
            "trace_id": self.trace_id[:64],
            "credential": _hex(self.credential_hash),
            "flow": self.flow_id,
            "delivery": self.delivery_id,
            "phase": self.phase and self.phase[:LONGEST],
            "attempt": self.attempt,
            "action": self.action and self.action[:100],
            "error_type": self.error_type,
            "frames": list(self.frames),
        }


def _hex(value: bytes | None) -> str | None:
    return value.hex() if value else None


def proof_of(occurrence: Occurrence) -> dict[str, Any]:
    """By what the database believes whose account it is."""
    return {
        "credential": _hex(occurrence.credential_hash),
        "flow": occurrence.flow_id,
        "delivery": occurrence.delivery_id,
    }
