"""Where phases ask agents: by the account's policy, within its budget, and never in vain.

Whatever goes wrong, the caller gets the suggestion of the task's rules and goes on. One layer
repeats a question: this one, and only where the provider says that it may help soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar
from uuid import UUID

import stamina
import structlog
from pydantic import ValidationError
from sqlalchemy import text

from landbridge.agents import ledger
from landbridge.agents.configuration import configured_agent, configured_prices
from landbridge.agents.errors import AgentModelInvalid
from landbridge.agents.ledger import Question
from landbridge.agents.policies import Policy, policy_of
from landbridge.agents.port import Agent, Given, Refusal, Said, Suggestion, Task, Usage
from landbridge.agents.prompts import instructions, question
from landbridge.database.circuits import asking
from landbridge.database.session import SessionDoor, TenantSession
from landbridge.errors.catalogue import LandbridgeError, Retry
from landbridge.errors.service_errors import ServiceAnswerMalformed, ServiceTimedOut
from landbridge.occurrences.noting import note

log = structlog.get_logger(__name__)

T = TypeVar("T")

ATTEMPTS: Final = 2
PATIENCE_SECONDS: Final = 5.0
PULSE_SECONDS = 3.0
_PULSE: Final = text("select 1")
_WAIT_SECONDS: Final = 0.5
_OVERHEAD_TOKENS: Final = 2_000
_NOT_AGAIN: Final = (ServiceTimedOut, ServiceAnswerMalformed)


@dataclass(frozen=True, slots=True)
class Consulted(Generic[Said]):
    """What came of asking.

    Attributes:
        suggestion: of the agent, or of the rules where there is a refusal.
        refusal: why the agent's was not to be had.
    """

    suggestion: Suggestion[Said]
    refusal: LandbridgeError | None = None


@dataclass(frozen=True, slots=True)
class Advisor:
    """An agent, for one place in one client account.

    Attributes:
        policy: of the account; says what may be part of a question.
    """

    agent: Agent
    policy: Policy
    door: SessionDoor
    session: TenantSession
    engagement_id: UUID | None = None
    flow_id: UUID | None = None
    phase: str | None = None

    def ask(self, task: Task[Given, Said], given: Given, withheld: int = 0) -> Consulted[Said]:
        """Ask, and book it.

        Args:
            task: what.
            given: the question, with nothing in it that the policy does not allow.
            withheld: texts that were left out because they read like orders to a model.
        """
        found = self._asked(task, given, withheld)
        if isinstance(found, Suggestion):
            return Consulted(found)
        note(found, f"agent: {task.name}")
        log.warning("agent_refused", task=task.name, code=found.code)
        return Consulted(Suggestion(task.rules(given), "rules"), found)

    def _asked(
        self, task: Task[Given, Said], given: Given, withheld: int
    ) -> Suggestion[Said] | LandbridgeError:
        model = self.agent.model
        try:
            price = configured_prices().of(model)
        except LandbridgeError as error:
            return error
        size = len(question(given).encode()) + len(instructions(task).encode())
        most = Usage(1, size + _OVERHEAD_TOKENS, 0, task.most_output_tokens)
        asked = Question(
            task.name, model, task.content_hash(model, given), ATTEMPTS * price.micros(most),
            self.engagement_id, self.flow_id, self.phase, withheld,
        )  # fmt: skip
        access = self.session.access
        with self.door.open(access) as own:
            admitted = ledger.admit(own, asked, self.policy.cache_days)
        if isinstance(admitted, LandbridgeError):
            return admitted
        if admitted.kept is not None:
            kept = _read(task, given, admitted.kept)
            return Suggestion(kept, model) if kept else ServiceAnswerMalformed(service=model)
        began = time.monotonic()
        found, usage = self._attended(partial(self._repeated, task, given))
        took = round((time.monotonic() - began) * 1000)
        with self.door.open(access) as own:
            said = found.output.model_dump(mode="json") if isinstance(found, Suggestion) else None
            code = found.code if isinstance(found, LandbridgeError) else None
            ledger.close(own, admitted.id, usage, price.micros(usage), took, answer=said, code=code)
        return found

    def _attended(self, work: Callable[[], T]) -> T:
        """What the work returns, done beside this thread, which meanwhile shows the database that
        the transaction of the phase is alive: one that stands still is ended after seconds.
        """
        with ThreadPoolExecutor(1, "agent-desk") as beside:
            done = beside.submit(copy_context().run, work)
            while wait([done], PULSE_SECONDS).not_done:
                self.session.execute(_PULSE)
            return done.result()

    def _repeated(
        self, task: Task[Given, Said], given: Given
    ) -> tuple[Suggestion[Said] | LandbridgeError, Usage]:
        used = Usage()
        try:
            for attempt in stamina.retry_context(
                on=_wait, attempts=ATTEMPTS, timeout=None, wait_jitter=0
            ):
                with attempt, asking(self.door.engine, self.agent.provider or self.agent.name):
                    found = self.agent.ask(task, given)
                    used += found.usage
                    if isinstance(found, Refusal):
                        raise found.error
                    return found, used
        except LandbridgeError as error:
            return error, used
        raise AssertionError("an attempt ends with a return or an error")


def advisor(
    session: TenantSession,
    engagement_id: UUID | None = None,
    flow_id: UUID | None = None,
    phase: str | None = None,
) -> Advisor | None:
    """Who may be asked in the open account; None where no model is configured or the account has
    not allowed it. A setting that names no model is recorded, and nobody is asked.
    """
    policy = policy_of(session)
    if not policy.enabled:
        return None
    try:
        agent = configured_agent()
    except AgentModelInvalid as error:
        note(error, "agent: configuration")
        log.warning("agent_refused", code=error.code)
        return None
    if agent is None:
        return None
    door = SessionDoor(session.get_bind().engine)
    return Advisor(agent, policy, door, session, engagement_id, flow_id, phase)


def _wait(error: Exception) -> bool | float:
    """Seconds until the question is repeated; False where that cannot help soon."""
    if not isinstance(error, LandbridgeError) or error.retry is Retry.NEVER:
        return False
    wish = float(error.fields.get("retry_after", _WAIT_SECONDS))
    return wish if wish <= PATIENCE_SECONDS and not isinstance(error, _NOT_AGAIN) else False


def _read(task: Task[Given, Said], given: Given, kept: object) -> Said | None:
    try:
        output = task.said.model_validate(kept)
    except ValidationError:
        return None
    return output if task.sound(given, output) is None else None
