"""Score the mapping on labelled columns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.discovery.mapping.errors import NoLabelledSets, NotALabelledSet
from landbridge.discovery.mapping.fingerprints import find
from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.kit import jsonio

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One column's suggestion held against the truth."""

    source: str
    column: str
    predicted: str | None
    confidence: float
    truth: str | None
    right: bool


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One labelled set.

    Attributes:
        source: what it is called.
        header: the names of its columns.
        samples: values of each column.
        truths: for each column everything that is right, the preferred first; None is a
            column that fits no attribute.
    """

    source: str
    header: list[str]
    samples: list[list[str]]
    truths: list[list[str | None]]


def read_set(path: Path) -> LabelledSet:
    """Read a labelled set.

    Raises:
        NotALabelledSet: the file has another shape.
    """
    try:
        data = jsonio.loads(path.read_bytes())
        columns: list[dict[str, Any]] = data["columns"]
        return LabelledSet(
            str(data.get("source", path.stem)),
            [str(c["name"]) for c in columns],
            [[str(v) for v in c.get("samples") or () if v is not None] for c in columns],
            [[c["truth"], *(c.get("alt") or [])] for c in columns],
        )
    except OSError as e:
        raise NotALabelledSet(name=path.name, reason=e.strerror or "it cannot be read") from None
    except ValueError:
        raise NotALabelledSet(name=path.name, reason="it is not JSON") from None
    except (KeyError, TypeError, AttributeError):
        raise NotALabelledSet(name=path.name, reason="a part is missing") from None


def judge(
    directory: Path, *, names_only: bool = False, leave_one_out: bool = False
) -> Iterator[Judged]:
    """Suggest for each labelled set of a directory and compare, column by column.

    Args:
        directory: holds one JSON file per set; names beginning with `_` are left out.
        names_only: hide the samples.
        leave_one_out: do not use what is known of the set's own vendor.

    Raises:
        NotALabelledSet: a file has another shape.
    """
    for path in sorted(directory.glob("*.json")):
        if path.name.startswith("_"):
            continue
        labelled = read_set(path)
        own = find(labelled.header) if leave_one_out else None
        suggestion = suggest_table(
            labelled.header,
            [] if names_only else labelled.samples,
            without={own.vendor} if own else (),
        )
        for accepted, found in zip(labelled.truths, suggestion.columns, strict=True):
            yield Judged(
                labelled.source,
                found.column,
                found.attribute,
                found.confidence,
                accepted[0],
                found.attribute in accepted,
            )


def evaluate(
    directory: Path, *, names_only: bool = False, leave_one_out: bool = False
) -> dict[str, Any]:
    """Score all labelled sets of a directory.

    Returns:
        `columns`; `top1`, the share of columns that got what the truth allows; `precision_at`
        and `coverage_at` by confidence: of the attributes suggested at that confidence or
        more the share that is right, and of the columns that have an attribute the share
        that is reached; `abstention`, the share of columns left custom; `calibration_error`,
        the mean distance of confidence and precision; `wrong_auto_approved`, the share of
        suggestions at 0.9 or more that are wrong; `ms_per_column`; `per_source`: top-1;
        `wrong`: the columns that were not right.

    Raises:
        NoLabelledSets: the directory holds none.
        NotALabelledSet: a file has another shape.
    """
    started = time.perf_counter()
    judged = list(judge(directory, names_only=names_only, leave_one_out=leave_one_out))
    elapsed = time.perf_counter() - started
    if not judged:
        raise NoLabelledSets(directory=directory.name)
    suggested = [j for j in judged if j.predicted is not None]
    mappable = [j for j in judged if j.truth is not None]
    auto = [j for j in suggested if j.confidence >= 0.9]
    per_source: dict[str, list[bool]] = {}
    for j in judged:
        per_source.setdefault(j.source, []).append(j.right)
    return {
        "columns": len(judged),
        "top1": _share([j.right for j in judged]),
        "precision_at": {
            str(level): _share([j.right for j in suggested if j.confidence >= level])
            for level in LEVELS
        },
        "coverage_at": {
            str(level): _share(
                [j.predicted is not None and j.confidence >= level for j in mappable]
            )
            for level in LEVELS
        },
        "abstention": _share([j.predicted is None for j in judged]),
        "calibration_error": _calibration_error(suggested),
        "wrong_auto_approved": _share([not j.right for j in auto]) if auto else 0.0,
        "ms_per_column": round(1000 * elapsed / len(judged), 3),
        "per_source": {s: _share(r) for s, r in sorted(per_source.items())},
        "wrong": [
            {
                "source": j.source,
                "column": j.column,
                "suggested": j.predicted,
                "confidence": j.confidence,
                "truth": j.truth,
            }
            for j in judged
            if not j.right
        ],
    }


def _share(flags: list[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 1.0


def _calibration_error(judged: list[Judged]) -> float:
    """Expected calibration error over ten equal bins of confidence."""
    total = 0.0
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        inside = [j for j in judged if low <= j.confidence < high or (high == 1 <= j.confidence)]
        if inside:
            right = sum(j.right for j in inside) / len(inside)
            mean = sum(j.confidence for j in inside) / len(inside)
            total += abs(right - mean) * len(inside)
    return round(total / len(judged), 4) if judged else 0.0
