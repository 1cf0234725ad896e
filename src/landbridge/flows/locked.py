"""A flow held for one step: its row locked, its phases read, its changes written at once.

Whatever moves a flow does it through here: the lock keeps the event log without gaps and in
commit order, and lets each step decide from a state that nobody else changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.errors import TransitionRefused
from landbridge.flows.events import CHANNEL
from landbridge.flows.models import Approval, Flow, PhaseRun
from landbridge.flows.plan import PhaseState
from landbridge.flows.runs import COLUMNS, Run
from landbridge.flows.states import (
    TERMINAL,
    ApprovalStatus,
    FlowStatus,
    PhaseStatus,
    Priority,
    is_allowed,
)
from landbridge.kit import jsonio

_FLOW = (
    *(Flow.status, Flow.flow_type, Flow.engagement_id, Flow.inputs, Flow.priority),
    *(Flow.scheduled_for, Flow.paused_at, Flow.started_at, Flow.trace_id, Flow.last_event_seq),
)
_KEPT_DEFINITIONS: Final = 4096
_definitions: dict[tuple[UUID, UUID], FlowDefinition] = {}
"""Definitions by account and flow; they never change while a flow lives."""


class LockedFlow:
    """One flow, its row locked until the transaction ends."""

    def __init__(self, session: TenantSession, flow_id: UUID) -> None:
        """Lock the flow and read the latest attempt of each phase.

        Raises:
            NotFound: no such flow in the open account.
        """
        self.session = session
        self.id = flow_id
        row = session.execute(
            select(*_FLOW, func.clock_timestamp().label("now"))
            .where(Flow.id == flow_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound
        self.row = row
        self.now: datetime = row.now
        self.status = FlowStatus(row.status)
        self.inputs: dict[str, Any] = row.inputs
        self.trace_id: str = row.trace_id
        self.priority = Priority(row.priority)
        self.scheduled_for: datetime | None = row.scheduled_for
        self._runs: dict[str, Run] | None = None
        self._approvals: list[Any] | None = None
        self._changes: dict[str, Any] = {}
        self._events: list[tuple[str, str | None, dict[str, Any]]] = []

    @property
    def runs(self) -> dict[str, Run]:
        """The latest attempt of each phase, in the order of the definition."""
        if self._runs is None:
            rows = self.session.execute(
                select(*COLUMNS)
                .where(PhaseRun.flow_id == self.id)
                .order_by(PhaseRun.position, PhaseRun.attempt)
            )
            found = {}
            for row in rows:
                run = Run(*row)
                run.status = PhaseStatus(run.status)
                found[run.phase] = run
            self._runs = found
        return self._runs

    @property
    def approvals(self) -> list[Any]:
        """The decisions asked for so far, oldest first."""
        if self._approvals is None:
            self._approvals = list(
                self.session.execute(
                    select(
                        *(Approval.id, Approval.gate, Approval.phase, Approval.status),
                        *(Approval.kind, Approval.answer, Approval.deadline_at),
                    )
                    .where(Approval.flow_id == self.id)
                    .order_by(Approval.requested_at)
                )
            )
        return self._approvals

    @property
    def definition(self) -> FlowDefinition:
        """The definition this flow was started with."""
        return definition_of(self.session, self.id)

    @property
    def states(self) -> dict[str, PhaseState]:
        """The state of each phase, as the plan wants it."""
        return {key: PhaseState(run.status, run.gate_open) for key, run in self.runs.items()}

    @property
    def answers(self) -> dict[str, str]:
        """The choices made at the gates of this flow."""
        if not any(phase.when for phase in self.definition.phases):
            return {}
        return {
            a.gate: a.answer
            for a in self.approvals
            if a.kind == "choice" and a.status == ApprovalStatus.APPROVED
        }

    @property
    def has_gates(self) -> bool:
        """Whether anybody may be asked anything in this flow."""
        return any(phase.gate for phase in self.definition.phases)

    @property
    def has_open_decision(self) -> bool:
        """Whether a person is asked."""
        return any(run.gate_open for run in self.runs.values())

    def error_of(self, run: Run) -> dict[str, Any]:
        """The problem with which an attempt failed."""
        return self.session.scalar(select(PhaseRun.error).where(PhaseRun.id == run.id)) or {}

    def forget_rows(self) -> None:
        """Read phases and decisions again: a caller inserted some."""
        self._runs = self._approvals = None

    def change(self, **values: Any) -> None:
        """Set columns of the flow when it is written; `status` goes through `move`."""
        self._changes.update(values)

    def move(
        self, target: FlowStatus, data: Mapping[str, Any] | None = None, **changes: Any
    ) -> None:
        """Move along the transition table.

        Raises:
            TransitionRefused: the table has no such step.
        """
        if not is_allowed(self.status, target):
            raise TransitionRefused(current=self.status.value, target=target.value)
        self.status = target
        if target in TERMINAL:
            changes.setdefault("finished_at", self.now)
        self.change(status=target.value, **changes)
        self.say(f"flow.{target.value}", data=data)

    def say(
        self, kind: str, *, phase: str | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        """Add an event to what will be written."""
        self._events.append((kind, phase, dict(data or {})))

    def update_run(self, run: Run, **values: Any) -> None:
        """Change a phase run now, and what we know of it."""
        self.session.execute(
            update(PhaseRun)
            .where(PhaseRun.id == run.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        for name, value in values.items():
            if name == "status":
                run.status = PhaseStatus(value)
            elif hasattr(run, name):
                setattr(run, name, value)

    def write(self) -> None:
        """Write the changes and events, and announce them at commit."""
        if not self._changes and not self._events:
            return
        columns = "".join(f", {name} = :c_{name}" for name in self._changes)
        parameters: dict[str, Any] = {
            "id": self.id,
            "n": len(self._events),
            "kinds": [kind for kind, _, _ in self._events],
            "phases": [phase for _, phase, _ in self._events],
            "data": [jsonio.dumps(data) for _, _, data in self._events],
            "channel": CHANNEL,
            "name": str(self.id),
        }
        for name, value in self._changes.items():
            is_json = name in _JSON_COLUMNS and value is not None
            parameters[f"c_{name}"] = jsonio.dumps(value) if is_json else value
        self.session.execute(text(_WRITE.format(columns=columns)), parameters)
        self._changes, self._events = {}, []


_JSON_COLUMNS: Final = frozenset({"error", "inputs", "definition"})
_WRITE: Final = """
with f as (
  update app.flows set last_event_seq = last_event_seq + :n{columns}
   where id = :id returning last_event_seq - :n as base),
e as (
  insert into app.flow_events (flow_id, seq, kind, phase, data)
  select :id, f.base + x.ord, x.kind, x.phase, x.data::jsonb
    from f, unnest(cast(:kinds as text[]), cast(:phases as text[]), cast(:data as text[]))
      with ordinality as x(kind, phase, data, ord))
select pg_notify(:channel, :name) from f"""


def definition_of(session: TenantSession, flow_id: UUID) -> FlowDefinition:
    """The definition a flow was started with.

    Raises:
        NotFound: no such flow in the open account.
    """
    key = (session.client_account_id, flow_id)
    found = _definitions.get(key)
    if found is None:
        stored = session.scalar(select(Flow.definition).where(Flow.id == flow_id))
        if stored is None:
            raise NotFound
        if len(_definitions) >= _KEPT_DEFINITIONS:
            _definitions.clear()
        found = _definitions[key] = FlowDefinition.model_validate(stored)
    return found
