"""What a rule returns, and the tidying that comes before every rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.issues import IssueKind


@dataclass(frozen=True, slots=True)
class Cleansed:
    """The outcome of cleansing one text.

    Attributes:
        values: attribute → value, typed as `vocabulary.Kind` says. Empty when the text means
            "no value" or could not be used.
        rule: id of the rule that decided.
        issue: what is wrong with the text, if anything. Values may be present all the same:
            of a list, the items that could be read.
    """

    values: dict[str, Any]
    rule: str
    issue: IssueKind | None = None


AS_IS: Final = rule(
    "text.as_is", "Kept as found", "The text is already in its final form; nothing was changed."
)
TRIMMED: Final = rule(
    "text.trimmed",
    "Spaces tidied",
    "Leading and trailing spaces, non-breaking and zero-width spaces, control characters and "
    "runs of blanks were tidied. Letters, digits and their case are untouched.",
)
EMPTY: Final = rule(
    "text.empty", "Empty", "The cell holds nothing but spaces, so there is no value."
)
NOT_USABLE: Final = rule(
    "text.not_usable",
    "Not usable for this attribute",
    "No rule could turn the text into a value of the attribute's type. The text is kept as a "
    "custom attribute, and an issue of the row says what was expected.",
)

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS = re.compile(r"[\s\u00a0\u2007\u202f\x00-\x1f\x7f]+")
_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_DOUBLE_SPACE = re.compile(r"  ")


def tidy(raw: str) -> str:
    """The text without invisible characters, outer blanks and runs of blanks."""
    if _PLAIN.fullmatch(raw) and not _DOUBLE_SPACE.search(raw):
        return raw
    return _BLANKS.sub(" ", _INVISIBLE.sub("", raw)).strip()


def unusable(issue: IssueKind) -> Cleansed:
    """The text gives no value, and the row gets an issue."""
    return Cleansed({}, NOT_USABLE, issue)


def single(attribute: str, value: Any, rule_id: str) -> Cleansed:
    """One attribute, one value."""
    return Cleansed({attribute: value}, rule_id)
