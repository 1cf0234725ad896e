"""The flow type that suggests applications for assets without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from landbridge.database import bulk
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.discovery.inventory.repository import alone
from landbridge.discovery.membership.reading import Stored, read
from landbridge.discovery.membership.suggesting import Reason, Suggestion, suggestions
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType
from landbridge.kit.ids import new_id

SUGGEST_APPLICATIONS: Final = "suggest_applications"


class SuggestingInputs(BaseModel):
    """It is started with nothing but the engagement: it looks at all of its assets."""

    model_config = ConfigDict(extra="forbid")


class SuggestingOutput(BaseModel):
    """What the phase found.

    Attributes:
        assets: those that could belong to an application; hosts and clusters could not.
        without: those of which no source says to which.
        suggested: those for which one application is clearly the best.
    """

    assets: int = 0
    without: int = 0
    suggested: int = 0


class ApplicationSuggester:
    """Suggests applications and keeps the suggestions."""

    key: ClassVar[str] = "application_suggestion"
    title: ClassVar[str] = "Suggest applications"
    unit: ClassVar[str] = "assets"
    output: ClassVar[type[BaseModel]] = SuggestingOutput

    def run(self, context: PhaseContext) -> SuggestingOutput:
        """Read the estate, find suggestions, write them in place of those nobody decided."""
        session = context.session
        alone(session, context.engagement_id)
        stored = read(session, context.engagement_id)
        size = len(stored.assets)
        context.progress(0, size)
        found = suggestions(stored.estate)
        session.execute(
            text(
                "delete from app.suggested_applications"
                " where engagement_id = :e and status = 'suggested'"
            ),
            {"e": context.engagement_id},
        )
        rows = (
            (new_id(), context.engagement_id, context.flow_id, *row) for row in _rows(stored, found)
        )
        bulk.insert(session, "suggested_applications", _COLUMNS, rows, "on conflict do nothing")
        context.progress(size, size)
        without = size - len(stored.estate.member)
        return SuggestingOutput(assets=size, without=without, suggested=len(found))


def _rows(stored: Stored, found: list[Suggestion]) -> Iterator[tuple[Any, ...]]:
    for s in found:
        reasons = [_told(r, stored) for r in s.reasons]
        yield (
            *(stored.assets[s.asset], stored.applications[s.application]),
            *(round(1000 * s.confidence), round(1000 * s.next_best)),
            storable(packed(reasons)),
        )


def _told(reason: Reason, stored: Stored) -> dict[str, Any]:
    return {
        "evidence": reason.evidence.value,
        "strength": round(reason.strength, 3),
        "of": reason.of,
        "all": reason.all,
        "assets": [
            {"id": str(stored.assets[n]), "name": stored.estate.names[n]} for n in reason.about
        ],
    }


_COLUMNS: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("flow_id", "uuid")),
    *(("asset_id", "uuid"), ("application_id", "uuid")),
    *(("confidence", "int"), ("next_best", "int"), ("reasons", "jsonb")),
)


def suggest_applications() -> FlowType:
    """The flow type with its executor."""
    phase = ApplicationSuggester()
    definition = FlowDefinition(
        flow_type=SUGGEST_APPLICATIONS,
        title="Suggest applications",
        version=1,
        phases=(PhaseDefinition(key=phase.key, title=phase.title, unit=phase.unit, weight=100),),
    )
    return FlowType(
        definition=definition, inputs=SuggestingInputs, phases={phase.key: phase}, gates={}
    )
