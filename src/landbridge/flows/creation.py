"""Bringing a flow into being: its row, its phases, its first event, its first jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from landbridge.database.session import TenantSession, once_committed
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.limits import require_room_for_flow
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Flow, PhaseRun
from landbridge.flows.port import Engine
from landbridge.flows.settling import settle
from landbridge.flows.states import FlowStatus, PhaseStatus, Priority
from landbridge.flows.types import FlowType
from landbridge.kit import metrics
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id
from landbridge.kit.tracing import current_trace_id


def create(
    session: TenantSession,
    engine: Engine,
    kind: FlowType,
    engagement_id: UUID,
    inputs: Mapping[str, Any],
    *,
    priority: Priority = Priority.NORMAL,
    start_at: datetime | None = None,
) -> UUID:
    """Create a flow of this type and hand it to the engine, in the open transaction.

    Raises:
        InvalidFlowInputs, TooManyOpenFlows, FlowsTooFast: nothing is created.
        LandbridgeError: the type does not admit these inputs.
    """
    checked = kind.validated(inputs)
    kind.require(session, engagement_id, checked)
    require_room_for_flow(session)
    later = start_at if start_at is not None and start_at > now() else None
    flow_id = insert_flow(
        session,
        kind.definition,
        engagement_id,
        checked,
        priority=priority.value,
        scheduled_for=later,
    )
    insert_phases(session, flow_id, kind.definition)
    flow = LockedFlow(session, flow_id)
    said: dict[str, Any] = {"flow_type": kind.definition.flow_type}
    if later is not None:
        said["starts_at"] = later.isoformat()
    flow.say("flow.created", data=said)
    settle(flow, engine)
    flow.write()
    return flow_id


def insert_flow(
    session: TenantSession,
    definition: FlowDefinition,
    engagement_id: UUID,
    inputs: Mapping[str, Any],
    **values: Any,
) -> UUID:
    """Insert the row of a flow that has not begun."""
    flow_id = new_id()
    session.execute(
        insert(Flow).values(
            id=flow_id,
            engagement_id=engagement_id,
            flow_type=definition.flow_type,
            definition=definition.model_dump(mode="json"),
            inputs=dict(inputs),
            status=FlowStatus.INITIALIZED.value,
            trace_id=current_trace_id(),
            created_by=session.user_id,
            **values,
        )
    )
    told = partial(metrics.count_flow, definition.flow_type, FlowStatus.INITIALIZED.value)
    once_committed(session, told)
    return flow_id


def insert_phases(
    session: TenantSession,
    flow_id: UUID,
    definition: FlowDefinition,
    except_for: Iterable[str] = (),
) -> None:
    """Insert the first attempts of the phases, except those that the caller has."""
    left_out = set(except_for)
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
            if phase.key not in left_out
        ],
    )
