"""The flow type that plans the waves of an engagement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.assessment.waves.errors import NothingToPlan
from landbridge.assessment.waves.planning import planned
from landbridge.assessment.waves.settings import WaveSettings
from landbridge.assessment.waves.storing import replace
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.repository import alone
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType

WAVE_PLAN: Final = "wave_plan"


class PlannedWaves(BaseModel):
    """What the phase planned.

    Attributes:
        waves: in which something moves.
        items: environments of applications, and assets without application.
        assets: in the items.
        staying: items that do not move.
        edges: pairs of items of which one needs the other.
        violations: what was asked for and cannot be had.
        hash: equal plans have equal ones.
    """

    waves: int = 0
    items: int = 0
    assets: int = 0
    staying: int = 0
    edges: int = 0
    violations: int = 0
    hash: str = ""


class WavePlanner:
    """Plans the waves and keeps them."""

    key: ClassVar[str] = "wave_planning"
    title: ClassVar[str] = "Plan waves"
    unit: ClassVar[str] = "items"
    output: ClassVar[type[BaseModel]] = PlannedWaves

    def run(self, context: PhaseContext) -> PlannedWaves:
        """Read the estate, plan, and write the plan in place of the one before."""
        settings = WaveSettings.model_validate(context.inputs)
        alone(context.session, context.engagement_id)
        done = planned(context.session, context.engagement_id, settings)
        size = len(done.estate.subjects)
        context.progress(0, size)
        row = replace(context.session, context.engagement_id, context.flow_id, done)
        context.progress(size, size)
        return PlannedWaves(
            waves=row.waves,
            items=row.items,
            assets=row.assets,
            staying=row.staying,
            edges=row.edges,
            violations=row.violations_total,
            hash=row.hash,
        )


def wave_plan() -> FlowType:
    """The flow type with its executor."""
    phase = WavePlanner()
    definition = FlowDefinition(
        flow_type=WAVE_PLAN,
        title="Plan waves",
        version=1,
        phases=(PhaseDefinition(key=phase.key, title=phase.title, unit=phase.unit, weight=100),),
    )
    return FlowType(
        definition=definition,
        inputs=WaveSettings,
        phases={phase.key: phase},
        gates={},
        admit=_admit,
    )


def _admit(session: TenantSession, engagement_id: UUID, _inputs: Mapping[str, Any]) -> None:
    there = session.execute(
        text("select exists (select from app.assets where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()
    if not there:
        raise NothingToPlan
