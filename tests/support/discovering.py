"""Runs Discovery on files in one process and waits for its end, as tests of results need it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from landbridge.assembly.platform import assemble
from landbridge.database.engine import Databases
from landbridge.discovery.imports import service as imports
from landbridge.flows.follow import follow
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView
from landbridge.flows.wakeups import Wakeups
from landbridge.worker.runtime import running_worker
from tests.support.accounts import Account


def discover(
    databases: Databases, account: Account, files: Sequence[Path]
) -> tuple[UUID, FlowView]:
    """Import files into the account's engagement; returns the import and the completed flow."""
    platform = assemble(databases)
    with databases.app.open(account.access) as session:
        import_id = imports.create_import(session, account.engagement_id).id
        for path in files:
            with path.open("rb") as stream:
                imports.receive_file(session, import_id, path.name, stream)
        flow_id = platform.orchestrator.create(
            session, account.engagement_id, "discovery", {"import_id": str(import_id)}
        )
    return import_id, finish(databases, account, flow_id)


def finish(databases: Databases, account: Account, flow_id: UUID) -> FlowView:
    """Run a flow to its end with a worker of its own; the completed flow."""
    platform = assemble(databases)
    with (
        Wakeups(databases.app_url) as wakeups,
        running_worker(databases.worker, platform.types),
    ):
        *_, last = follow(platform.orchestrator, databases.app, account.access, flow_id, wakeups)
    assert last.flow.status == FlowStatus.COMPLETED, last.flow.error
    return last.flow
