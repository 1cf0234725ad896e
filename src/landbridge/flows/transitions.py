"""Moving a flow along the transition table, in one step of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.flows.locked import LockedFlow
from landbridge.flows.states import FlowStatus


def move(
    session: TenantSession,
    flow_id: UUID,
    target: FlowStatus,
    *,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move a flow to `target` and say so in its event log, in the open transaction.

    Raises:
        NotFound: no such flow in the open account.
        TransitionRefused: the table has no such step.
    """
    flow = LockedFlow(session, flow_id)
    flow.move(target, data, **changes)
    flow.write()
