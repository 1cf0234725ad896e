"""An estate that is discovered in this process, and discovered again from its own exports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.discovery.cleansing.phase import DataCleansing
from landbridge.discovery.dependencies.phase import DependencyAnalysis, DependencyOutput
from landbridge.discovery.imports import service as imports
from landbridge.discovery.imports.phase import DataImport
from landbridge.discovery.inventory.phase import AssetInventory, InventoryOutput
from landbridge.discovery.mapping.phase import FieldMapping
from landbridge.flows.phases import PhaseContext
from tests.support.accounts import Account, make_flow
from tests.support.tables import Bench
from tests.support.two_doors import TwoDoors

PHASES = (DataImport, FieldMapping, DataCleansing, AssetInventory, DependencyAnalysis)


class Estate:
    """A discovered estate.

    Attributes:
        import_id: of what was imported last.
    """

    def __init__(self, databases: Databases, account: Account, files: Sequence[Path]) -> None:
        self.databases, self.account, self.files = databases, account, files
        self.bench = Bench(TwoDoors(databases), account, make_flow(databases, account))
        self.discover(files)
        self.found = self.bench.snapshot()

    def discover(self, files: Sequence[Path]) -> tuple[InventoryOutput, DependencyOutput]:
        """Run the phases on files; what the last two put out."""
        with self.databases.app.open(self.account.access) as session:
            import_id = imports.create_import(session, self.account.engagement_id).id
            self.import_id = import_id
            for path in files:
                with path.open("rb") as stream:
                    imports.receive_file(session, import_id, path.name, stream)
        inputs = {"import_id": str(import_id), "approve": "auto", "threshold": 0.9}
        flow = make_flow(self.databases, self.account, inputs=json.dumps(inputs))
        outputs: list[Any] = []
        for phase in PHASES:
            with self.databases.worker.open(flow) as session:
                context = PhaseContext(
                    session=session,
                    client_account_id=self.account.client_account_id,
                    engagement_id=self.account.engagement_id,
                    flow_id=flow.flow_id,
                    inputs=inputs,
                    outputs={},
                    progress=lambda _done, _total: None,
                )
                outputs.append(phase().run(context))
        with self.databases.worker.open(flow) as session:
            session.execute(
                text(
                    "update app.flows set status = 'completed', finished_at = now() where id = :id"
                ),
                {"id": flow.flow_id},
            )
        return outputs[-2], outputs[-1]
