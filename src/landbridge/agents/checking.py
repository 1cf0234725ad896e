"""Looking whether the configured model can be asked: a setting, a package, a price, an answer."""

from __future__ import annotations

from pydantic import BaseModel, Field

from landbridge.agents.adapters.providers import Provider, built
from landbridge.agents.configuration import configured_agent, configured_prices
from landbridge.agents.port import Advice, Refusal, Task
from landbridge.kit.settings import settings


class Checked(BaseModel):
    """What was found.

    Attributes:
        model: provider and model; None where none is configured, and rules do all the work.
        price_as_of: the day of the price that holds for it.
        asked: whether it was asked, and answered.
        micros: what the answer cost, in millionths of a US dollar.
    """

    model: str | None
    price_as_of: str | None = None
    asked: bool = False
    micros: int = 0


class _Word(BaseModel):
    word: str


class _Echo(Advice):
    word: str = Field(max_length=40)

    def evidence(self) -> list[str]:
        return [self.word]


_TASK = Task(
    name="check", version=1, title="Check", instructions="Answer with the word that you are given.",
    given=_Word, said=_Echo, rules=lambda given: _Echo(word=given.word), most_output_tokens=500,
)  # fmt: skip


def checked(*, ask: bool = False) -> Checked:
    """Look; and ask one short question, which costs something, if `ask`.

    Raises:
        LandbridgeError: it cannot be asked, and why.
    """
    agent = configured_agent()
    if agent is None:
        return Checked(model=None)
    known = settings()
    chosen = Provider.named(str(known.agent_model), known.agent_base_url, known.agent_api_key)
    with built(chosen, known.agent_timeout_seconds):
        price = configured_prices().of(agent.model)
    found = Checked(model=agent.model, price_as_of=price.as_of.isoformat())
    if not ask:
        return found
    answer = agent.ask(_TASK, _Word(word="landbridge"))
    if isinstance(answer, Refusal):
        raise answer.error
    return found.model_copy(update={"asked": True, "micros": price.micros(answer.usage)})
