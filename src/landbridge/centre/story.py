"""The story of one trace id: what was asked, what was done with it, and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from landbridge.centre.desk import Desk
from landbridge.centre.errors import TraceUnknown
from landbridge.centre.models import Moment, Story

TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")


def well_formed(trace_id: str) -> str:
    """The trace id in lower case.

    Raises:
        TraceUnknown: it is none, so nothing has it.
    """
    given = trace_id.strip().lower()
    if not TRACE_ID.fullmatch(given):
        raise TraceUnknown
    return given


def of_all(desk: Desk, trace_id: str) -> Story:
    """The whole story, over all client accounts.

    Raises:
        TraceUnknown: there is none.
    """
    given = well_formed(trace_id)
    return told(given, [Moment.model_validate(_whole(row)) for row in desk.ask("trace", given)])


def told(trace_id: str, moments: Iterable[Moment]) -> Story:
    """A story from its moments.

    Raises:
        TraceUnknown: there are none.
    """
    known = sorted(moments, key=lambda moment: (moment.at, _ORDER.index(moment.kind)))
    if not known:
        raise TraceUnknown
    for moment in known:
        moment.detail = {k: v for k, v in moment.detail.items() if v is not None}
    return Story(
        trace_id=trace_id,
        moments=known,
        flows=list(dict.fromkeys(m.flow_id for m in known if m.flow_id)),
        codes=list(dict.fromkeys(m.code for m in known if m.kind == "error")),
    )


def sentence(moment: Moment) -> str:
    """What a moment says, in words."""
    return _SENTENCES[moment.kind](moment)


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "detail": row.get("detail") or {}}


def _words(name: str | None) -> str:
    return (name or "").replace("_", " ").replace(".", " ")


def _error(moment: Moment) -> str:
    action = moment.detail.get("action")
    said = f"Error {moment.code} at {moment.place}"
    return f"{said}: {_words(action)}" if action else said


def _event(moment: Moment) -> str:
    where = f"Phase {moment.phase}" if moment.phase else "Flow"
    error = moment.detail.get("error")
    return f"{where}: {_words(moment.code.partition('.')[2])}" + (f", {error}" if error else "")


def _attempt(moment: Moment) -> str:
    said = f"Phase {moment.phase}, attempt {moment.detail.get('attempt')}: {moment.code}"
    return f"{said}, {moment.detail['error']}" if moment.detail.get("error") else said


def _watchdog(moment: Moment) -> str:
    found, done = moment.detail.get("finding"), moment.detail.get("action")
    return f"The watchdog found {_words(found)} and did: {_words(done)}"


def _audit(moment: Moment) -> str:
    return f"Audit: {_words(moment.code)} ({moment.place or 'inside'})"


def _sending(moment: Moment) -> str:
    status = moment.detail.get("status")
    answer = f", HTTP {status}" if status else ""
    return f"Webhook, attempt {moment.detail.get('attempt')}: {moment.code}{answer}"


_SENTENCES: Final[dict[str, Callable[[Moment], str]]] = {
    "audit": _audit,
    "flow": lambda m: f"Flow of type {m.code} created; it is {m.detail.get('status')} now",
    "event": _event,
    "attempt": _attempt,
    "gate": lambda m: f"Gate {m.detail.get('gate')} after phase {m.phase}: {m.code}",
    "watchdog": _watchdog,
    "delivery": lambda m: f"Webhook message {m.place}: {m.code}",
    "sending": _sending,
    "error": _error,
}
_ORDER: Final = list(_SENTENCES)
"""Of what happened at the same moment, what came of the other stands behind it."""
