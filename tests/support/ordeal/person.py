"""The person of an ordeal: starts the flows, decides at gates, pauses, resumes and cancels."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TypeVar
from uuid import UUID

import stamina
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import DatabaseUnavailable
from landbridge.flows.engine import FlowClient
from landbridge.flows.errors import ActionRefused
from landbridge.flows.gate_errors import AlreadyDecided
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.types import FlowTypes
from tests.support.accounts import Account
from tests.support.ordeal.cases import DIAMOND, Case

T = TypeVar("T")
LOOK_SECONDS = 0.3
LAST_SHARE = 0.85
PATIENCE_SECONDS = 120
STARTED = text("select id from app.flows where inputs ->> 'number' = :number")


class Person:
    """Acts through the orchestrator as the API does, from a thread of its own."""

    def __init__(
        self, databases: Databases, types: FlowTypes, cases: list[Case], random: Random
    ) -> None:
        self._databases = databases
        self._orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), types)
        self._cases = cases
        self._random = random
        self._started: dict[UUID, Case] = {}
        self._seen: list[Case] = []
        self._paused: list[Case] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="person", daemon=True)
        self.decisions = 0
        self.outages = 0
        self.failure: BaseException | None = None

    def __enter__(self) -> Person:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def start_flows(self, seconds: float, more_to_come: Callable[[], object]) -> None:
        """Start every flow, evenly over some time; the last of them once nothing more is to
        come. One whose commit was not answered is looked for before it is started again, as
        an idempotency key does for a client.
        """
        began = time.monotonic()
        for number, case in enumerate(self._cases):
            due = began + seconds * number / len(self._cases)
            self._stop.wait(max(0.0, due - time.monotonic()))
            while number > LAST_SHARE * len(self._cases) and more_to_come():
                if self._stop.wait(LOOK_SECONDS) or time.monotonic() > due + PATIENCE_SECONDS:
                    break
            case.inputs["number"] = number
            case.flow_id = self._act(case.account, partial(self._start, case=case))
            self._started[case.flow_id] = case

    def _start(self, session: TenantSession, case: Case) -> UUID:
        number = str(case.inputs["number"])
        found = session.execute(STARTED, {"number": number}).scalar_one_or_none()
        return found or self._orchestrator.create(
            session, case.account.engagement_id, case.flow_type, case.inputs
        )

    def _run(self) -> None:
        try:
            accounts = {c.account.client_account_id: c.account for c in self._cases}
            while not self._stop.wait(LOOK_SECONDS):
                for account in accounts.values():
                    self._decide_in(account)
                self._interfere()
        except BaseException as error:
            self.failure = error
            raise

    def _interfere(self) -> None:
        """Cancel or pause what was started; resume at the next look what was paused."""
        todo = [c for c in list(self._started.values()) if c not in self._seen]
        for case in self._paused:
            self._attempt(case, partial(self._orchestrator.resume, flow_id=case.flow_id))
        self._paused = []
        for case in todo:
            self._seen.append(case)
            if case.cancelled:
                self._attempt(case, partial(self._orchestrator.cancel, flow_id=case.flow_id))
            elif case.paused:
                self._attempt(case, partial(self._orchestrator.pause, flow_id=case.flow_id))
                self._paused.append(case)

    def _attempt(self, case: Case, action: Callable[[TenantSession], None]) -> None:
        try:
            self._act(case.account, action)
        except ActionRefused:
            if case.cancelled:  # it was quicker than the person: then that is right
                case.status, case.done, case.cancelled = "completed", DIAMOND, False

    def _decide_in(self, account: Account) -> None:
        waiting = self._act(account, lambda s: self._orchestrator.waiting(s, account.engagement_id))
        for approval in waiting:
            case = self._started.get(approval.flow_id)
            said = case and case.answers.get(approval.gate)
            if not said:
                continue
            choice = None if said in ("approve", "reject") else said

            decide = partial(
                self._orchestrator.decide,
                approval_id=approval.id,
                approve=said != "reject",
                answer=choice,
            )
            try:
                self._act(account, decide)
                self.decisions += 1
            except (AlreadyDecided, ActionRefused):
                continue

    def _act(self, account: Account, work: Callable[[TenantSession], T]) -> T:
        for attempt in stamina.retry_context(
            on=self._is_outage, attempts=None, timeout=120, wait_initial=0.2, wait_max=1.0
        ):
            with attempt, self._databases.app.open(account.access) as session:
                return work(session)
        raise AssertionError("unreachable")

    def _is_outage(self, error: Exception) -> bool:
        if isinstance(error, DatabaseUnavailable) or (
            isinstance(error, LandbridgeError) and error.code == "DATABASE_BUSY"
        ):
            self.outages += 1
            return True
        return False
