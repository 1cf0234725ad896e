"""The phase import_withdrawal: an import is undone, in one transaction."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.discovery.inventory.repository import alone
from landbridge.discovery.inventory.withdrawing import Withdrawal, require_undoable
from landbridge.flows.phases import PhaseContext


class WithdrawalOutput(BaseModel):
    """What the undo did.

    Attributes:
        assets_removed: assets that only this import brought.
        assets_restored: assets that are again what they were before it.
        dependencies: edges removed or restored.
        applications: applications removed or restored.
    """

    assets_removed: int = 0
    assets_restored: int = 0
    dependencies: int = 0
    applications: int = 0


class ImportWithdrawal:
    """Takes back what an import changed in the inventory."""

    key: ClassVar[str] = "import_withdrawal"
    title: ClassVar[str] = "Undo import"
    unit: ClassVar[str] = "assets"
    output: ClassVar[type[BaseModel]] = WithdrawalOutput

    def run(self, context: PhaseContext) -> WithdrawalOutput:
        """Undo the import.

        Raises:
            NotFound, ImportNotApplied, ImportNotNewest, ImportBusy: it cannot be undone now.
        """
        import_id = UUID(str(context.inputs["import_id"]))
        session = context.session
        alone(session, context.engagement_id)
        require_undoable(session, context.engagement_id, import_id)
        done = Withdrawal(session, context.engagement_id, import_id, context.flow_id)
        counts = done.run(context.progress)
        session.execute(
            text(
                "update app.imports set applied_at = null, withdrawn_at = clock_timestamp(),"
                " withdrawn_by = (select created_by from app.flows where id = :f) where id = :i"
            ),
            {"i": import_id, "f": context.flow_id},
        )
        return WithdrawalOutput(**counts)
