"""The agent without a model: each task's own rules. The default."""

from __future__ import annotations

from landbridge.agents.port import Given, Refusal, Said, Suggestion, Task

RULES = "rules"


class Deterministic:
    """Answers by rules: the same question, the same answer, at no cost."""

    name = "deterministic"
    model = RULES
    provider = None

    def ask(self, task: Task[Given, Said], given: Given) -> Suggestion[Said] | Refusal:
        """Answer by the task's rules."""
        return Suggestion(task.rules(given), RULES)
