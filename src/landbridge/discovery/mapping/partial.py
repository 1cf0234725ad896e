"""Names of which all words but one are understood: the others decide, if they tell enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from landbridge.discovery.mapping.lexicon import lexicon
from landbridge.discovery.mapping.names import is_known

_TELLS_LITTLE: Final = frozenset(
    {"name", "id", "type", "status", "date", "value", "count", "code", "label", "number", "class",
     "version", "category", "time", "size", "total", "average", "max", "min", "used", "seen",
     "updated", "description", "details", "flag", "install", "address"}
)  # fmt: skip
_TURNS: Final = ("ed", "able", "ing")


def known_part(concepts: Sequence[str], tokens: Sequence[str]) -> tuple[str, ...]:
    """The concepts that phrases hold, where one is unknown and only colours the others.

    In English the last word says what it is about; elsewhere one of the first. A participle
    may turn what the others say.
    """
    known = tuple(c for c in concepts if is_known(c))
    if len(known) != len(concepts) - 1 or not set(known) - _TELLS_LITTLE:
        return ()
    unknown = next(c for c in concepts if c not in known)
    english = all(t in lexicon("en").words for t in tokens if t != unknown)
    if english and (unknown != concepts[0] or unknown.endswith(_TURNS)):
        return ()
    return known
