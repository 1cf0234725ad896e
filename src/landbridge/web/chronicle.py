"""The event log of a flow in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from landbridge.flows.models import FlowEvent
from landbridge.flows.status import FlowView
from landbridge.web.measures import number
from landbridge.web.words import sentence, value, words

KINDS: Final = {
    "flow.created": ("Flow created", ""),
    "flow.running": ("Flow running", "info"),
    "flow.waiting": ("Waiting for a decision", "wait"),
    "flow.paused": ("Flow paused", "wait"),
    "flow.completed": ("Flow completed", "ok"),
    "flow.failed": ("Flow failed", "bad"),
    "flow.cancelled": ("Flow cancelled", ""),
    "phase.started": ("{phase} started", "info"),
    "phase.completed": ("{phase} completed", "ok"),
    "phase.failed": ("{phase} failed", "bad"),
    "gate.approved": ("Approved", "ok"),
    "gate.rejected": ("Rejected", "bad"),
    "note": ("{phase}", ""),
}
NOTES: Final = {"file_read": "{file} was read", "file_failed": "{file} could not be read"}
UNTOLD: Final = frozenset(
    {"by", "gate", "flow_type", "fields", "type", "instance", "status", "kind", "file", "unit"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the page shows it."""

    seq: int
    at: datetime
    text: str
    tone: str
    detail: str


def tell(flow: FlowView, events: Sequence[FlowEvent]) -> list[Told]:
    """The events in words, the newest first."""
    titles = {p.name: p.title for p in flow.phases}
    return [_tell(e, titles) for e in reversed(events)]


def _tell(event: FlowEvent, titles: Mapping[str, str]) -> Told:
    text, tone = KINDS.get(event.kind, (sentence(event.kind.replace(".", " ")), ""))
    title = titles.get(event.phase or "", sentence(event.phase) if event.phase else "Note")
    text = text.format(phase=title)
    note = NOTES.get(str(event.data.get("kind")))
    if note and "file" in event.data:
        text = note.replace("{file}", str(event.data["file"]))
    return Told(event.seq, event.at, text, tone, _detail(event.data))


def _detail(data: Mapping[str, Any]) -> str:
    if "detail" in data and "code" in data:
        return f"{data['detail']} ({data['code']})"
    if isinstance(data.get("text"), str):
        return str(data["text"])
    parts = []
    for key, item in data.items():
        if key in UNTOLD or key.endswith("_id") or not item or isinstance(item, (dict, list)):
            continue
        if key == "attempt" and item == 1:
            continue
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            parts.append(f"{number(item)} {words(key).lower()}")
        else:
            parts.append(f"{words(key)}: {value(item)}")
    return " · ".join(parts)
