"""From facts to a strategy: the first rule that holds, what speaks for others, what is unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from landbridge.assessment.sixr.facts import UNKNOWN, Facts, Known
from landbridge.assessment.sixr.rules import Condition, Rule, RuleBook
from landbridge.assessment.sixr.strategies import Strategy

DOUBT: Final = 0.05
"""What each rule before the deciding one costs that might hold, if more were known."""
LEAST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Check:
    """One condition held against a fact.

    Attributes:
        fact: the fact.
        words: the condition.
        holds: None where the fact is not known well enough.
    """

    fact: str
    words: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What else is spoken for.

    Attributes:
        rule, strategy, confidence: the rule that speaks.
        missing: the facts that would have to be known for it to hold; empty: it holds.
    """

    rule: str
    strategy: Strategy
    confidence: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say.

    Attributes:
        strategy: None: no rule holds; nothing is assumed.
        rule: the rule that decided; None with the strategy.
        confidence: 0 where nothing was decided.
        arithmetic: how the confidence came about.
        alternatives: other strategies, each once, those that hold first.
        missing: facts that are not known and could change the outcome, in order of the rules.
    """

    strategy: Strategy | None
    rule: str | None
    confidence: float
    arithmetic: str
    alternatives: tuple[Alternative, ...]
    missing: tuple[str, ...]


def evaluate(book: RuleBook, facts: Facts) -> Outcome:
    """Hold the rules against what is known of one application or asset."""
    decided: Rule | None = None
    doubts: list[Rule] = []
    others: dict[Strategy, Alternative] = {}
    missing: dict[str, None] = {}
    for rule in book.rules:
        if not rule.enabled:
            continue
        held = verdict(rule, facts)
        if held is False:
            continue
        if held and decided is None and not rule.offers:
            decided = rule
            continue
        lacking = () if held else tuple(dict.fromkeys(_lacking(rule, facts)))
        if held is None and decided is None and not rule.offers:
            doubts.append(rule)
            missing |= dict.fromkeys(lacking)
        known = others.get(rule.strategy)
        if known is None or (known.missing and not lacking):
            others[rule.strategy] = Alternative(rule.id, rule.strategy, rule.confidence, lacking)
    against = [r for r in doubts if decided is None or r.strategy is not decided.strategy]
    if decided is not None:
        others.pop(decided.strategy, None)
    listed = sorted(others.values(), key=lambda a: (bool(a.missing), -a.confidence, a.strategy))
    if decided is None:
        return Outcome(None, None, 0.0, "no rule holds = 0", tuple(listed), tuple(missing))
    confidence = max(LEAST, round(decided.confidence - DOUBT * len(against), 3))
    arithmetic = f"{decided.confidence:.2f} of the rule"
    if against:
        names = ", ".join(r.id for r in against)
        arithmetic += f" - {len(against)} x {DOUBT:.2f} for what is not known ({names})"
    arithmetic += f" = {confidence:.2f}"
    return Outcome(
        decided.strategy, decided.id, confidence, arithmetic, tuple(listed), tuple(missing)
    )


def verdict(rule: Rule, facts: Facts) -> bool | None:
    """Whether a rule holds; None where that is not known."""
    when = [holds(c, facts) for c in rule.when]
    unless = [holds(c, facts) for c in rule.unless]
    if False in when or True in unless:
        return False
    return None if None in when or None in unless else True


def checks(rule: Rule, facts: Facts) -> list[Check]:
    """Each condition of a rule with its outcome, those of `unless` after `when`."""
    found = [Check(c.fact, c.words, holds(c, facts)) for c in rule.when]
    found += [Check(c.fact, f"not: {c.words}", _not(holds(c, facts))) for c in rule.unless]
    return found


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Whether a condition holds; None where the fact is not known well enough."""
    known = facts.get(condition.fact, UNKNOWN)
    if known.value is None:
        return None
    if condition.at_least is not None:
        return bool(known.value >= condition.at_least)
    if condition.at_most is not None:
        return bool(known.value <= condition.at_most)
    if condition.is_ is not None:
        return bool(known.value) is condition.is_
    return _of_texts(condition, known)


def _of_texts(condition: Condition, known: Known) -> bool | None:
    texts: Sequence[str] = known.value
    if condition.only is not None:
        if any(t.casefold() != condition.only.casefold() for t in texts):
            return False
        return bool(texts) if known.whole else None
    if condition.one_of is not None:
        wanted = {w.casefold() for w in condition.one_of}
        found = any(t.casefold() in wanted for t in texts)
    else:
        pattern = _words(condition.mentions or ())
        found = any(pattern.search(t) for t in texts)
    return True if found else (False if known.whole else None)


@lru_cache(maxsize=1 << 10)
def _words(mentions: tuple[str, ...]) -> re.Pattern[str]:
    parts = "|".join(re.escape(m.strip()) for m in mentions if m.strip())
    return re.compile(rf"(?<!\w)(?:{parts or '(?!)'})(?!\w)", re.IGNORECASE)


def _lacking(rule: Rule, facts: Facts) -> list[str]:
    return [c.fact for c in (*rule.when, *rule.unless) if holds(c, facts) is None]


def _not(held: bool | None) -> bool | None:
    return None if held is None else not held
