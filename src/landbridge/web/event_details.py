"""What an event carries, as the second half of its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from landbridge.flows.definitions import FlowDefinition
from landbridge.web.measures import moment, number
from landbridge.web.people import People
from landbridge.web.words import sentence, value, words

Data = Mapping[str, Any]

UNTOLD: Final = frozenset(
    {"by", "gate", "flow_type", "fields", "type", "instance", "status", "kind", "file", "unit"}
)
RELEASED: Final = {
    "paused": "the flow was paused; it begins again on resume",
    "draining": "its worker is shutting down; another one takes it up",
}
FOUND: Final = {
    "no_job": "nothing was queued for it",
    "worker_lost": "its worker was gone",
    "abandoned": "its worker had let go of it",
    "overdue": "it ran longer than it may",
    "status_behind": "the flow's status was behind its phases",
    "gate_overdue": "a deadline had passed unseen",
    "orphaned_wait": "nobody had been asked",
    "event_gap": "events were missing",
    "unknown_to_workers": "no running worker knew its type, or this phase of it",
}
DONE: Final = {
    "queued_again": "queued again",
    "given_to_another_worker": "given to another worker",
    "ended_by_time_out": "ended by its time-out",
    "deadline_applied": "the deadline was applied",
    "gate_passed": "there was nothing to decide, so it goes on",
    "asked_again": "asked again",
    "status_corrected": "status corrected",
    "gap_marked": "the gap was marked",
}


@dataclass(frozen=True, slots=True)
class Naming:
    """How what an event refers to is called."""

    definition: FlowDefinition
    people: People

    def phase(self, key: str) -> str:
        """The title of a phase."""
        return next((p.title for p in self.definition.phases if p.key == key), sentence(key))

    def gate(self, key: str) -> str:
        """The title of a gate."""
        gates = (p.gate for p in self.definition.phases if p.gate)
        return next((g.title for g in gates if g.key == key), sentence(key))

    def choice(self, gate: str, key: str) -> str:
        """The title of a choice."""
        gates = (p.gate for p in self.definition.phases if p.gate)
        choices = (c for g in gates if g.key == gate for c in g.choices)
        return next((c.title for c in choices if c.key == key), sentence(key))


def plain(data: Data) -> str:
    """A problem's detail, a text, or what was counted."""
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


def _by(data: Data, naming: Naming) -> str:
    """Who did it and why."""
    said = [f"by {naming.people.name(data['by'])}" if data.get("by") else ""]
    said.append(f"“{data['reason']}”" if data.get("reason") else "")
    return _joined(*said)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _at(data: Data, key: str, text: str) -> str:
    """A sentence with a moment of the event in it, where it has one."""
    return text.format(moment(datetime.fromisoformat(data[key]))) if data.get(key) else ""


def _created(data: Data, naming: Naming) -> str:
    origin = f"forked at {naming.phase(data['phase'])}" if data.get("parent") else ""
    return _joined(origin, _at(data, "starts_at", "starts at {}"))


def _retried(data: Data, naming: Naming) -> str:
    again = ", ".join(naming.phase(key) for key in data.get("phases", ()))
    return _joined(f"again: {again}" if again else "", _by(data, naming))


def _prioritized(data: Data, naming: Naming) -> str:
    return _joined(f"now {data.get('priority', '')}", _by(data, naming))


def _scheduled(data: Data, naming: Naming) -> str:
    when = _at(data, "starts_at", "starts at {}") or "starts now"
    return _joined(when, _by(data, naming))


def _forked(data: Data, naming: Naming) -> str:
    return f"from {naming.phase(data['phase'])}" if data.get("phase") else ""


def _started(data: Data, _naming: Naming) -> str:
    attempt = data.get("attempt", 1)
    return f"attempt {attempt}" if attempt > 1 else ""


def _failed(data: Data, _naming: Naming) -> str:
    return _joined(plain(data), _at(data, "next_retry_at", "tried again at {}"))


def _flow_failed(data: Data, naming: Naming) -> str:
    if data.get("gate"):
        return f"nobody decided “{naming.gate(data['gate'])}” in time"
    return str(data.get("code") or "")


def _released(data: Data, _naming: Naming) -> str:
    why = str(data.get("why", ""))
    return RELEASED.get(why, words(why).lower())


def _worker_lost(data: Data, _naming: Naming) -> str:
    times = int(data.get("times", 1))
    return f"{times} times so far" if times > 1 else "another worker takes it up"


def _opened(data: Data, naming: Naming) -> str:
    title = str(data.get("title") or naming.gate(str(data.get("gate", ""))))
    asked = plain({k: v for k, v in data.items() if k not in {"title", "deadline_at"}})
    return _joined(title, asked, _at(data, "deadline_at", "until {}"))


def _decided(data: Data, naming: Naming) -> str:
    gate = str(data.get("gate", ""))
    chosen = f"“{naming.choice(gate, data['choice'])}”" if data.get("choice") else ""
    if data.get("automatic"):
        return _joined(naming.gate(gate), chosen, "by the deadline's default")
    return _joined(naming.gate(gate), chosen, _by(data, naming))


def _delegated(data: Data, naming: Naming) -> str:
    to = f"to {naming.people.name(data.get('to'))}"
    return _joined(to, _at(data, "deadline_at", "until {}"), _by(data, naming))


def _cancelled(data: Data, naming: Naming) -> str:
    if data.get("gate"):
        return f"“{naming.gate(data['gate'])}” was rejected"
    return _by(data, naming)


def _nothing(_data: Data, _naming: Naming) -> str:
    return ""


def _healed(data: Data, _naming: Naming) -> str:
    finding, action = str(data.get("finding", "")), str(data.get("action", ""))
    return _joined(
        FOUND.get(finding, words(finding).lower()), DONE.get(action, words(action).lower())
    )


DETAILS: Final[dict[str, Callable[[Data, Naming], str]]] = {
    "flow.created": _created,
    "flow.paused": _by,
    "flow.resumed": _by,
    "flow.waiting": lambda data, naming: naming.gate(data["gate"]) if data.get("gate") else "",
    "flow.cancelled": _cancelled,
    "flow.failed": _flow_failed,
    "flow.retried": _retried,
    "flow.prioritized": _prioritized,
    "flow.scheduled": _scheduled,
    "flow.forked": _forked,
    "phase.started": _started,
    "phase.failed": _failed,
    "phase.skipped": _nothing,
    "phase.released": _released,
    "phase.worker_lost": _worker_lost,
    "gate.opened": _opened,
    "gate.approved": _decided,
    "gate.rejected": _decided,
    "gate.delegated": _delegated,
    "watchdog.healed": _healed,
}
