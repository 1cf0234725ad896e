"""Telling the single-byte encodings of Latin script apart by what the text then says.

Each candidate decodes the lines; a reading scores where a non-ASCII character is a letter
between letters of the same case, or a sign where signs stand, and loses where it is a control
character, a box-drawing piece or a capital inside a word.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

# Preference among equals: the more common encoding wins a tie.
_CANDIDATES: Final = {
    "cp1252": 0.06, "mac-roman": 0.04, "cp1250": 0.03, "iso8859-15": 0.03, "iso8859-2": 0.02,
    "cp850": 0.02, "cp437": 0.01, "cp852": 0.0, "cp1254": 0.01, "cp1257": 0.0, "mac-latin2": -0.02,
}  # fmt: skip
_HINT: Final = 0.025
# The letters beyond ASCII of the languages that inventories come in. A right reading needs the
# alphabet of one language; a wrong one mixes several.
_ALPHABETS: Final = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "äöüß", "éèêëàâçîïôùûüœæ", "áéíóúñü", "ãõáéíóúâêôàç", "àèéìòùî", "åäöé", "åøæé",
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "çğıöşüâ",
        "čšžćđ", "ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž", "ëéèïöüç",
    )
)  # fmt: skip
_KNOWN: Final = frozenset("ðþÐÞý").union(*_ALPHABETS)
_SIGNS: Final = frozenset("“”„‘’‚–—…€•°§®©™²³µ½¼¾«»¿¡£·×±\xa0ªº")
_SAMPLE: Final = 64 * 1024


def best_latin(lines: bytes, *, hint: str | None = None) -> tuple[str, float]:
    """The candidate whose reading is likeliest, and its score: about 1 for clean text, below
    0 when the lines are in no Latin encoding. `hint` is another guesser's answer.
    """
    lines = lines[:_SAMPLE]
    scored = [
        (_score(lines, name) + prior + (_HINT if name == hint else 0), name)
        for name, prior in _CANDIDATES.items()
    ]
    score, name = max(scored)
    return name, score


def _score(lines: bytes, name: str) -> float:
    text = lines.decode(name, "replace")
    counts: Counter[str] = Counter()
    signs, count = 0.0, 0
    for i, char in enumerate(text):
        if char < "\x80":
            continue
        count += 1
        before = text[i - 1] if i else "\n"
        after = text[i + 1] if i + 1 < len(text) else "\n"
        value = _judge(char, before, after)
        if value is None:
            # Portuguese, the one large language with õ, writes it before e only.
            odd = char in "õÕ" and after not in "eE"
            counts["ð" if odd else char] += 1
        else:
            signs += value
    if not count:
        return 0.0
    known = sum(n for c, n in counts.items() if c in _KNOWN)
    fitting = max(
        sum(n for c, n in counts.items() if c in letters)
        for letters in _ALPHABETS
        if _encodes(letters, name)
    )
    letters = sum(counts.values())
    return (signs + fitting + 0.5 * (known - fitting) + 0.1 * (letters - known)) / count


@lru_cache(maxsize=512)
def _encodes(letters: frozenset[str], name: str) -> bool:
    """Whether all lower-case letters of an alphabet exist in an encoding."""
    text = "".join(c for c in letters if c.islower())
    return len(text.encode(name, "ignore")) == len(text)


def _judge(char: str, before: str, after: str) -> float | None:
    """How well a character sits where it is; None for a letter in a fitting place."""
    if char in _SIGNS:
        inside = before.isalpha() and after.isalpha()
        return 0.8 if char == "’" or not inside else -0.5
    category = unicodedata.category(char)
    if category == "Cc":
        return -1.5
    if char == "\ufffd" or category in {"Co", "Cn"}:
        return -2.0
    if not category.startswith("L"):
        return -0.7
    if char.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return -1.0
    if char.islower() and before.isupper() and after.isupper():
        return -0.8
    if not before.isalpha() and not after.isalpha():
        return 0.3 if char in _KNOWN else -0.3
    return None
