"""What a worker does with a flow. Each method is one transaction: it happens once, or not at
all, and nobody sees half of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from pydantic import BaseModel

from landbridge.database.session import SessionDoor, TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows import asking, gates
from landbridge.flows.attempts import end_completed, end_failed
from landbridge.flows.claims import (
    MAX_CRASHES,
    SUSPECT_FROM,
    Claim,
    candidates,
    claim,
    give_back,
    held,
    without_worker,
)
from landbridge.flows.crew import crew
from landbridge.flows.definitions import GateDefinition, PhaseDefinition
from landbridge.flows.holding import Holding, Turn
from landbridge.flows.limits import has_room
from landbridge.flows.locked import LockedFlow, definition_of
from landbridge.flows.phase_errors import PhasePoisoned
from landbridge.flows.phases import PhaseContext
from landbridge.flows.port import Engine, Job
from landbridge.flows.progress import ProgressReporter
from landbridge.flows.runs import Run
from landbridge.flows.settling import settle
from landbridge.flows.states import FlowStatus, PhaseStatus
from landbridge.flows.types import FlowTypes

BUSY_SECONDS: Final = 1.0
LEAVE_SECONDS: Final = 0.5
"""How soon a job that this worker has no code for is offered again to those that have it."""
SELDOM_SECONDS: Final = 60.0
"""How soon at the latest, while no worker has it."""

Left = tuple[PhaseDefinition | GateDefinition, datetime | None]
"""What another worker is to do, and since when it could be done."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What a phase gave, before it is committed."""

    output: BaseModel
    done: int
    question: dict[str, Any] | None
    notes: list[dict[str, Any]]


