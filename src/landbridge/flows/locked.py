"""A flow held for one step: its row locked, its phases read, its changes written at once.

Whatever moves a flow does it through here: the lock keeps the event log without gaps and in
commit order, and lets each step decide from a state that nobody else changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, select, text

from landbridge.database.session import JobAccess, TenantSession, once_committed
from landbridge.errors.catalogue import LandbridgeError
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
from landbridge.kit import jsonio, metrics
from landbridge.kit.tracing import current_trace_id
from landbridge.occurrences.noting import note_at_commit
from landbridge.occurrences.occurrence import Occurrence

_LOCK: Final = text("""
select status, flow_type, engagement_id, inputs, priority, scheduled_for, paused_at, started_at,
       trace_id, last_event_seq, clock_timestamp() as now
  from app.flows where id = :id for update""")
_RUNS: Final = text(f"""
select {", ".join(column.key for column in COLUMNS)}
  from app.phase_runs where flow_id = :id order by position, attempt""")
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
        row = session.execute(_LOCK, {"id": flow_id}).one_or_none()
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
        self._run_changes: dict[UUID, dict[str, Any]] = {}
        self._events: list[tuple[str, str | None, dict[str, Any]]] = []

    @property
    def runs(self) -> dict[str, Run]:
        """The latest attempt of each phase, in the order of the definition."""
        if self._runs is None:
            found = {}
            for row in self.session.execute(_RUNS, {"id": self.id}):
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
        self.write_runs()
        return self.session.scalar(select(PhaseRun.error).where(PhaseRun.id == run.id)) or {}

    def forget_rows(self) -> None:
        """Read phases and decisions again: a caller inserted some."""
        self.write_runs()
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
        told = partial(metrics.count_flow, self.row.flow_type, target.value)
        once_committed(self.session, told)

    def say(
        self, kind: str, *, phase: str | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        """Add an event to what will be written."""
        self._events.append((kind, phase, dict(data or {})))

    def record(
        self,
        error: LandbridgeError,
        place: str,
        run: Run | None = None,
        action: str | None = None,
    ) -> None:
        """Record, when this step commits, that an error occurred on the flow.

        Args:
            place: the phase or the thread it occurred in.
            run: the attempt that ended with it.
            action: what is done about it.
        """
        occurrence = Occurrence.of(
            error,
            place,
            trace_id=self.trace_id,
            client_account_id=self.session.client_account_id,
            flow_id=self.id,
            phase=run and run.phase,
            attempt=run and run.attempt,
            action=action,
        )
        note_at_commit(self.session, occurrence)

    @property
    def _foreign_trace(self) -> str | None:
        """The trace id of who acts on the flow, where it is not the flow's own: workers' is."""
        if isinstance(self.session.access, JobAccess):
            return None
        acting = current_trace_id()
        return acting if acting != self.trace_id else None

    def update_run(self, run: Run, **values: Any) -> None:
        """Change a phase run, and what we know of it; written with the rest."""
        self._run_changes.setdefault(run.id, {}).update(values)
        for name, value in values.items():
            if name == "status":
                run.status = PhaseStatus(value)
            elif hasattr(run, name):
                setattr(run, name, value)

    def write_runs(self) -> None:
        """Write the changes of phases now: somebody reads them."""
        for number, (run_id, values) in enumerate(self._run_changes.items()):
            parameters: dict[str, Any] = {}
            statement = _run_update(number, run_id, values, parameters)
            self.session.execute(_prepared(statement), parameters)
        self._run_changes = {}

    def write(self) -> None:
        """Write the changes and events in one statement, and announce them at commit."""
        if not self._changes and not self._events:
            self.write_runs()
            return
        columns = "".join(f", {name} = :c_{name}" for name in self._changes)
        parameters: dict[str, Any] = {
            "id": self.id,
            "n": len(self._events),
            "kinds": [kind for kind, _, _ in self._events],
            "phases": [phase for _, phase, _ in self._events],
            "data": [jsonio.dumps(data) for _, _, data in self._events],
            "trace": self._foreign_trace,
            "channel": CHANNEL,
            "name": str(self.id),
        }
        for name, value in self._changes.items():
            parameters[f"c_{name}"] = _stored(name, value)
        runs = "".join(
            f"r{number} as ({_run_update(number, run_id, values, parameters)}), "
            for number, (run_id, values) in enumerate(self._run_changes.items())
        )
        self.session.execute(_prepared(_WRITE.format(columns=columns, runs=runs)), parameters)
        self._changes, self._events, self._run_changes = {}, [], {}


def _run_update(
    number: int, run_id: UUID, values: Mapping[str, Any], parameters: dict[str, Any]
) -> str:
    """The update of one phase run; adds what it needs to the parameters."""
    parameters[f"r{number}_id"] = run_id
    parameters |= {f"r{number}_{name}": _stored(name, value) for name, value in values.items()}
    columns = ", ".join(f"{name} = :r{number}_{name}" for name in values)
    return f"update app.phase_runs set {columns} where id = :r{number}_id"


@lru_cache(maxsize=512)
def _prepared(statement: str) -> TextClause:
    """Statements differ by the columns they change, in few ways."""
    return text(statement)


def _stored(name: str, value: Any) -> Any:
    return jsonio.dumps(value) if name in _JSON_COLUMNS and value is not None else value


_JSON_COLUMNS: Final = frozenset({"error", "inputs", "definition", "output"})
_WRITE: Final = """
with {runs}f as (
  update app.flows set last_event_seq = last_event_seq + :n{columns}
   where id = :id returning last_event_seq - :n as base),
e as (
  insert into app.flow_events (flow_id, seq, kind, phase, data, trace_id)
  select :id, f.base + x.ord, x.kind, x.phase, x.data::jsonb, cast(:trace as text)
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
