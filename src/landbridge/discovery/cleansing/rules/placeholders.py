"""Texts that mean "no value": fillers people and tools write into empty cells."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.words import load

PLACEHOLDER: Final = rule(
    "text.placeholder",
    "A filler that means no value",
    "Words such as 'n/a', 'none', 'unknown', 'TBD', '-' or '#N/A', in eight languages, stand "
    "for an empty cell. The attribute stays without a value rather than hold the filler.",
)

_WORDS: Final = frozenset(load("placeholders")["any"])

# 'NA' is a region, a site or a department as often as it is a filler.
_NAMES_NA: Final = frozenset(
    {"location", "datacenter", "company", "department", "business_owner", "support_group"}
    | {"network_segment", "cluster", "cost_center", "application_name", "description"}
)
_ONLY_SIGNS = re.compile(r"[-–—_.?*#/\\~=+,;:|x\s]+", re.IGNORECASE)


def is_placeholder(text: str, attribute: str) -> bool:
    """Whether a tidied text stands for an empty cell of this attribute."""
    if len(text) > 30:
        return False
    word = text.casefold()
    if word in _WORDS:
        return not (word == "na" and attribute in _NAMES_NA)
    if not _ONLY_SIGNS.fullmatch(text) or (attribute == "component_name" and text[0] == "/"):
        return False
    # A single 'x' is a tick mark; '*' alone stands for "any" in connection lists.
    return word not in {"x", "*"}