class FlowExecution:
    """The steps of a worker, for every flow type."""

    def __init__(self, types: FlowTypes, door: SessionDoor, engine: Engine, executor: str) -> None:
        self.types = types
        self.door = door
        self.executor = executor
        self.holding = Holding()
        self._engine = engine

    def take(self, session: TenantSession, flow_id: UUID, queue: str, turn: Turn) -> Claim | None:
        """Take up a phase of the flow, if one may be run by this queue now."""
        flow = LockedFlow(session, flow_id)
        left: list[Left] = [
            (flow.definition.gate(approval.gate), approval.deadline_at)
            for approval in gates.expire(flow, self.types)
        ]
        unknown: list[Left] = []
        found = None

        def is_abandoned(run: Run) -> bool:
            mine = run.claimed_by == self.executor
            return mine and not self.holding.is_held_by_another(turn, run.id)

        if flow.status is FlowStatus.PAUSED:
            for run in without_worker(flow, flow.runs.values(), is_abandoned):
                give_back(flow, run, "paused")
        for run in candidates(flow, queue, is_abandoned):
            if run.is_lost and run.crashes + 1 >= MAX_CRASHES:
                self._poison(flow, run)
            elif not self._can_run(flow, run):
                unknown.append((flow.definition.phase(run.phase), run.queued_at))
            elif not self._may_begin(session, run, turn):
                self._come_back(flow, queue)
                break
            else:
                found = claim(flow, run, self.executor)
                self.holding.hold(turn, found)
                break
        settle(flow, self._engine)
        left += unknown if found is None else []
        if left:
            self._leave(flow, queue, left)
        elif found is None:
            asking.come_back_if_early(flow, queue, self._engine)
        flow.write()
        return found

    def require_held(self, session: TenantSession, mine: Claim) -> None:
        """Refuse to work on a phase that is not ours any more.

        Raises:
            PhaseInterrupted: the claim is no longer ours.
        """
        held(LockedFlow(session, mine.flow_id), mine)

    def work(self, session: TenantSession, mine: Claim, reporter: ProgressReporter) -> Result:
        """Run a phase's executor, and ask its gate what there is to decide."""
        kind = self.types.get(mine.flow_type)
        context = PhaseContext(
            session=session,
            client_account_id=session.client_account_id,
            engagement_id=mine.engagement_id,
            flow_id=mine.flow_id,
            inputs=mine.inputs,
            outputs=mine.outputs,
            progress=reporter,
            answers=mine.answers,
        )
        output = kind.executor(mine.phase).run(context)
        gate = self.gate_of(session, mine)
        question = None
        if gate is not None:
            context.outputs[mine.phase] = output.model_dump(mode="json")
            question = kind.gate(gate.key).summary(context)
        return Result(output, max(reporter.done, reporter.total or 0), question, context.notes)

    def complete(
        self,
        session: TenantSession,
        mine: Claim,
        result: Result,
        turn: Turn,
        *,
        go_on: str | None,
    ) -> Claim | None:
        """Commit a phase with its output and what follows from it.

        Args:
            go_on: the queue for which to take up the next phase at once; None to leave it to
                another job.

        Raises:
            PhaseInterrupted: the claim is no longer ours; nothing may be committed.
        """
        flow = LockedFlow(session, mine.flow_id)
        run = held(flow, mine)
        output = result.output.model_dump(mode="json")
        for note in result.notes:
            flow.say("note", phase=run.phase, data=note)
        end_completed(flow, run, output, result.done)
        gate = flow.definition.phase(run.phase).gate
        if gate is not None:
            asking.open_gate(flow, run, gate, result.question, self._engine)
        following = None
        if go_on is not None:
            ready = [
                run
                for run in candidates(flow, go_on)
                if run.queued_at is None and self._can_run(flow, run)
            ]
            if ready:
                following = claim(flow, ready[0], self.executor)
                self.holding.hold(turn, following)
        settle(flow, self._engine)
        flow.write()
        return following

    def fail(self, session: TenantSession, mine: Claim, error: LandbridgeError) -> None:
        """Record why an attempt failed, and plan the next one where that can help.

        Raises:
            PhaseInterrupted: the claim is no longer ours.
        """
        flow = LockedFlow(session, mine.flow_id)
        end_failed(flow, held(flow, mine), error)
        settle(flow, self._engine)
        flow.write()

    def release(self, session: TenantSession, mine: Claim, why: str) -> None:
        """Give a phase back, as if it had not been taken up.

        Raises:
            PhaseInterrupted: the claim is no longer ours.
        """
        flow = LockedFlow(session, mine.flow_id)
        give_back(flow, held(flow, mine), why)
        settle(flow, self._engine)
        flow.write()

    @staticmethod
    def gate_of(session: TenantSession, mine: Claim) -> GateDefinition | None:
        """The gate after a phase."""
        return definition_of(session, mine.flow_id).phase(mine.phase).gate

    def _may_begin(self, session: TenantSession, run: Run, turn: Turn) -> bool:
        if run.crashes + run.is_lost >= SUSPECT_FROM and not self.holding.admit_suspect(turn):
            return False
        return run.status is PhaseStatus.RUNNING or has_room(session)

    def _can_run(self, flow: LockedFlow, run: Run) -> bool:
        return self.types.can(flow.row.flow_type, flow.definition.phase(run.phase))

    def _leave(self, flow: LockedFlow, queue: str, left: list[Left]) -> None:
        """Leave to another worker what this one has no code for. While no worker has it, the
        job comes back less and less often.
        """
        workers = crew(flow.session)
        if any(workers.can(flow.row.flow_type, step) for step, _ in left):
            seconds = LEAVE_SECONDS
        else:
            waited = max((flow.now - (since or flow.now)).total_seconds() for _, since in left)
            seconds = min(max(waited / 4, BUSY_SECONDS), SELDOM_SECONDS)
        keys = [step.key for step, _ in left]
        log.info("left_to_another_worker", flow_id=str(flow.id), unknown=keys, again_in=seconds)
        self._come_back(flow, queue, seconds)

    def _come_back(self, flow: LockedFlow, queue: str, seconds: float = BUSY_SECONDS) -> None:
        job = Job(flow.session.client_account_id, flow.id, queue, flow.priority, seconds)
        self._engine.enqueue(flow.session, job)

    def _poison(self, flow: LockedFlow, run: Run) -> None:
        times, executor = run.crashes + 1, run.claimed_by
        flow.say(
            "phase.worker_lost",
            phase=run.phase,
            data={"executor": executor, "times": times, "attempt": run.attempt},
        )
        flow.update_run(run, crashes=times, claim=run.claim + 1)
        end_failed(flow, run, PhasePoisoned(phase=run.phase, times=times, executor=executor))
        flow.write_runs()
