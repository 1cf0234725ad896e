"""What labelled lists have called an attribute: without such a precedent a name alone does not
approve a mapping.

The knowledge is data: data/precedents.txt, drawn from labelled lists by `tests/support/precedents`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from landbridge.discovery.mapping.lexicon import read_data

DATA: Final = "precedents.txt"
AMBIGUOUS: Final = "ambiguous"
_OF_PARTS: Final = "component_"
_OFTEN: Final = 2
_ARTICLES: Final = frozenset(
    {"a", "an", "of", "the", "der", "die", "das", "des", "de", "d", "la", "le", "les", "l", "du",
     "del", "el", "los", "las", "di", "il", "lo", "della", "do", "da", "dos", "het", "van"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """How lists call one attribute: whole names without spaces and articles, and the words that
    several of them hold.
    """

    names: frozenset[str]
    words: frozenset[str]


def has_precedent(label: str, tokens: Sequence[str]) -> bool:
    """Labelled lists call the attribute so, or by these words in other names of it.

    Args:
        label: the attribute; those of parts are told by the table and need none.
        tokens: the words of the name, as `normalise.parse` gives them.
    """
    if label.startswith(_OF_PARTS):
        return True
    known = _known().get(label)
    if known is None:
        return False
    words = _told(tokens)
    name = "".join(words)
    if name in known.names:
        return True
    return len(words) > 1 and name not in _ambiguous() and known.words.issuperset(words)


def _told(tokens: Sequence[str]) -> list[str]:
    return [t for t in tokens if t not in _ARTICLES] or list(tokens)


def _names(text: str) -> list[list[str]]:
    return [_told(name.split()) for name in text.split(" | ")]


@cache
def _known() -> Mapping[str, _Known]:
    found: dict[str, _Known] = {}
    for label, text in read_data(DATA):
        if label != AMBIGUOUS:
            names = _names(text)
            often = Counter(w for n in names for w in set(n))
            words = frozenset(w for w, times in often.items() if times >= _OFTEN)
            found[label] = _Known(frozenset("".join(n) for n in names), words)
    return found


@cache
def _ambiguous() -> frozenset[str]:
    unclear = (text for label, text in read_data(DATA) if label == AMBIGUOUS)
    return frozenset("".join(n) for text in unclear for n in _names(text))
