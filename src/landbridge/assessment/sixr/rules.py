"""Rules for strategies as data: TOML that people read and edit, checked before it is used."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from landbridge.assessment.sixr.errors import StrategyRulesInvalid
from landbridge.assessment.sixr.facts import FACTS, Sort
from landbridge.assessment.sixr.strategies import Strategy

LONGEST: Final = 100_000
"""Characters of a rule file."""
_FITTING: Final = {
    "at_least": (Sort.NUMBER, Sort.SHARE),
    "at_most": (Sort.NUMBER, Sort.SHARE),
    "is": (Sort.TRUTH,),
    "one_of": (Sort.TEXTS,),
    "only": (Sort.TEXTS,),
    "mentions": (Sort.TEXTS,),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(_Strict):
    """One condition: a fact, and exactly one comparison.

    Attributes:
        fact: a name of `facts.FACTS`.
        at_least, at_most: of a number; shares are 0 to 1.
        is_: of a yes or no.
        one_of: at least one of the texts is one of these.
        only: there are texts, and all are this one.
        mentions: at least one of the texts has one of these as words; case does not matter.
    """

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    is_: bool | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    only: str | None = None
    mentions: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        kind = FACTS.get(self.fact)
        if kind is None:
            raise ValueError(f"there is no fact {self.fact!r}")
        if kind.sort not in _FITTING[self.comparison]:
            raise ValueError(f"{self.fact} is {kind.sort.value}; {self.comparison} does not fit")
        return self

    @property
    def comparison(self) -> str:
        """The one comparison that is given."""
        given = [n for n in _FITTING if getattr(self, "is_" if n == "is" else n) is not None]
        if len(given) != 1:
            raise ValueError(f"{self.fact} needs exactly one of {', '.join(_FITTING)}")
        return given[0]

    @property
    def words(self) -> str:
        """The condition as people read it."""
        wanted = getattr(self, "is_" if self.comparison == "is" else self.comparison)
        if isinstance(wanted, bool):
            wanted = "yes" if wanted else "no"
        shown = ", ".join(wanted) if isinstance(wanted, tuple) else wanted
        return f"{self.fact} {self.comparison.replace('_', ' ')} {shown}"


class Rule(_Strict):
    """A rule: where all of `when` hold and none of `unless`, it speaks for a strategy.

    Attributes:
        id: its stable name, unique.
        strategy: what it speaks for.
        because: why, in a sentence.
        confidence: 0 to 1, when everything it looks at is known.
        when, unless: its conditions.
        offers: it never decides, it only names an alternative.
        enabled: whether it is used at all.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")
    strategy: Strategy
    because: str = Field(min_length=1, max_length=500)
    confidence: float = Field(gt=0, le=1)
    when: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    unless: tuple[Condition, ...] = Field(default=(), max_length=20)
    offers: bool = False
    enabled: bool = True


class RuleBook(_Strict):
    """All rules, the first that holds decides."""

    rules: tuple[Rule, ...] = Field(alias="rule", min_length=1, max_length=200)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [rule.id for rule in self.rules]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]} is used twice")
        return self

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def parse(text: str) -> RuleBook:
    """Read rules.

    Raises:
        StrategyRulesInvalid: naming the first thing that does not fit.
    """
    if len(text) > LONGEST:
        raise StrategyRulesInvalid(reason=f"they are longer than {LONGEST:,} characters")
    try:
        return RuleBook.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as e:
        raise StrategyRulesInvalid(reason=f"not TOML: {e}") from e
    except ValidationError as e:
        first = e.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(p) for p in first["loc"]) or "rules"
        raise StrategyRulesInvalid(reason=f"{place}: {first['msg']}") from None
    except RecursionError:
        raise StrategyRulesInvalid(reason="they are nested too deeply") from None


@cache
def shipped_text() -> str:
    """The rules that come with this release, as they are written."""
    return files(__package__).joinpath("data", "rules.toml").read_text("utf-8")


@cache
def shipped() -> RuleBook:
    """The rules that come with this release."""
    return parse(shipped_text())
