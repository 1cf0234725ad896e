"""What a worker does with a flow, step by step. Each method runs inside one transaction of
the worker's, which also holds the engine's checkpoint: it happens once, or not at all.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from landbridge.database.session import SessionDoor, TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import InternalError
from landbridge.flows import events
from landbridge.flows.definitions import FlowDefinition, FlowTypes
from landbridge.flows.errors import RejectedAtGate
from landbridge.flows.models import Approval, Flow, PhaseRun
from landbridge.flows.phases import PhaseContext
from landbridge.flows.progress import ProgressReporter
from landbridge.flows.states import TERMINAL, ApprovalStatus, FlowStatus, PhaseStatus
from landbridge.flows.transitions import lock, move
from landbridge.kit.ids import new_id
from landbridge.kit.tracing import set_trace_id

log = structlog.get_logger(__name__)

CONCURRENCY_SQLSTATES = ("40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006")


class FlowExecution:
    """The steps of the interpreter, for every flow type."""

    def __init__(self, types: FlowTypes, door: SessionDoor) -> None:
        self.types = types
        self._door = door

    def begin(self, session: TenantSession, flow_id: UUID) -> list[dict[str, Any]]:
        """Set a flow running; returns its steps as references: phase keys and gate keys."""
        flow = lock(session, flow_id)
        if flow.status in TERMINAL:
            return []
        definition = FlowDefinition.model_validate(flow.definition)
        if flow.status == FlowStatus.INITIALIZED:
            move(session, flow_id, FlowStatus.RUNNING, started_at=func.now())
        return [{"phase": p.key, "gate": p.gate.key if p.gate else None} for p in definition.phases]

    def start_phase(self, session: TenantSession, flow_id: UUID, phase: str) -> None:
        """Mark a phase running, visibly, before its work begins."""
        lock(session, flow_id)
        started = session.execute(
            update(PhaseRun)
            .where(
                PhaseRun.flow_id == flow_id,
                PhaseRun.phase == phase,
                PhaseRun.status == PhaseStatus.PENDING.value,
            )
            .values(
                status=PhaseStatus.RUNNING.value,
                started_at=func.clock_timestamp(),
                heartbeat_at=func.clock_timestamp(),
            )
            .returning(PhaseRun.attempt)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        session.execute(
            update(Flow)
            .where(Flow.id == flow_id)
            .values(current_phase=phase)
            .execution_options(synchronize_session=False)
        )
        if started is not None:
            events.append(session, flow_id, "phase.started", phase=phase, data={"attempt": started})

    def run_phase(self, session: TenantSession, flow_id: UUID, phase: str) -> str:
        """Run a phase's executor and commit its output with its state.

        A failure rolls back to before the executor and is recorded in the same transaction,
        on the phase, on the flow and in its events.

        Returns:
            "completed" or "failed".
        """
        flow = session.get_one(Flow, (session.client_account_id, flow_id))
        set_trace_id(flow.trace_id)
        run = session.scalars(
            select(PhaseRun).where(
                PhaseRun.flow_id == flow_id,
                PhaseRun.phase == phase,
                PhaseRun.status == PhaseStatus.RUNNING.value,
            )
        ).one()
        reporter = ProgressReporter(self._door, session.access, flow_id, run.id)
        context = self._context(session, flow, reporter)
        try:
            with session.begin_nested():
                output = self.types.get(flow.flow_type).executor(phase).run(context)
        except LandbridgeError as error:
            return self._fail(session, flow, run, error)
        except DBAPIError as error:
            if _engine_retries(error):
                raise
            return self._fail(session, flow, run, _unexpected(flow, phase, error))
        except Exception as error:  # noqa: BLE001 - the boundary that turns any defect into a row
            return self._fail(session, flow, run, _unexpected(flow, phase, error))
        return self._complete(session, flow, run, reporter, context, output)

    def open_gate(self, session: TenantSession, flow_id: UUID, phase: str, gate_key: str) -> str:
        """Ask for a decision where one is needed: returns an ApprovalStatus value."""
        flow = lock(session, flow_id)
        known = self._approval(session, flow_id, gate_key)
        if known is not None:
            return known.status
        kind = self.types.get(flow.flow_type)
        summary = kind.gates[gate_key].summary(self._context(session, flow, _no_progress))
        if summary is None:
            return ApprovalStatus.APPROVED.value
        session.execute(
            insert(Approval).values(
                id=new_id(),
                flow_id=flow_id,
                phase=phase,
                gate=gate_key,
                summary=summary,
                status=ApprovalStatus.PENDING.value,
            )
        )
        move(session, flow_id, FlowStatus.WAITING, data={"gate": gate_key, **summary})
        return ApprovalStatus.PENDING.value

    def pass_gate(self, session: TenantSession, flow_id: UUID, gate_key: str) -> str:
        """Go on where the gate's decision allows it: returns an ApprovalStatus value."""
        flow = lock(session, flow_id)
        approval = self._approval(session, flow_id, gate_key)
        if approval is None or approval.status == ApprovalStatus.PENDING:
            return ApprovalStatus.PENDING.value
        if flow.status != FlowStatus.WAITING:
            return approval.status
        if approval.status == ApprovalStatus.APPROVED:
            move(session, flow_id, FlowStatus.RUNNING)
        else:
            error = RejectedAtGate(gate=gate_key, reason=approval.reason or "no reason given")
            problem = error.problem(trace_id=flow.trace_id)
            move(session, flow_id, FlowStatus.CANCELLED, data={"gate": gate_key}, error=problem)
        return approval.status

    def finish(self, session: TenantSession, flow_id: UUID) -> None:
        """Complete a flow all of whose phases have committed."""
        if lock(session, flow_id).status == FlowStatus.RUNNING:
            move(session, flow_id, FlowStatus.COMPLETED, current_phase=None)

    def _context(
        self, session: TenantSession, flow: Flow, progress: ProgressReporter | Any
    ) -> PhaseContext:
        outputs = session.execute(
            select(PhaseRun.phase, PhaseRun.output).where(
                PhaseRun.flow_id == flow.id, PhaseRun.status == PhaseStatus.COMPLETED.value
            )
        )
        return PhaseContext(
            session=session,
            client_account_id=session.client_account_id,
            engagement_id=flow.engagement_id,
            flow_id=flow.id,
            inputs=flow.inputs,
            outputs={phase: output or {} for phase, output in outputs},
            progress=progress,
        )

    def _complete(
        self,
        session: TenantSession,
        flow: Flow,
        run: PhaseRun,
        reporter: ProgressReporter,
        context: PhaseContext,
        output: BaseModel,
    ) -> str:
        done = max(reporter.done, reporter.total or 0)
        result = output.model_dump(mode="json")
        lock(session, flow.id)
        self._end(session, run, PhaseStatus.COMPLETED, done=done, total=done, output=result)
        for note in context.notes:
            events.append(session, flow.id, "note", phase=run.phase, data=note)
        events.append(session, flow.id, "phase.completed", phase=run.phase, data=result)
        return PhaseStatus.COMPLETED.value

    def _fail(
        self, session: TenantSession, flow: Flow, run: PhaseRun, error: LandbridgeError
    ) -> str:
        problem = error.problem(trace_id=flow.trace_id) | {
            "phase": run.phase,
            "attempt": run.attempt,
        }
        self._end(session, run, PhaseStatus.FAILED, error=problem)
        events.append(session, flow.id, "phase.failed", phase=run.phase, data=problem)
        move(session, flow.id, FlowStatus.FAILED, data={"code": error.code}, error=problem)
        return PhaseStatus.FAILED.value

    @staticmethod
    def _end(session: TenantSession, run: PhaseRun, status: PhaseStatus, **values: Any) -> None:
        session.execute(
            update(PhaseRun)
            .where(PhaseRun.id == run.id)
            .values(
                status=status.value,
                finished_at=func.clock_timestamp(),
                heartbeat_at=func.clock_timestamp(),
                **values,
            )
            .execution_options(synchronize_session=False)
        )

    @staticmethod
    def _approval(session: TenantSession, flow_id: UUID, gate_key: str) -> Approval | None:
        return session.scalar(
            select(Approval)
            .where(Approval.flow_id == flow_id, Approval.gate == gate_key)
            .execution_options(populate_existing=True)
        )


def _no_progress(_done: int, _total: int | None) -> None:
    return None


def _engine_retries(error: DBAPIError) -> bool:
    """Lost connections and serialization conflicts: the engine runs the step again."""
    return error.connection_invalidated or (
        getattr(error.orig, "sqlstate", None) in CONCURRENCY_SQLSTATES
    )


def _unexpected(flow: Flow, phase: str, error: Exception) -> InternalError:
    log.error(
        "phase_failed_unexpectedly",
        flow_id=str(flow.id),
        phase=phase,
        trace_id=flow.trace_id,
        exc_info=error,
    )
    return InternalError()
