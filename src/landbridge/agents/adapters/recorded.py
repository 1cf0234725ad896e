"""An agent that answers what was recorded, so that work with models can be tested without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from landbridge.agents.errors import AgentAnswerUnsound, AgentRecordingMissing
from landbridge.agents.port import Agent, Given, Refusal, Said, Suggestion, Task, Usage
from landbridge.kit import jsonio


class Recorded:
    """Replays the answers of a file, by the hash of the question.

    Args:
        path: of the recording, JSON: `{"model": …, "answers": {hash: {"output", "usage"}}}`.
    """

    name = "recorded"
    provider = None

    def __init__(self, path: Path) -> None:
        kept: dict[str, Any] = jsonio.loads(path.read_bytes())
        self.model: str = kept["model"]
        self._answers: dict[str, dict[str, Any]] = kept["answers"]

    def ask(self, task: Task[Given, Said], given: Given) -> Suggestion[Said] | Refusal:
        """The answer that was recorded."""
        kept = self._answers.get(task.content_hash(self.model, given).hex())
        if kept is None:
            return Refusal(AgentRecordingMissing(task=task.name), self.model)
        usage = Usage(**kept["usage"])
        try:
            return Suggestion(task.said.model_validate(kept["output"]), self.model, usage)
        except ValidationError:
            reason = "the recording does not fit the task's output"
            return Refusal(AgentAnswerUnsound(model=self.model, reason=reason), self.model, usage)


class Recording:
    """Passes questions on to another agent and keeps what it answers.

    Args:
        agent: who answers.
        path: of the file, written with every answer.
    """

    name = "recorded"

    def __init__(self, agent: Agent, path: Path) -> None:
        self._agent, self._path = agent, path
        self.model, self.provider = agent.model, agent.provider
        self._answers: dict[str, dict[str, Any]] = {}

    def ask(self, task: Task[Given, Said], given: Given) -> Suggestion[Said] | Refusal:
        """Ask, and record a suggestion."""
        found = self._agent.ask(task, given)
        if isinstance(found, Suggestion):
            used = {name: getattr(found.usage, name) for name in Usage.__slots__}
            kept = {"output": found.output.model_dump(mode="json"), "usage": used}
            self._answers[task.content_hash(self.model, given).hex()] = kept
            kept_all = {"model": self.model, "answers": self._answers}
            self._path.write_text(jsonio.dumps(kept_all), encoding="utf-8")
        return found
