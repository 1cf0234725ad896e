"""The Assessment flow type: what becomes of each application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from landbridge.assessment.sixr.errors import NothingToAssess
from landbridge.assessment.sixr.phase import StrategyRecommendation
from landbridge.database.session import TenantSession
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.phases import Phase
from landbridge.flows.types import FlowType

ASSESSMENT: Final = "assessment"


class AssessmentInputs(BaseModel):
    """It is started with nothing but the engagement: it looks at all of its assets."""

    model_config = ConfigDict(extra="forbid")


def assessment() -> FlowType:
    """The flow type with its executors."""
    phases: list[tuple[Phase, int]] = [(StrategyRecommendation(), 100)]
    definition = FlowDefinition(
        flow_type=ASSESSMENT,
        title="Assessment",
        version=1,
        phases=tuple(
            PhaseDefinition(key=p.key, title=p.title, unit=p.unit, weight=weight)
            for p, weight in phases
        ),
    )
    return FlowType(
        definition=definition,
        inputs=AssessmentInputs,
        phases={phase.key: phase for phase, _ in phases},
        gates={},
        admit=_admit,
    )


def _admit(session: TenantSession, engagement_id: UUID, _inputs: Mapping[str, Any]) -> None:
    there = session.execute(
        text("select exists (select from app.assets where engagement_id = :e)"),
        {"e": engagement_id},
    ).scalar_one()
    if not there:
        raise NothingToAssess
