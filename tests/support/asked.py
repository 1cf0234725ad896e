"""A small task for agents: which words of a list are colours."""

from __future__ import annotations

from pydantic import BaseModel, Field

from landbridge.agents.port import Advice, Task


class Words(BaseModel):
    """What is asked about."""

    words: list[str]


class Colour(BaseModel):
    """One of them."""

    word: str
    reason: str = Field(max_length=200)


class Colours(Advice):
    """The words that are colours."""

    colours: list[Colour]

    def evidence(self) -> list[str]:
        return [f"{c.word}: {c.reason}" for c in self.colours]


def by_rules(given: Words) -> Colours:
    return Colours(colours=[Colour(word=w, reason="listed") for w in given.words if w == "red"])


def only_given(given: Words, said: Colours) -> str | None:
    strange = [c.word for c in said.colours if c.word not in given.words]
    return "it names a word that was not given" if strange else None


COLOURS: Task[Words, Colours] = Task(
    name="find_colours", version=1, title="Find colours", instructions="Name the colours.",
    given=Words, said=Colours, rules=by_rules, sound=only_given,
    most_output_tokens=200, most_input_bytes=2_000,
)  # fmt: skip

RED = Words(words=["red", "table"])
SAID_RED = {"colours": [{"word": "red", "reason": "a colour"}]}
