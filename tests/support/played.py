"""Flows of the play types, taken along by the test itself as a worker would."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from landbridge.database.engine import Databases
from landbridge.flows.engine import FlowClient
from landbridge.flows.execution import FlowExecution
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.port import Job
from landbridge.flows.runner import Runner
from landbridge.flows.status import FlowView
from tests.support.accounts import Account
from tests.support.play import play_types
from tests.support.repository import ROOT


class Playground:
    """An account in which flows are started and run by hand."""

    def __init__(self, databases: Databases, account: Account) -> None:
        self.databases, self.account = databases, account
        self.orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), play_types())
        client = FlowClient(databases.worker)
        self.execution = FlowExecution(play_types(), databases.worker, client, "by-hand")

    @property
    def root(self) -> str:
        """The engagement's pages."""
        a, e = self.account.client_account_id, self.account.engagement_id
        return f"/accounts/{a}/engagements/{e}"

    def url(self, flow_id: UUID) -> str:
        """The page of a flow."""
        return f"{self.root}/flows/{flow_id}"

    def start(self, kind: str, start_at: datetime | None = None, **inputs: Any) -> UUID:
        """Start a flow; nothing runs it yet."""
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator.create(
                session, self.account.engagement_id, kind, inputs, start_at=start_at
            )

    def run(self, flow_id: UUID) -> FlowView:
        """Do all that can be done now."""
        job, seen = Job(self.account.client_account_id, flow_id), -1
        while (flow := self.status(flow_id)).last_event_seq != seen:
            seen = flow.last_event_seq
            Runner(self.execution).perform(job)
        return flow

    def rested(self, kind: str, **inputs: Any) -> FlowView:
        """A new flow that has gone as far as it can."""
        return self.run(self.start(kind, **inputs))

    def status(self, flow_id: UUID) -> FlowView:
        """The flow as it is."""
        with self.databases.app.open(self.account.access) as session:
            return self.orchestrator.status(session, flow_id)

    def kinds(self, flow_id: UUID) -> list[str]:
        """The kinds of its events."""
        with self.databases.app.open(self.account.access) as session:
            return [event.kind for event in self.orchestrator.events(session, flow_id)]


@contextmanager
def playing(databases: Databases, directory: Path) -> Iterator[None]:
    """Run a worker process of the play types until the block ends."""
    ready = directory / "ready"
    urls = [
        u.render_as_string(hide_password=False)
        for u in (databases.admin_url, databases.app_url, databases.worker_url)
        if u is not None
    ]
    command = [sys.executable, "-m", "tests.support.play", *urls, str(ready)]
    with subprocess.Popen(command, env=os.environ, cwd=ROOT) as process:
        try:
            deadline = time.monotonic() + 60
            while not ready.exists():
                assert process.poll() is None, "the worker did not start"
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(30)
