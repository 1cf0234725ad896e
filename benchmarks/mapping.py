"""How often suggestions are right, beside fuzzy string matching on the same sets in the same run.

The peer is `rapidfuzz.fuzz.token_set_ratio`: each name gets the attribute of the most similar
name in all other sets. Ours does not know the set's vendor.

Usage: python -m benchmarks.mapping [DIRECTORY]
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from landbridge.discovery.mapping.evaluate import read_set
from landbridge.discovery.mapping.fingerprints import find
from landbridge.discovery.mapping.suggest import suggest_table
from tests.support.column_sets import column_sets


@dataclass(slots=True)
class Labelled:
    """One set: names, values, and for each column everything that is right."""

    name: str
    columns: list[str]
    samples: list[list[str]]
    truths: list[list[str | None]]


def load(directory: Path | None) -> list[Labelled]:
    """The sets of a directory, or our own."""
    if directory is None:
        return [Labelled(s.name, s.columns, s.samples, s.truths) for s in column_sets()]
    paths = (p for p in sorted(directory.glob("*.json")) if not p.name.startswith("_"))
    read = (read_set(p) for p in paths)
    return [Labelled(s.source, s.header, s.samples, s.truths) for s in read]


def ours(sets: list[Labelled], *, names_only: bool) -> tuple[int, float]:
    """Columns that are right, and seconds."""
    started = time.perf_counter()
    right = 0
    for found in sets:
        own = find(found.columns)
        suggestion = suggest_table(
            found.columns,
            [] if names_only else found.samples,
            without={own.vendor} if own else (),
        )
        columns = zip(suggestion.columns, found.truths, strict=True)
        right += sum(c.attribute in truth for c, truth in columns)
    return right, time.perf_counter() - started


def fuzzy(sets: list[Labelled]) -> tuple[int, float]:
    """Columns that the most similar name of another set gets right, and seconds."""
    clean = [[utils.default_process(c) for c in s.columns] for s in sets]
    started = time.perf_counter()
    right = 0
    for index, found in enumerate(sets):
        known: dict[str, str | None] = {}
        for other, names in enumerate(clean):
            if other != index:
                known.update(zip(names, (t[0] for t in sets[other].truths), strict=True))
        choices = list(known)
        for name, truth in zip(clean[index], found.truths, strict=True):
            hit = process.extractOne(name, choices, scorer=fuzz.token_set_ratio)
            right += (known[hit[0]] if hit else None) in truth
    return right, time.perf_counter() - started


def main() -> None:
    """Print the shares as JSON."""
    sets = load(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    total = sum(len(s.columns) for s in sets)
    suggest_table(["warm"], [["up"]])
    runs = {
        "ours": ours(sets, names_only=False),
        "ours, names only": ours(sets, names_only=True),
        "rapidfuzz token_set_ratio, names only": fuzzy(sets),
    }
    result = {
        name: {"top1": round(right / total, 4), "ms_per_column": round(1000 * seconds / total, 3)}
        for name, (right, seconds) in runs.items()
    }
    print(json.dumps({"sets": len(sets), "columns": total, **result}, indent=1))


if __name__ == "__main__":
    main()
