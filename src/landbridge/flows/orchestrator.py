"""The Master Flow Orchestrator: the only door to a flow's life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, insert, select, update

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows import events
from landbridge.flows.definitions import FlowTypes
from landbridge.flows.errors import AlreadyDecided, TransitionRefused
from landbridge.flows.models import Approval, Flow, FlowEvent, PhaseRun
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus
from landbridge.flows.status import FlowView, view
from landbridge.flows.transitions import lock
from landbridge.kit.ids import new_id
from landbridge.kit.tracing import current_trace_id


class Engine(Protocol):
    """What the orchestrator needs of a durable engine. Both calls take part in the
    caller's transaction: they happen exactly when it commits.
    """

    def enqueue(self, session: TenantSession, flow_id: UUID) -> None:
        """Have a worker run this flow."""
        ...

    def signal(self, session: TenantSession, flow_id: UUID, gate: str) -> None:
        """Wake a flow that waits at `gate`."""
        ...


class MasterFlowOrchestrator:
    """Creates, shows and decides flows. It commits nothing: the session's owner does."""

    def __init__(self, engine: Engine, types: FlowTypes) -> None:
        self.types = types
        self._engine = engine

    def create(
        self,
        session: TenantSession,
        engagement_id: UUID,
        flow_type: str,
        inputs: Mapping[str, Any],
    ) -> UUID:
        """Create a flow and hand it to the engine in the same transaction.

        Raises:
            UnknownFlowType, InvalidFlowInputs: nothing is created.
        """
        kind = self.types.get(flow_type)
        definition = kind.definition
        flow_id = new_id()
        session.execute(
            insert(Flow).values(
                id=flow_id,
                engagement_id=engagement_id,
                flow_type=flow_type,
                definition=definition.model_dump(mode="json"),
                inputs=kind.validated(inputs),
                status=FlowStatus.INITIALIZED.value,
                trace_id=current_trace_id(),
                created_by=session.user_id,
            )
        )
        session.execute(
            insert(PhaseRun),
            [
                {
                    "id": new_id(),
                    "flow_id": flow_id,
                    "phase": phase.key,
                    "position": position,
                    "status": PhaseStatus.PENDING.value,
                    "weight": phase.weight,
                    "unit": phase.unit,
                }
                for position, phase in enumerate(definition.phases)
            ],
        )
        events.append(session, flow_id, "flow.created", data={"flow_type": flow_type})
        self._engine.enqueue(session, flow_id)
        return flow_id

    def status(self, session: TenantSession, flow_id: UUID) -> FlowView:
        """Everything about one flow.

        Raises:
            NotFound: no such flow in the open account.
        """
        flow = session.get(Flow, (session.client_account_id, flow_id), populate_existing=True)
        if flow is None:
            raise NotFound
        runs = session.scalars(
            select(PhaseRun)
            .where(PhaseRun.flow_id == flow_id)
            .order_by(PhaseRun.position, PhaseRun.attempt)
            .execution_options(populate_existing=True)
        )
        approvals = session.scalars(
            select(Approval)
            .where(Approval.flow_id == flow_id)
            .order_by(Approval.requested_at)
            .execution_options(populate_existing=True)
        )
        return view(flow, list(runs), list(approvals))

    def flows(
        self, session: TenantSession, engagement_id: UUID | None = None, limit: int = 50
    ) -> list[FlowView]:
        """The newest flows of an engagement, or of the whole account."""
        query = select(Flow.id).order_by(Flow.created_at.desc(), Flow.id.desc()).limit(limit)
        if engagement_id:
            query = query.where(Flow.engagement_id == engagement_id)
        return [self.status(session, flow_id) for flow_id in session.scalars(query).all()]

    def events(
        self, session: TenantSession, flow_id: UUID, after_seq: int = 0, limit: int = 1000
    ) -> list[FlowEvent]:
        """The events of a flow after `after_seq`, in order and without gaps."""
        return events.after(session, flow_id, after_seq, limit)

    def waiting(self, session: TenantSession, engagement_id: UUID) -> list[Approval]:
        """The decisions this engagement's flows wait for, oldest first."""
        query = (
            select(Approval)
            .join(Flow, Flow.id == Approval.flow_id)
            .where(
                Flow.engagement_id == engagement_id, Approval.status == ApprovalStatus.PENDING.value
            )
            .order_by(Approval.requested_at)
        )
        return list(session.scalars(query))

    def flow_of(self, session: TenantSession, approval_id: UUID) -> UUID:
        """The flow that asks for this decision.

        Raises:
            NotFound: no such approval in the open account.
        """
        found = session.scalar(select(Approval.flow_id).where(Approval.id == approval_id))
        if found is None:
            raise NotFound
        return found

    def decide(
        self, session: TenantSession, approval_id: UUID, *, approve: bool, reason: str = ""
    ) -> Approval:
        """Record a person's decision, carry it out, and wake the flow: one transaction.

        Raises:
            NotFound: no such approval in the open account.
            AlreadyDecided: somebody decided before, and differently.
            TransitionRefused: the flow does not wait.
        """
        approval = session.scalar(
            select(Approval).where(Approval.id == approval_id).with_for_update()
        )
        if approval is None:
            raise NotFound
        flow = lock(session, approval.flow_id)
        target = ApprovalStatus.APPROVED if approve else ApprovalStatus.REJECTED
        if approval.status != ApprovalStatus.PENDING.value:
            if approval.status == target.value:
                return approval
            raise AlreadyDecided(status=approval.status)
        if flow.status != FlowStatus.WAITING.value:
            raise TransitionRefused(current=flow.status, target=FlowStatus.RUNNING.value)
        if approve:
            gate = self.types.get(flow.flow_type).gates[approval.gate]
            gate.approve(session, flow.inputs)
        session.execute(
            update(Approval)
            .where(Approval.id == approval_id)
            .values(
                status=target.value,
                decided_by=session.user_id,
                decided_at=func.now(),
                reason=reason or None,
            )
            .execution_options(synchronize_session=False)
        )
        events.append(
            session,
            approval.flow_id,
            f"gate.{target.value}",
            phase=approval.phase,
            data={"gate": approval.gate, "reason": reason, "by": str(session.user_id)},
        )
        self._engine.signal(session, approval.flow_id, approval.gate)
        session.refresh(approval)
        return approval
