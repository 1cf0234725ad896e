"""Word lists: data files beside this module, read once."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files
from typing import Final

_SECTION = re.compile(r"^\[([\w.]+)\]$", re.MULTILINE)
_COMMENT = re.compile(r"^# .*$", re.MULTILINE)
_SIGNS = re.compile(r"[^a-z0-9]+")
_SPECIAL = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """A text as the vocabularies write it: no case, no accents, signs as single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _SIGNS.sub(" ", plain).strip()


def load(name: str) -> dict[str, list[str]]:
    """The words of `data/NAME.txt` by section, in the order of the file."""
    text = files(__package__).joinpath("data", f"{name}.txt").read_text("utf-8")
    # A comment starts a line with '# '; words such as '#n/a' never do.
    parts = _SECTION.split(_COMMENT.sub("", text))
    return {
        section: [" ".join(w.split()) for w in words.split("|") if w.strip()]
        for section, words in zip(parts[1::2], parts[2::2], strict=True)
    }


def _by_word(prefix: str) -> dict[str, str]:
    return {
        word: section.removeprefix(prefix)
        for section, words in _VOCABULARIES.items()
        if section.startswith(prefix) and section != _GENERAL
        for word in words
    }


_GENERAL: Final = "environment.too_general"
_VOCABULARIES: Final = load("vocabularies")
ENVIRONMENTS: Final = _by_word("environment.")
CRITICALITIES: Final = _by_word("criticality.")
POWER: Final = _by_word("power.")
BOOLEANS: Final = {word: value == "true" for word, value in _by_word("boolean.").items()}
VIRTUAL: Final = {word: value == "true" for word, value in _by_word("virtual.").items()}
TOO_GENERAL: Final = frozenset(_VOCABULARIES[_GENERAL])
