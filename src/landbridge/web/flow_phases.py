"""What the page says about each phase of a flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from landbridge.flows.crew import Crew
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.history import FailedAttempt
from landbridge.flows.states import TERMINAL, ApprovalStatus, FlowStatus, PhaseStatus
from landbridge.flows.status import ApprovalView, FlowView, PhaseView
from landbridge.kit.clock import now
from landbridge.web.measures import moment
from landbridge.web.people import People

UNKNOWN: Final = "Waits for a worker that knows it: none is running"
OVER: Final = frozenset({PhaseStatus.COMPLETED, PhaseStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class GateLine:
    """The gate after a phase, in a line; `tone` is that of its state."""

    title: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase as the page shows it.

    Attributes:
        number: its place in the flow, from 1.
        attempts: how often it is tried by itself before it fails for good.
        waits: what it waits for, or why it does not run; empty while it runs and afterwards.
        next_try: when an attempt that waits after a failure begins.
        failed: attempts that failed, the latest first.
    """

    view: PhaseView
    number: int
    attempts: int
    waits: str
    next_try: datetime | None
    failed: Sequence[FailedAttempt]
    gate: GateLine | None


def lines(
    flow: FlowView,
    definition: FlowDefinition,
    failed: Mapping[str, Sequence[FailedAttempt]],
    people: People,
    workers: Crew,
) -> dict[str, PhaseLine]:
    """The phases of a flow by key, in their order."""
    moment_now = now()
    found = {}
    for number, view in enumerate(flow.phases, 1):
        defined = definition.phase(view.name)
        waiting = view.not_before is not None and view.not_before > moment_now
        is_next = view.status == PhaseStatus.PENDING and waiting and flow.status not in TERMINAL
        found[view.name] = PhaseLine(
            view=view,
            number=number,
            attempts=defined.retry.attempts,
            waits="" if is_next else _waits(flow, definition, view, workers),
            next_try=view.not_before if is_next else None,
            failed=failed.get(view.name, ()),
            gate=_gate_line(flow, defined, view, people),
        )
    return found


def _waits(flow: FlowView, definition: FlowDefinition, view: PhaseView, workers: Crew) -> str:
    if view.status == PhaseStatus.SKIPPED:
        return _skipped(flow, definition, definition.phase(view.name))
    if view.status != PhaseStatus.PENDING:
        return ""
    if flow.status == FlowStatus.FAILED:
        return "Not started: the flow failed before"
    if flow.status in TERMINAL:
        return "Not started"
    if before := _before(flow, definition, view):
        return before
    if flow.status == FlowStatus.PAUSED:
        return "Begins when the flow is resumed"
    if flow.scheduled_for is not None and flow.scheduled_for > now():
        return f"Begins at {moment(flow.scheduled_for)}"
    if not workers:
        return "Waits for a worker: none is running"
    known = workers.can(flow.type, definition.phase(view.name))
    return "Waits for a free worker" if known else UNKNOWN


def _before(flow: FlowView, definition: FlowDefinition, view: PhaseView) -> str:
    """What has to happen before this phase may begin."""
    open_gates = {a.phase: a.title for a in flow.approvals if a.status == ApprovalStatus.PENDING}
    status = {phase.name: phase.status for phase in flow.phases}
    for needed in view.after:
        if needed in open_gates:
            return f"After the decision “{open_gates[needed]}”"
    missing = [definition.phase(n).title for n in view.after if status.get(n) not in OVER]
    return f"After {' and '.join(missing)}" if missing else ""


def _skipped(flow: FlowView, definition: FlowDefinition, phase: PhaseDefinition) -> str:
    if phase.when is None:
        return "Skipped"
    gate = definition.gate(phase.when.gate)
    given = next((a.answer for a in reversed(flow.approvals) if a.gate == gate.key), None)
    answer = next((c.title for c in gate.choices if c.key == given), None)
    wanted = next(c.title for c in gate.choices if c.key == phase.when.choice)
    if answer is None:
        return f"Skipped: it runs only when “{gate.title}” is answered with “{wanted}”"
    return f"Skipped: “{gate.title}” was answered with “{answer}”"


def _gate_line(
    flow: FlowView, defined: PhaseDefinition, view: PhaseView, people: People
) -> GateLine | None:
    gate = defined.gate
    if gate is None or view.status == PhaseStatus.SKIPPED:
        return None
    asked = next((a for a in reversed(flow.approvals) if a.gate == gate.key), None)
    if asked is None:
        ended = view.status == PhaseStatus.COMPLETED
        return GateLine(gate.title, "nothing to decide" if ended else "a decision afterwards", "")
    text, tone = _decision(asked, people)
    return GateLine(gate.title, text, tone)


def _decision(asked: ApprovalView, people: People) -> tuple[str, str]:
    if asked.status == ApprovalStatus.PENDING:
        to = f"asked: {people.name(asked.assigned_to)}" if asked.assigned_to else "open"
        return to, "wait"
    if asked.status == ApprovalStatus.WITHDRAWN:
        return "withdrawn", ""
    who = "automatically" if asked.decided_automatically else f"by {people.name(asked.decided_by)}"
    if asked.status == ApprovalStatus.REJECTED:
        return f"rejected {who}", "bad"
    chosen = next((c["title"] for c in asked.choices if c["key"] == asked.answer), None)
    return (f"“{chosen}” {who}" if chosen else f"approved {who}"), "ok"
