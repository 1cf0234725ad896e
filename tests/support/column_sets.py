"""Labelled columns of many tools and spreadsheets, written as text in `column_sets.txt`."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TEXT = Path(__file__).with_name("column_sets.txt")
SAMPLES = 5


@dataclass(slots=True)
class ColumnSet:
    """The columns of one table.

    `truths` gives for each column everything that is right; None fits no attribute.
    """

    name: str
    language: str
    columns: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    truths: list[list[str | None]] = field(default_factory=list)


def column_sets() -> Iterator[ColumnSet]:
    """All sets; the values of a column are the same in every run."""
    pools: dict[str, list[str]] = {}
    current: ColumnSet | None = None
    for line in TEXT.read_text("utf-8").splitlines():
        if not line or line.startswith("//"):
            continue
        if line.startswith("~"):
            name, _, values = line[1:].partition(" = ")
            pools[name] = values.split(" | ")
        elif head := re.fullmatch(r"\[(\w+) (\w\w)\]", line):
            if current is not None:
                yield current
            current = ColumnSet(head[1], head[2])
        elif current is not None:
            column, rest = line.rsplit(" = ", 1)
            truth, pool = rest.rsplit(" : ", 1)
            chooser = random.Random(f"{current.name}/{column}")
            current.columns.append(column)
            current.samples.append([chooser.choice(pools[pool]) for _ in range(SAMPLES)])
            current.truths.append([None if t == "-" else t for t in truth.split(", ")])
    if current is not None:
        yield current
