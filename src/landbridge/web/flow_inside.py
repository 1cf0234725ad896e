"""What the part of a flow's page that changes shows, put together from one transaction."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from landbridge.api.services import Services
from landbridge.database.session import TenantSession
from landbridge.discovery.summary import summarise
from landbridge.flows import listing
from landbridge.flows.crew import living_crew
from landbridge.flows.history import failed_attempts
from landbridge.flows.locked import definition_of
from landbridge.flows.models import Flow
from landbridge.flows.states import TERMINAL, FlowStatus, PhaseStatus, Priority
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action, allows
from landbridge.kit.clock import now
from landbridge.web.chronicle import tell
from landbridge.web.flow_gates import Tried, questions
from landbridge.web.flow_phases import UNKNOWN, PhaseLine, lines
from landbridge.web.layouts import arrange
from landbridge.web.measures import moment
from landbridge.web.people import People
from landbridge.web.rendering import Place

SHOWN_EVENTS: Final = 60
WORKING: Final = frozenset({FlowStatus.INITIALIZED, FlowStatus.RUNNING})
DECISIONS: Final = frozenset({"approve", "reject", "delegate"})


def inside(
    services: Services,
    session: TenantSession,
    flow: FlowView,
    place: Place,
    tried: Tried | None = None,
) -> dict[str, Any]:
    """What `parts/flow.html` shows."""
    can = _can(flow, place.role)
    definition, people = definition_of(session, flow.id), People.of(session)
    recent = max(0, flow.last_event_seq - SHOWN_EVENTS)
    events = services.orchestrator.events(session, flow.id, recent)
    over = flow.status in TERMINAL
    workers = living_crew(services.databases.app)
    phases = lines(flow, definition, failed_attempts(session, flow.id), people, workers)
    unknown = any(line.waits == UNKNOWN for line in phases.values())
    steps = arrange({phase.name: phase.after for phase in flow.phases})
    return {
        "flow": flow,
        "place": place,
        "can": can,
        "has_actions": bool(can - DECISIONS),
        "headline": UNKNOWN
        if unknown
        else _headline(flow, phases) or _queued(services, session, flow),
        "paused_at": _paused_at(session, flow),
        "phases": phases,
        "steps": steps,
        "is_wide": any(step.branches for step in steps),
        "questions": questions(flow, people, session.user_id, tried),
        "deciders": people.deciders,
        "people": people,
        "priorities": [priority.name.lower() for priority in Priority],
        "told": tell(definition, people, events),
        "untold": recent,
        "children": _children(services, session, flow.id),
        "summary": summarise(session, flow) if over and flow.type == "discovery" else None,
        "simulated": _simulated(flow) if over else None,
        "needs_worker": flow.status in WORKING and not workers,
        "unknown_to_workers": unknown,
        "may_start": allows(place.role, Action.START_FLOW),
        "may_decide": allows(place.role, Action.DECIDE_APPROVAL),
    }


def _simulated(flow: FlowView) -> dict[str, Any] | None:
    """What an import would change, where the flow found that out."""
    return next((p.output for p in flow.phases if p.name == "simulation"), None)


def _can(flow: FlowView, role: str) -> frozenset[str]:
    """The actions that the flow's state and the viewer's role allow now."""
    control, decide = (allows(role, a) for a in (Action.CONTROL_FLOW, Action.DECIDE_APPROVAL))
    return frozenset(a for a in flow.possible if (decide if a in DECISIONS else control))


def _headline(flow: FlowView, phases: dict[str, PhaseLine]) -> str:
    """What the flow does now, or waits for, in a few words."""
    busy = [line.view.title for line in phases.values() if line.view.status == PhaseStatus.RUNNING]
    if flow.status == FlowStatus.PAUSED:
        return f"{_and(busy)} ends first" if busy else ""
    if busy:
        return _and(busy)
    if flow.status == FlowStatus.WAITING and flow.waits_for:
        return flow.waits_for.title
    if flow.status == FlowStatus.INITIALIZED and flow.scheduled_for and flow.scheduled_for > now():
        return f"Begins at {moment(flow.scheduled_for)}"
    if flow.status not in WORKING:
        return ""
    if any(line.next_try for line in phases.values()):
        return "Waits for the next try"
    return "Waits for a free worker" if flow.status == FlowStatus.RUNNING else ""


def _queued(services: Services, session: TenantSession, flow: FlowView) -> str:
    """What a flow waits for that nothing keeps from beginning."""
    if flow.status != FlowStatus.INITIALIZED:
        return ""
    ahead = services.orchestrator.ahead(session, flow.id)
    others = f", after {ahead} {'other' if ahead == 1 else 'others'} of this client account"
    return f"Waits for a free worker{others if ahead else ''}"


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _paused_at(session: TenantSession, flow: FlowView) -> Any:
    if flow.status != FlowStatus.PAUSED:
        return None
    return session.scalar(select(Flow.paused_at).where(Flow.id == flow.id))


def _children(services: Services, session: TenantSession, flow_id: UUID) -> list[FlowView]:
    return listing.views(session, services.orchestrator.children(session, flow_id))
