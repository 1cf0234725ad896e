"""What of a client's data may be sent to a provider: by the account's policy, and never secrets.

Names of columns and tables are always sent once agents are on. Values are withheld, sent as their
shape alone, or as they are without what looks like a secret. A text that reads like an order to a
model is withheld, whatever the policy says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from landbridge.kit.redaction import without_secrets

LONGEST: Final = 80
WITHHELD: Final = "[withheld]"

_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous"
    r"|prior)"
    r"|\b(?:system|developer|assistant)\s*(?:prompt|message|:)"
    r"|\byou\s+are\s+(?:now|an?\s+(?:ai|assistant|model|agent))"
    r"|<\|?/?(?:im_start|im_end|system|assistant|tool_call|function_call|instructions?)\b"
    r"|\b(?:call|invoke|use|execute|run)\s+the\s+(?:tool|function)"
    r"|\b(?:send|post|upload|exfiltrate|leak|print|reveal|repeat)\b.{0,60}"
    r"\b(?:https?://|prompt|api.?key|credential|password|secret|instructions)"
    r"|\bapprove\s+(?:all|every|this)"
    r"|\bignor(?:iere|a|e|ez)\b.{0,40}\b(?:anweisung|instruc|consigne)",
    re.IGNORECASE | re.DOTALL,
)
_LOWER, _UPPER, _DIGIT = re.compile(r"[^\W\d_A-Z]"), re.compile(r"[A-Z]"), re.compile(r"\d")


class Share(StrEnum):
    """How much of the values may be sent."""

    NAMES = "names"
    MASKED = "masked"
    SAMPLES = "samples"


MEANING: Final = {
    Share.NAMES: "Names of tables and columns only",
    Share.MASKED: "Names, and the shape of some values (srv-01 as aaa-99)",
    Share.SAMPLES: "Names and some values as they are, without what looks like a secret",
}


def orders_a_model(text: str) -> bool:
    """Whether a text reads as if it were meant for a model."""
    return _ORDERS.search(text) is not None


def masked(text: str) -> str:
    """The shape of a text: letters as a and A, digits as 9; the other characters stay."""
    return _UPPER.sub("A", _LOWER.sub("a", _DIGIT.sub("9", text)))


def name_to_send(text: str) -> str:
    """A name as it may be sent."""
    return WITHHELD if orders_a_model(text) else without_secrets(text)[:LONGEST]


def values_to_send(values: Iterable[str], share: Share, most: int) -> list[str]:
    """Values as they may be sent: none, their shapes, or themselves; each once."""
    if share is Share.NAMES:
        return []
    kept = (v[:LONGEST] for v in values if v.strip() and not orders_a_model(v))
    change = masked if share is Share.MASKED else without_secrets
    return list(dict.fromkeys(change(v) for v in kept))[:most]
