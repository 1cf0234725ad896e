"""Runs one phase by itself, as a worker would."""

from __future__ import annotations

from typing import Any

from landbridge.database.engine import Databases
from landbridge.flows.phases import Phase, PhaseContext
from tests.support.accounts import Account, make_flow


def run_phase(
    databases: Databases, account: Account, phase: Phase, inputs: dict[str, Any] | None = None
) -> Any:
    """The output of a phase, committed with a flow's row of its own."""
    flow = make_flow(databases, account)
    with databases.worker.open(flow) as session:
        return phase.run(
            PhaseContext(
                session=session,
                client_account_id=account.client_account_id,
                engagement_id=account.engagement_id,
                flow_id=flow.flow_id,
                inputs=inputs or {},
                outputs={},
                progress=lambda _done, _total: None,
            )
        )
