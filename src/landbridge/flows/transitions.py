"""Moving a flow along the transition table: the only code that writes `flows.status`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.flows import events
from landbridge.flows.errors import TransitionRefused
from landbridge.flows.models import Flow
from landbridge.flows.states import TERMINAL, FlowStatus, is_allowed


def lock(session: TenantSession, flow_id: UUID) -> Flow:
    """The flow's row, locked until the transaction ends.

    Raises:
        NotFound: no such flow in the open account.
    """
    flow = session.scalar(
        select(Flow)
        .where(Flow.id == flow_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if flow is None:
        raise NotFound
    return flow


def move(
    session: TenantSession,
    flow_id: UUID,
    target: FlowStatus,
    *,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Flow:
    """Move a flow to `target` and say so in its event log, in the open transaction.

    Raises:
        NotFound: no such flow in the open account.
        TransitionRefused: the table has no such step.
    """
    flow = lock(session, flow_id)
    if not is_allowed(FlowStatus(flow.status), target):
        raise TransitionRefused(current=flow.status, target=target.value)
    if target in TERMINAL:
        changes["finished_at"] = func.now()
    session.execute(
        update(Flow)
        .where(Flow.id == flow_id)
        .values(status=target.value, **changes)
        .execution_options(synchronize_session=False)
    )
    events.append(session, flow_id, f"flow.{target.value}", data=data)
    session.expire(flow)
    return flow
