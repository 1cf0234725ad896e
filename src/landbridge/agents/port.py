"""The port to agents: a task has typed input and output, an agent answers it or refuses.

An answer is a suggestion with its evidence. Nothing an agent says changes anything by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit import jsonio

Given = TypeVar("Given", bound=BaseModel)
Said = TypeVar("Said", bound="Advice")


class Advice(BaseModel):
    """Base of what an agent may answer: it always says why."""

    def evidence(self) -> list[str]:
        """The reasons, in words, one for each suggestion."""
        raise TypeError(f"{type(self).__name__} does not say its reasons")


@dataclass(frozen=True, slots=True)
class Task(Generic[Given, Said]):
    """Something that agents are asked.

    Attributes:
        name: in snake_case; the ledger keeps it.
        version: raised when its instructions change, so that older answers are not used again.
        title: how people call it.
        instructions: what a model is told; data of clients is never part of it.
        given: the type of its input.
        said: the type of its output.
        rules: answers without any model: the fallback, and the answer where there is none.
        sound: what is wrong with an answer that has the right type; None when nothing is.
        most_output_tokens: longest answer, in tokens of the model.
        most_input_bytes: longest question, in bytes of JSON.
    """

    name: str
    version: int
    title: str
    instructions: str
    given: type[Given]
    said: type[Said]
    rules: Callable[[Given], Said]
    sound: Callable[[Given, Said], str | None] = lambda _given, _said: None
    most_output_tokens: int = 2_000
    most_input_bytes: int = 60_000

    def content_hash(self, model: str, given: Given) -> bytes:
        """SHA-256 that is equal for equal questions to the same model."""
        told = [self.name, self.version, self.instructions, model, given.model_dump(mode="json")]
        return hashlib.sha256(jsonio.dumps(told).encode()).digest()


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took.

    Attributes:
        requests: sent to the provider, those that failed too.
        input_tokens: all that the provider counted, cached ones too.
        cached_tokens: of these, read from the provider's cache.
        output_tokens: of the answer, and of what the model thought.
    """

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[Said]):
    """An answer.

    Attributes:
        output: of the task's type, and sound.
        model: who gave it: `rules`, or provider and model as in `openai:gpt-5-mini`.
    """

    output: Said
    model: str
    usage: Usage = field(default_factory=Usage)

    @property
    def evidence(self) -> list[str]:
        """The reasons, in words."""
        return self.output.evidence()


@dataclass(frozen=True, slots=True)
class Refusal:
    """No answer, and why; what it took is booked all the same."""

    error: LandbridgeError
    model: str
    usage: Usage = field(default_factory=Usage)


class Agent(Protocol):
    """Who is asked.

    Attributes:
        name: of the adapter: `deterministic`, `recorded` or `model`.
        model: who answers, as in `Suggestion.model`.
        provider: the outside service that its circuit is named after; None without one.
    """

    @property
    def name(self) -> str:
        """Of the adapter."""
        ...

    @property
    def model(self) -> str:
        """Who answers."""
        ...

    @property
    def provider(self) -> str | None:
        """The outside service."""
        ...

    def ask(self, task: Task[Given, Said], given: Given) -> Suggestion[Said] | Refusal:
        """Ask once; raises nothing that an outside service causes."""
        ...
