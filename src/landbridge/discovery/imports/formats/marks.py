"""Unusual ways of writing delimited text: delimiters of several characters, lines that are quoted
as a whole, and lines whose columns no delimiter tells apart.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import Final

_SAMPLE: Final = 400
_RUN = re.compile(r"""[^\w\s"'()\[\]{}.@/\\]{2,4}""")
_ONLY_EMPTY_CELLS = re.compile(r"[,;]+")
_RARE: Final = "=*%&$"
_GAP = re.compile(r"\s{2,}(?=\S)")
_ALL: Final = 0.95
_MOST: Final = 0.6


def _filled(lines: list[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines[:_SAMPLE] if line.strip()]


def long_delimiter(lines: list[str]) -> str | None:
    """A delimiter of two to four marks (`||`, `=>`, `~|~`): it stands equally often in nearly all
    lines, and its first mark nowhere else.
    """
    sample = _filled(lines)
    if len(sample) < 2:
        return None
    found = [
        run
        for run in dict.fromkeys(_RUN.findall(sample[0]))
        if not _ONLY_EMPTY_CELLS.fullmatch(run) and _divides(run, sample)
    ]
    return max(found, key=len, default=None)


def _divides(run: str, sample: list[str]) -> bool:
    wanted = sample[0].count(run)
    first = run.count(run[0])
    alike = sum(1 for s in sample if (n := s.count(run)) == wanted and s.count(run[0]) == n * first)
    return alike >= _ALL * len(sample)


def unwrapped(line: str) -> str:
    """A line without the quotation marks around all of it; other lines as they are."""
    body = line.rstrip("\r\n")
    if not _wrapped(body):
        return line
    return body[1:-1].replace('""', '"') + line[len(body) :]


def _wrapped(body: str) -> bool:
    if len(body) < 2 or body[0] != '"' or body[-1] != '"':
        return False
    try:
        return [len(cells) for cells in csv.reader([body], strict=True)] == [1]
    except csv.Error:
        return False


def are_wrapped(lines: list[str]) -> bool:
    """Whether most lines are one quoted cell that holds as many delimiters as the first line."""
    sample = _filled(lines)
    whole = sum(map(_wrapped, sample))
    if len(sample) < 2 or whole < _MOST * len(sample):
        return False
    inner = [next(csv.reader([unwrapped(s)])) for s in sample]
    for delimiter in ",;\t|":
        widths = [len(next(csv.reader([unwrapped(s)], delimiter=delimiter))) for s in sample]
        width, alike = Counter(widths).most_common(1)[0]
        if width > 2 and widths[0] == width and alike >= _ALL * len(inner):
            return True
    return False


def are_unsplit(lines: list[str]) -> bool:
    """Whether lines of one cell each seem to hold several columns: all have the same rare mark
    equally often, or texts that begin at the same places behind gaps.
    """
    sample = _filled(lines)
    if len(sample) < 3:
        return False
    for mark in _RARE:
        counts = {s.count(mark) for s in sample}
        if len(counts) == 1 and counts != {0}:
            return True
    begins = Counter(m.end() for s in sample for m in _GAP.finditer(s))
    return any(n >= _ALL * len(sample) for n in begins.values())
