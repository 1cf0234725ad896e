"""Forks: a child flow that keeps what earlier phases gave and does the rest anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from landbridge.database.session import TenantSession
from landbridge.flows.actions import Action, require
from landbridge.flows.creation import insert_flow, insert_phases
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.errors import ForkNotPossible
from landbridge.flows.limits import require_room_for_flow
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import Approval, PhaseRun
from landbridge.flows.port import Engine
from landbridge.flows.settling import settle
from landbridge.flows.states import ApprovalStatus, PhaseStatus
from landbridge.flows.types import FlowTypes
from landbridge.kit.ids import new_id

_ENDED = (PhaseStatus.COMPLETED, PhaseStatus.SKIPPED)
_KEPT_RUN = (
    *("phase", "attempt", "status", "weight", "unit", "done", "total", "output"),
    *("started_at", "finished_at"),
)
_KEPT_APPROVAL = (
    *("phase", "gate", "kind", "summary", "status", "requested_at", "decided_by", "answer"),
    *("decided_automatically", "decided_at", "reason"),
)


def fork(
    session: TenantSession,
    engine: Engine,
    types: FlowTypes,
    flow_id: UUID,
    phase: str,
    *,
    inputs: Mapping[str, Any],
    current_definition: bool,
) -> UUID:
    """Create the child of a flow, from `phase` on, with changed inputs where given.

    Args:
        current_definition: follow the definition that the flow type has now, instead of the
            one the parent was started with.

    Raises:
        NotFound, InvalidFlowInputs, TooManyOpenFlows, FlowsTooFast: nothing is created.
        ActionRefused: it has not begun.
        ForkNotPossible: there is no such phase, or phases before it have not completed.
    """
    parent = LockedFlow(session, flow_id)
    require(Action.FORK, parent.status)
    kind = types.get(parent.row.flow_type)
    definition = kind.definition if current_definition else parent.definition
    kept = _kept(parent, definition, phase)
    checked = kind.validated({**parent.inputs, **inputs})
    kind.require(session, parent.row.engagement_id, checked)
    require_room_for_flow(session)
    child_id = insert_flow(
        session,
        definition,
        parent.row.engagement_id,
        checked,
        priority=parent.priority.value,
        parent_id=flow_id,
        forked_at=phase,
    )
    insert_phases(session, child_id, definition, except_for=kept)
    _copy(session, parent, child_id, definition, kept)
    parent.say("flow.forked", data={"child": str(child_id), "phase": phase})
    parent.write()
    child = LockedFlow(session, child_id)
    child.say(
        "flow.created",
        data={"flow_type": definition.flow_type, "parent": str(flow_id), "phase": phase},
    )
    settle(child, engine)
    child.write()
    return child_id


def forkable(definition: FlowDefinition, statuses: Mapping[str, PhaseStatus]) -> list[str]:
    """The phases from which a flow can be forked: all that they need has ended."""
    return [p.key for p in definition.phases if not _missing(definition, statuses, p.key)]


def _missing(
    definition: FlowDefinition, statuses: Mapping[str, PhaseStatus], phase: str
) -> list[str]:
    """Phases before this one that have not ended."""
    needed = set(definition.phase(phase).after or ())
    for earlier in reversed(definition.phases):
        if earlier.key in needed:
            needed.update(earlier.after or ())
    return [
        p.key for p in definition.phases if p.key in needed and statuses.get(p.key) not in _ENDED
    ]


def _kept(parent: LockedFlow, definition: FlowDefinition, phase: str) -> set[str]:
    statuses = {key: run.status for key, run in parent.runs.items()}
    possible = ", ".join(forkable(definition, statuses)) or "none"
    if phase not in {p.key for p in definition.phases}:
        raise ForkNotPossible(phase=phase, reason="it has no such phase", possible=possible)
    if missing := _missing(definition, statuses, phase):
        reason = f"{', '.join(missing)} has not completed"
        raise ForkNotPossible(phase=phase, reason=reason, possible=possible)
    anew = definition.downstream(phase)
    open_gates = {key for key, run in parent.runs.items() if run.gate_open}
    return {
        p.key
        for p in definition.phases
        if p.key not in anew and statuses.get(p.key) in _ENDED and p.key not in open_gates
    }


def _copy(
    session: TenantSession,
    parent: LockedFlow,
    child_id: UUID,
    definition: FlowDefinition,
    kept: set[str],
) -> None:
    """Copy ended phases and decided gates to the child."""
    positions = {p.key: position for position, p in enumerate(definition.phases)}
    ids = [parent.runs[key].id for key in kept]
    for run in session.scalars(select(PhaseRun).where(PhaseRun.id.in_(ids))):
        values = {name: getattr(run, name) for name in _KEPT_RUN}
        values |= {"id": new_id(), "flow_id": child_id, "position": positions[run.phase]}
        session.execute(insert(PhaseRun).values(**values))
    decided = select(Approval).where(
        Approval.flow_id == parent.id,
        Approval.phase.in_(kept),
        Approval.status == ApprovalStatus.APPROVED.value,
    )
    for approval in session.scalars(decided):
        values = {name: getattr(approval, name) for name in _KEPT_APPROVAL}
        session.execute(insert(Approval).values(id=new_id(), flow_id=child_id, **values))
