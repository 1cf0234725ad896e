"""The flow type that undoes an import: the inventory first, then the findings about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.withdrawal_phase import ImportWithdrawal
from landbridge.discovery.inventory.withdrawing import require_undoable
from landbridge.discovery.techdebt.phase import TechDebtAssessment
from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.phases import Phase
from landbridge.flows.types import FlowType

UNDO_IMPORT: Final = "undo_import"


class UndoInputs(BaseModel):
    """What the flow is started with.

    Attributes:
        import_id: the import to undo; the last one that changed the inventory.
    """

    import_id: UUID


def undo_import() -> FlowType:
    """The flow type with its executors."""
    phases: list[tuple[Phase, int]] = [(ImportWithdrawal(), 70), (TechDebtAssessment(), 30)]
    definition = FlowDefinition(
        flow_type=UNDO_IMPORT,
        title="Undo import",
        version=1,
        phases=tuple(
            PhaseDefinition(key=p.key, title=p.title, unit=p.unit, weight=weight)
            for p, weight in phases
        ),
    )
    return FlowType(
        definition=definition,
        inputs=UndoInputs,
        phases={phase.key: phase for phase, _ in phases},
        gates={},
        admit=_admit,
    )


def _admit(session: TenantSession, engagement_id: UUID, inputs: Mapping[str, Any]) -> None:
    require_undoable(session, engagement_id, UUID(inputs["import_id"]))
