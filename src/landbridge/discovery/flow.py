"""The Discovery flow type: six phases in sequence, with one gate after the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from landbridge.database.session import TenantSession
from landbridge.discovery.cleansing.phase import DataCleansing
from landbridge.discovery.dependencies.phase import DependencyAnalysis
from landbridge.discovery.imports.phase import DataImport
from landbridge.discovery.imports.queries import require_import
from landbridge.discovery.inventory.phase import AssetInventory
from landbridge.discovery.mapping import service as mappings
from landbridge.discovery.mapping.phase import FieldMapping
from landbridge.discovery.techdebt.phase import TechDebtAssessment
from landbridge.flows.definitions import FlowDefinition, GateDefinition, PhaseDefinition
from landbridge.flows.phases import Phase, PhaseContext
from landbridge.flows.types import FlowType

FLOW_TYPE = "discovery"
MAPPING_REVIEW = "mapping_review"


class DiscoveryInputs(BaseModel):
    """What a Discovery flow is started with.

    Attributes:
        import_id: the received files.
        approve: "auto" approves mappings at or above the threshold and keeps the rest as
            custom attributes; "ask" waits for a person at the gate.
        threshold: confidence from which a mapping is approved automatically.
    """

    import_id: UUID
    approve: Literal["auto", "ask"] = "auto"
    threshold: float = Field(default=0.9, ge=0, le=1, strict=True)


class MappingReview:
    """The gate after field_mapping: a person looks at what was suggested."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """How many columns wait, or None when none does or nobody is to be asked."""
        if context.inputs["approve"] == "auto":
            return None
        waiting = mappings.count_to_review(context.session, UUID(context.inputs["import_id"]))
        return {"columns_to_review": waiting} if waiting else None

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Approve every mapping that is still a suggestion."""
        mappings.approve_remaining(session, UUID(inputs["import_id"]))


def discovery() -> FlowType:
    """The Discovery flow type with its executors."""
    weighted: list[tuple[Phase, int, GateDefinition | None]] = [
        (DataImport(), 20, None),
        (FieldMapping(), 5, GateDefinition(key=MAPPING_REVIEW, title="Review the mapping")),
        (DataCleansing(), 30, None),
        (AssetInventory(), 25, None),
        (DependencyAnalysis(), 12, None),
        (TechDebtAssessment(), 8, None),
    ]
    definition = FlowDefinition(
        flow_type=FLOW_TYPE,
        title="Discovery",
        version=1,
        phases=tuple(
            PhaseDefinition(key=p.key, title=p.title, unit=p.unit, weight=weight, gate=gate)
            for p, weight, gate in weighted
        ),
    )
    return FlowType(
        definition=definition,
        inputs=DiscoveryInputs,
        phases={phase.key: phase for phase, _, _ in weighted},
        gates={MAPPING_REVIEW: MappingReview()},
        admit=_admit,
    )


def _admit(session: TenantSession, engagement_id: UUID, inputs: Mapping[str, Any]) -> None:
    require_import(session, engagement_id, UUID(inputs["import_id"]))
