"""The event log of a flow: stored in the transaction of what happened, then announced.

The announcement carries only the flow's opaque id; whoever hears it reads the log under
row-level security.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from landbridge.database.session import TenantSession
from landbridge.flows.models import Flow, FlowEvent

CHANNEL: Final = "landbridge_flow"


def append(
    session: TenantSession,
    flow_id: UUID,
    kind: str,
    *,
    phase: str | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Append one event and announce it at commit; returns its sequence number.

    The flow's row is locked from here to the end of the transaction, which is what keeps
    the sequence without gaps and in commit order.
    """
    seq = session.execute(
        update(Flow)
        .where(Flow.id == flow_id)
        .values(last_event_seq=Flow.last_event_seq + 1)
        .returning(Flow.last_event_seq)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.execute(
        insert(FlowEvent).values(flow_id=flow_id, seq=seq, kind=kind, phase=phase, data=data or {})
    )
    announce(session, flow_id)
    return seq


def announce(session: TenantSession, flow_id: UUID) -> None:
    """Wake the followers of a flow when this transaction commits."""
    session.execute(select(func.pg_notify(CHANNEL, str(flow_id))))


def after(session: TenantSession, flow_id: UUID, seq: int, limit: int = 1000) -> list[FlowEvent]:
    """The events of a flow after `seq`, in order."""
    query = (
        select(FlowEvent)
        .where(FlowEvent.flow_id == flow_id, FlowEvent.seq > seq)
        .order_by(FlowEvent.seq)
        .limit(limit)
    )
    return list(session.scalars(query))
