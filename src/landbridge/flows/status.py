"""How a flow is shown: one shape for the API, the CLI and the UI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from landbridge.flows.actions import possible
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.estimates import estimate
from landbridge.flows.forks import forkable
from landbridge.flows.models import Approval, Flow, PhaseRun
from landbridge.flows.past import Past
from landbridge.flows.progress import eta_seconds, percent
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus, Priority
from landbridge.kit.clock import now


class PhaseView(BaseModel):
    """The latest attempt at one phase.

    Attributes:
        not_before: when an attempt that waits after a failure begins.
        crashes: how often the worker that ran this attempt died.
        after: the phases it comes after.
    """

    name: str
    title: str
    status: str
    attempt: int
    done: int
    total: int | None
    unit: str
    eta_seconds: float | None
    output: dict[str, Any] | None
    error: dict[str, Any] | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    not_before: datetime | None
    crashes: int
    after: list[str]


class ApprovalView(BaseModel):
    """A decision of a flow.

    Attributes:
        kind: "approval", "choice" or "form".
        choices: what a choice offers, each with key and title.
        fields: what a form asks for, as a JSON Schema.
        default: what applies once `deadline_at` has passed, if anything.
        assigned_to: the member who was asked; others who may decide still may.
    """

    id: UUID
    gate: str
    title: str
    phase: str
    kind: str
    choices: list[dict[str, str]]
    fields: dict[str, Any] | None
    summary: dict[str, Any]
    status: str
    requested_at: datetime
    decided_by: UUID | None
    decided_automatically: bool
    decided_at: datetime | None
    reason: str | None
    answer: Any | None
    deadline_at: datetime | None
    default: Any | None
    assigned_to: UUID | None


class FlowView(BaseModel):
    """A flow as everybody sees it.

    Attributes:
        progress: whole per cent, counted from work done.
        eta_seconds: work that is left of a running flow; None when there is no basis.
        eta_basis: what that rests on, as a sentence.
        waits_for: the decision the flow waits for, if any.
        possible: the actions that its state allows now.
        forkable: the phases from which it can be forked.
        scheduled_for: when it begins, if it waits for that.
        parent_id: the flow it was forked from, at the phase `forked_at`.
    """

    id: UUID
    type: str
    title: str
    engagement_id: UUID
    status: str
    progress: int
    eta_seconds: float | None
    eta_basis: str | None
    current_phase: str | None
    phases: list[PhaseView]
    error: dict[str, Any] | None
    inputs: dict[str, Any]
    approvals: list[ApprovalView]
    waits_for: ApprovalView | None
    possible: list[str]
    forkable: list[str]
    priority: str
    scheduled_for: datetime | None
    parent_id: UUID | None
    forked_at: str | None
    trace_id: str
    last_event_seq: int
    created_by: UUID
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def view(
    flow: Flow,
    runs: Sequence[PhaseRun],
    approvals: Sequence[Approval],
    past: Callable[[str], Past],
) -> FlowView:
    """Assemble the view of a flow from its rows, phases in order of their position.

    Args:
        past: gives what the account's past says of a flow type; asked only where it matters.
    """
    definition = FlowDefinition.model_validate(flow.definition)
    defined = {p.key: p for p in definition.phases}
    latest = list({run.phase: run for run in runs}.values())
    moment = now()
    decisions = [_decision(definition, approval) for approval in approvals]
    waits_for = next((a for a in decisions if a.status == ApprovalStatus.PENDING.value), None)
    status = FlowStatus(flow.status)
    left = None
    if status is FlowStatus.RUNNING:
        left = estimate(definition, latest, past(flow.flow_type), moment)
    return FlowView(
        id=flow.id,
        type=flow.flow_type,
        title=definition.title,
        engagement_id=flow.engagement_id,
        status=status.value,
        progress=percent(latest),
        eta_seconds=left.seconds if left else None,
        eta_basis=left.basis if left else None,
        current_phase=flow.current_phase,
        phases=[_phase(defined[run.phase], run, moment) for run in latest],
        error=flow.error,
        inputs=flow.inputs,
        approvals=decisions,
        waits_for=waits_for,
        possible=[a.value for a in possible(status, decision_open=waits_for is not None)],
        forkable=forkable(definition, {run.phase: PhaseStatus(run.status) for run in latest}),
        priority=Priority(flow.priority).name.lower(),
        scheduled_for=flow.scheduled_for,
        parent_id=flow.parent_id,
        forked_at=flow.forked_at,
        trace_id=flow.trace_id,
        last_event_seq=flow.last_event_seq,
        created_by=flow.created_by,
        created_at=flow.created_at,
        started_at=flow.started_at,
        finished_at=flow.finished_at,
    )


def _phase(definition: PhaseDefinition, run: PhaseRun, moment: datetime) -> PhaseView:
    own = {"name", "title", "eta_seconds", "after"}
    return PhaseView(
        name=run.phase,
        title=definition.title,
        eta_seconds=eta_seconds(run, moment),
        after=list(definition.after or ()),
        **{f: getattr(run, f) for f in PhaseView.model_fields if f not in own},
    )


def _decision(definition: FlowDefinition, approval: Approval) -> ApprovalView:
    gate = definition.gate(approval.gate)
    own = {"title", "choices", "fields", "default"}
    return ApprovalView(
        title=gate.title,
        choices=[{"key": c.key, "title": c.title} for c in gate.choices],
        fields=gate.fields,
        default=gate.default,
        **{f: getattr(approval, f) for f in ApprovalView.model_fields if f not in own},
    )
