"""The Master Flow Orchestrator: the only door to a flow's life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows import control, creation, decisions, events, forks, listing, queueing
from landbridge.flows.models import Approval, Flow, FlowEvent
from landbridge.flows.port import Engine
from landbridge.flows.states import ApprovalStatus, Priority
from landbridge.flows.status import FlowView
from landbridge.flows.types import FlowTypes
from landbridge.kit.pagination import Page


class MasterFlowOrchestrator:
    """Creates, shows and controls flows. It commits nothing: the session's owner does.

    Every action locks the flow, refuses what its status does not allow (`ActionRefused`),
    changes it, says so in its event log and hands work to the engine, in one transaction.
    An action whose effect is there already changes nothing and succeeds.
    """

    def __init__(self, engine: Engine, types: FlowTypes) -> None:
        self.types = types
        self._engine = engine

    def create(
        self,
        session: TenantSession,
        engagement_id: UUID,
        flow_type: str,
        inputs: Mapping[str, Any],
        *,
        priority: Priority = Priority.NORMAL,
        start_at: datetime | None = None,
    ) -> UUID:
        """Create a flow and hand it to the engine in the same transaction.

        Raises:
            UnknownFlowType, InvalidFlowInputs, TooManyOpenFlows, FlowsTooFast: nothing is
                created.
        """
        return creation.create(
            session,
            self._engine,
            self.types.get(flow_type),
            engagement_id,
            inputs,
            priority=priority,
            start_at=start_at,
        )

    def pause(self, session: TenantSession, flow_id: UUID, reason: str = "") -> None:
        """Begin no further phase; one that runs has some seconds to end, or begins again on
        resume.
        """
        control.pause(session, flow_id, reason)

    def resume(self, session: TenantSession, flow_id: UUID) -> None:
        """Go on from where the flow was paused."""
        control.resume(session, flow_id, self._engine)

    def cancel(self, session: TenantSession, flow_id: UUID, reason: str = "") -> None:
        """End the flow. From the commit on nothing of it can be committed any more."""
        control.cancel(session, flow_id, reason)

    def retry(self, session: TenantSession, flow_id: UUID) -> None:
        """Run the failed phases again, with everything before them kept."""
        control.retry(session, flow_id, self._engine)

    def prioritize(self, session: TenantSession, flow_id: UUID, priority: Priority) -> None:
        """Put the flow's further work before or behind that of the account's other flows."""
        control.prioritize(session, flow_id, priority, self._engine)

    def schedule(self, session: TenantSession, flow_id: UUID, start_at: datetime | None) -> None:
        """Move the start of a flow that has not begun; None starts it now."""
        control.schedule(session, flow_id, start_at, self._engine)

    def fork(
        self,
        session: TenantSession,
        flow_id: UUID,
        phase: str,
        *,
        inputs: Mapping[str, Any] | None = None,
        current_definition: bool = False,
    ) -> UUID:
        """Start a child that keeps what the phases before `phase` gave, and does the rest anew.

        Raises:
            ForkNotPossible: naming the phases from which it is possible.
        """
        return forks.fork(
            session,
            self._engine,
            self.types,
            flow_id,
            phase,
            inputs=inputs or {},
            current_definition=current_definition,
        )

    def decide(
        self,
        session: TenantSession,
        approval_id: UUID,
        *,
        approve: bool,
        answer: Any = None,
        reason: str = "",
    ) -> Approval:
        """Record a person's decision, carry it out, and let the flow go on.

        Raises:
            NotFound, AlreadyDecided, ActionRefused, InvalidAnswer: nothing is changed.
        """
        return decisions.decide(
            session,
            self._engine,
            self.types,
            approval_id,
            approve=approve,
            answer=answer,
            reason=reason,
        )

    def delegate(
        self,
        session: TenantSession,
        approval_id: UUID,
        to: UUID,
        *,
        deadline_at: datetime | None = None,
        reason: str = "",
    ) -> Approval:
        """Ask another member of the account to decide.

        Raises:
            NotFound, AlreadyDecided, ActionRefused, CannotDelegate: nothing is changed.
        """
        return decisions.delegate(
            session, self._engine, approval_id, to, deadline_at=deadline_at, reason=reason
        )

    def status(self, session: TenantSession, flow_id: UUID) -> FlowView:
        """Everything about one flow.

        Raises:
            NotFound: no such flow in the open account.
        """
        found = listing.views(session, [flow_id])
        if not found:
            raise NotFound
        return found[0]

    def flows(
        self, session: TenantSession, engagement_id: UUID | None = None, limit: int = 50
    ) -> list[FlowView]:
        """The newest flows of an engagement, or of the whole account."""
        chosen = {"engagement": str(engagement_id)} if engagement_id else {}
        return self.page(session, Wanted(chosen, descending=True, limit=limit)).items

    def page(self, session: TenantSession, wanted: Wanted) -> Page[FlowView]:
        """One page of flows by what `listing.FLOWS` filters.

        Raises:
            InvalidCursor: the cursor was made for another list.
        """
        return listing.page(session, wanted)

    def ahead(self, session: TenantSession, flow_id: UUID) -> int:
        """How many flows of the account that have not begun come before this one."""
        return queueing.ahead(session, flow_id)

    def children(self, session: TenantSession, flow_id: UUID) -> list[UUID]:
        """The flows forked from this one, oldest first."""
        query = select(Flow.id).where(Flow.parent_id == flow_id).order_by(Flow.created_at)
        return list(session.scalars(query))

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
