"""The agent that asks a language model, through pydantic-ai. The only file that knows it.

Each question has an HTTP client of its own: questions of two client accounts share no connection,
no cookie and no state. One question is one request: nothing here repeats it.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landbridge.agents.adapters.providers import Provider, built
from landbridge.agents.adapters.refusals import refused
from landbridge.agents.errors import AgentAnswerUnsound, AgentQuestionTooLarge
from landbridge.agents.port import Given, Refusal, Said, Suggestion, Task, Usage
from landbridge.agents.prompts import instructions, question

if TYPE_CHECKING:
    from pydantic_ai.usage import RunUsage

_SPARE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class ModelAgent:
    """Asks the model of a provider.

    Attributes:
        chosen: which, and how it is reached.
        timeout: seconds for a whole answer.
    """

    chosen: Provider
    timeout: float = 60.0

    name = "model"

    @property
    def model(self) -> str:
        """Provider and model."""
        return f"{self.chosen.provider}:{self.chosen.model}"

    @property
    def provider(self) -> str:
        """The provider, as its circuit is named."""
        return self.chosen.provider

    def ask(self, task: Task[Given, Said], given: Given) -> Suggestion[Said] | Refusal:
        """Ask the model once, whatever loop runs in the caller's thread."""
        text = question(given)
        size = len(text.encode())
        if size > task.most_input_bytes:
            error = AgentQuestionTooLarge(size=size, limit=task.most_input_bytes)
            return Refusal(error, self.model)
        found: list[Suggestion[Said] | Refusal | BaseException] = []

        def work() -> None:
            try:
                found.append(asyncio.run(self._ask(task, given, text)))
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                found.append(error)

        thread = threading.Thread(target=work, name="agent", daemon=True)
        thread.start()
        thread.join(self.timeout + _SPARE_SECONDS)
        result = found[0] if found else TimeoutError("the model's thread did not end")
        if isinstance(result, (Suggestion, Refusal)):
            return result
        if isinstance(result, Exception):
            return Refusal(refused(result, self.provider), self.model, Usage(requests=1))
        raise result

    async def _ask(
        self, task: Task[Given, Said], given: Given, text: str
    ) -> Suggestion[Said] | Refusal:
        with built(self.chosen, self.timeout) as (model, sent):
            from pydantic_ai import Agent
            from pydantic_ai.usage import RunUsage, UsageLimits

            agent: Agent[None, Any] = Agent(
                model, output_type=task.said, instructions=instructions(task), retries=0
            )
            used = RunUsage()
            try:
                run = await agent.run(
                    text,
                    usage=used,
                    usage_limits=UsageLimits(request_limit=1),
                    model_settings={
                        "max_retries": 0,
                        "max_tokens": task.most_output_tokens,
                        "timeout": self.timeout,
                        "request_timeout": self.timeout,
                    },
                )
            except Exception as error:  # noqa: BLE001 - every one of them has a name in refused
                return Refusal(refused(error, self.provider), self.model, _usage(used, sent.count))
            finally:
                await sent.close()
        usage = _usage(used, sent.count)
        wrong = task.sound(given, run.output)
        if wrong is not None:
            unsound = AgentAnswerUnsound(model=self.model, reason=wrong)
            return Refusal(unsound, self.model, usage)
        return Suggestion(run.output, self.model, usage)


def _usage(used: RunUsage, sent: int | None) -> Usage:
    return Usage(
        max(used.requests, 1) if sent is None else sent,
        used.input_tokens,
        used.cache_read_tokens,
        used.output_tokens,
    )
