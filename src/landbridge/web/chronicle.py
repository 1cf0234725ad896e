"""The event log of a flow in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.models import FlowEvent
from landbridge.web.event_details import DETAILS, Naming, plain
from landbridge.web.people import People
from landbridge.web.words import sentence

KINDS: Final = {
    "flow.created": ("Flow created", ""),
    "flow.initialized": ("Flow waits to begin", ""),
    "flow.running": ("Flow running", "info"),
    "flow.waiting": ("Waiting for a decision", "wait"),
    "flow.paused": ("Flow paused", "wait"),
    "flow.resumed": ("Flow resumed", "info"),
    "flow.completed": ("Flow completed", "ok"),
    "flow.failed": ("Flow failed", "bad"),
    "flow.cancelled": ("Flow cancelled", ""),
    "flow.retried": ("Flow retried", "info"),
    "flow.prioritized": ("Priority changed", ""),
    "flow.scheduled": ("Start moved", ""),
    "flow.forked": ("Flow forked", ""),
    "phase.started": ("{phase} started", "info"),
    "phase.completed": ("{phase} completed", "ok"),
    "phase.failed": ("{phase} failed", "bad"),
    "phase.skipped": ("{phase} skipped", ""),
    "phase.released": ("{phase} was given back", "wait"),
    "phase.worker_lost": ("{phase} lost its worker", "bad"),
    "gate.opened": ("Decision asked for", "wait"),
    "gate.approved": ("Approved", "ok"),
    "gate.rejected": ("Rejected", "bad"),
    "gate.delegated": ("Decision delegated", "wait"),
    "watchdog.healed": ("The watchdog put something right", "wait"),
    "event.lost": ("An event was lost", "bad"),
    "note": ("{phase}", ""),
}
NOTES: Final = {"file_read": "{file} was read", "file_failed": "{file} could not be read"}


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the page shows it; `link` is the id of a flow that it speaks of."""

    seq: int
    at: datetime
    text: str
    tone: str
    detail: str
    link: str = ""


def tell(definition: FlowDefinition, people: People, events: Sequence[FlowEvent]) -> list[Told]:
    """The events in words, the newest first."""
    naming = Naming(definition, people)
    return [_tell(event, naming) for event in reversed(events)]


def _tell(event: FlowEvent, naming: Naming) -> Told:
    data: Mapping[str, Any] = event.data
    text, tone = KINDS.get(event.kind, (sentence(event.kind.replace(".", " ")), ""))
    text = text.format(phase=naming.phase(event.phase) if event.phase else "Note")
    note = NOTES.get(str(data.get("kind")))
    if note and "file" in data:
        text = note.replace("{file}", str(data["file"]))
    detail = DETAILS[event.kind](data, naming) if event.kind in DETAILS else plain(data)
    link = data.get("child") or data.get("parent") or ""
    return Told(event.seq, event.at, text, tone, detail, str(link))
