"""Draws `mapping/data/precedents.txt` from the labelled columns.

Run it by `python -m tests.support.precedents`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

from landbridge.discovery.mapping.normalise import parse
from landbridge.discovery.mapping.precedents import AMBIGUOUS, DATA
from tests.support.column_sets import ColumnSet, column_sets

CONTRADICTED = 0.15
HEAD = """\
# What labelled lists call each attribute. `attribute: name | name`, names in lower case without
# accents, units and numbers; `ambiguous` are those that lists mean different things by. Generated
# from tests/support/column_sets.txt by `python -m tests.support.precedents`; do not edit.

"""


def precedents(sets: list[ColumnSet]) -> str:
    """The text of the file: names whose attribute at most every seventh list contradicts."""
    meant: dict[str, Counter[str | None]] = defaultdict(Counter)
    allowed: Counter[tuple[str, str]] = Counter()
    lists: Counter[str] = Counter()
    for found in sets:
        for column, truths in zip(found.columns, found.truths, strict=True):
            name = " ".join(parse(column).tokens)
            meant[name][truths[0]] += 1
            lists[name] += 1
            for truth in truths:
                if truth is not None:
                    allowed[name, truth] += 1
    names: dict[str, set[str]] = defaultdict(set)
    for name, truths in meant.items():
        clear = [
            truth
            for truth, times in truths.items()
            if truth is not None and lists[name] - allowed[name, truth] <= CONTRADICTED * times
        ]
        for label in clear or ([AMBIGUOUS] if len(truths) > 1 else []):
            names[label].add(name)
    names = {label: found - {""} for label, found in names.items()}
    return HEAD + "".join(f"{k}: {' | '.join(sorted(names[k]))}\n" for k in sorted(names))


def path() -> Path:
    """Where the file is kept."""
    return Path(str(files("landbridge.discovery.mapping").joinpath("data", DATA)))


if __name__ == "__main__":
    path().write_text(precedents(list(column_sets())), "utf-8")
