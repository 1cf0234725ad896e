"""The catalogue of cleansing rules: every change of a value names one of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One cleansing rule.

    Attributes:
        id: stable name, `kind.what_it_does`; stored with each value it made.
        title: what it does, in a few words.
        explanation: what it does exactly, and why.
    """

    id: str
    title: str
    explanation: str


RULES: Final[dict[str, Rule]] = {}


def rule(rule_id: str, title: str, explanation: str) -> str:
    """Declare a rule, enter it in the catalogue and return its id.

    Raises:
        ValueError: the id is malformed or taken.
    """
    if not re.fullmatch(r"[a-z]+(?:\.[a-z0-9_]+)", rule_id):
        raise ValueError(f"malformed rule id {rule_id!r}")
    if rule_id in RULES:
        raise ValueError(f"rule id {rule_id} is taken")
    RULES[rule_id] = Rule(rule_id, title, explanation)
    return rule_id
