"""How a flow is shown: one shape for the API, the CLI and the UI."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.models import Approval, Flow, PhaseRun
from landbridge.flows.progress import eta_seconds, percent
from landbridge.flows.states import ApprovalStatus
from landbridge.kit.clock import now


class PhaseView(BaseModel):
    """The latest attempt at one phase."""

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


class ApprovalView(BaseModel):
    """A decision of a flow."""

    id: UUID
    gate: str
    title: str
    phase: str
    summary: dict[str, Any]
    status: str
    requested_at: datetime
    decided_by: UUID | None
    decided_automatically: bool
    decided_at: datetime | None
    reason: str | None


class FlowView(BaseModel):
    """A flow as everybody sees it.

    Attributes:
        progress: whole per cent, counted from work done.
        waits_for: the decision the flow waits for, if any.
        possible: the actions that make sense now.
    """

    id: UUID
    type: str
    title: str
    engagement_id: UUID
    status: str
    progress: int
    current_phase: str | None
    phases: list[PhaseView]
    error: dict[str, Any] | None
    inputs: dict[str, Any]
    approvals: list[ApprovalView]
    waits_for: ApprovalView | None
    possible: list[str]
    trace_id: str
    last_event_seq: int
    created_by: UUID
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def view(flow: Flow, runs: Sequence[PhaseRun], approvals: Sequence[Approval]) -> FlowView:
    """Assemble the view of a flow from its rows, phases in order of their position."""
    definition = FlowDefinition.model_validate(flow.definition)
    titles = {p.key: p.title for p in definition.phases}
    gates = {p.gate.key: p.gate.title for p in definition.phases if p.gate}
    latest = list({run.phase: run for run in runs}.values())
    moment = now()
    decisions = [
        ApprovalView(
            **{f: getattr(a, f) for f in ApprovalView.model_fields if f != "title"},
            title=gates.get(a.gate, a.gate),
        )
        for a in approvals
    ]
    waits_for = next((a for a in decisions if a.status == ApprovalStatus.PENDING.value), None)
    return FlowView(
        id=flow.id,
        type=flow.flow_type,
        title=definition.title,
        engagement_id=flow.engagement_id,
        status=flow.status,
        progress=percent(latest),
        current_phase=flow.current_phase,
        phases=[
            PhaseView(
                name=run.phase,
                title=titles.get(run.phase, run.phase),
                eta_seconds=eta_seconds(run, moment),
                **{
                    f: getattr(run, f)
                    for f in PhaseView.model_fields
                    if f not in {"name", "title", "eta_seconds"}
                },
            )
            for run in latest
        ],
        error=flow.error,
        inputs=flow.inputs,
        approvals=decisions,
        waits_for=waits_for,
        possible=["approve", "reject"] if waits_for else [],
        trace_id=flow.trace_id,
        last_event_seq=flow.last_event_seq,
        created_by=flow.created_by,
        created_at=flow.created_at,
        started_at=flow.started_at,
        finished_at=flow.finished_at,
    )
