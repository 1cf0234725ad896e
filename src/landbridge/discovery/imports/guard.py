"""The formula guard of our own CSV and XLSX files, and its exact undoing.

Spreadsheet programs run a cell that begins with `= + - @`, their full-width forms, a tab or a
line end as a formula. Such text gets an apostrophe in front, and so does text that already has
apostrophes before such a character, so that taking one away gives back exactly what there was.
Plain numbers keep their sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Columns of files written here begin with this, which is how the reader knows them again.
OWN_PREFIX: Final = "landbridge_"
# Columns that stand beside the rows of a file of failed rows; they describe no asset.
ROW, TABLE, PROBLEM, REMEDY = ANNOTATIONS = tuple(
    OWN_PREFIX + name for name in ("row", "table", "problem", "remedy")
)

_FIRST: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"
_RISKY = re.compile("'*" + _FIRST)
_GUARDED = re.compile("'+" + _FIRST)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?$")


def guard(text: str) -> str:
    """The text as it may stand in a CSV that people open in a spreadsheet program."""
    if _RISKY.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if _GUARDED.match(text) else text


def made_here(header: Iterable[str]) -> bool:
    """Whether a header is that of a CSV written by this program."""
    return any(c.startswith(OWN_PREFIX) for c in header)
