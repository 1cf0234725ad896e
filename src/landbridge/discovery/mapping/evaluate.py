"""Score the mapping on labelled columns."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landbridge.discovery.mapping.errors import NoLabelledSets, NotALabelledSet
from landbridge.discovery.mapping.fingerprints import find
from landbridge.discovery.mapping.scores import Judged, score, share
from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.kit import jsonio

_NO_LANGUAGE: Final = "und"
_RUNS: Final = {
    "with_values": (False, False),
    "names_only": (True, False),
    "with_values_leave_one_out": (False, True),
    "names_only_leave_one_out": (True, True),
}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One labelled set.

    Attributes:
        source: what it is called.
        language: as it says, `und` where it does not.
        header: the names of its columns.
        samples: values of each column.
        truths: for each column everything that is right, the preferred first; None is a
            column that fits no attribute.
    """

    source: str
    language: str
    header: list[str]
    samples: list[list[str]]
    truths: list[list[str | None]]


def read_sets(directory: Path) -> list[LabelledSet]:
    """The labelled sets of a directory: its JSON files but for those beginning with `_`.

    Raises:
        NoLabelledSets: it holds none, or none with a column.
        NotALabelledSet: a file has another shape.
    """
    paths = [p for p in sorted(directory.glob("*.json")) if not p.name.startswith("_")]
    sets = [read_set(path) for path in paths]
    if not any(labelled.header for labelled in sets):
        raise NoLabelledSets(directory=directory.name or str(directory))
    return sets


def read_set(path: Path) -> LabelledSet:
    """Read a labelled set.

    Raises:
        NotALabelledSet: the file has another shape.
    """
    try:
        data = jsonio.loads(path.read_bytes())
        columns: list[dict[str, Any]] = data["columns"]
        return LabelledSet(
            str(data.get("source") or path.stem),
            str(data.get("lang") or _NO_LANGUAGE),
            [str(c["name"]) for c in columns],
            [[str(v) for v in c.get("samples") or () if v is not None] for c in columns],
            [[c["truth"], *_also(c.get("alt"))] for c in columns],
        )
    except OSError as e:
        raise NotALabelledSet(name=path.name, reason=e.strerror or "it cannot be read") from None
    except ValueError:
        raise NotALabelledSet(name=path.name, reason="it is not JSON") from None
    except KeyError as e:
        raise NotALabelledSet(name=path.name, reason=f"{e.args[0]} is missing") from None
    except (TypeError, AttributeError):
        raise NotALabelledSet(name=path.name, reason="a part is of another kind") from None


def _also(alternatives: list[str | None] | str | None) -> list[str | None]:
    return [alternatives] if isinstance(alternatives, str) else list(alternatives or ())


def judge(
    sets: Sequence[LabelledSet], *, names_only: bool = False, leave_one_out: bool = False
) -> Iterator[Judged]:
    """Suggest for each labelled set and compare, column by column.

    Args:
        sets: the labelled sets.
        names_only: hide the samples.
        leave_one_out: do not use what is known of the set's own vendor.
    """
    for labelled in sets:
        own = find(labelled.header) if leave_one_out else None
        suggestion = suggest_table(
            labelled.header,
            [] if names_only else labelled.samples,
            without={own.vendor} if own else (),
        )
        for accepted, found in zip(labelled.truths, suggestion.columns, strict=True):
            yield Judged(
                labelled.source,
                labelled.language,
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
        that is reached; `abstention`, the share of columns left custom; `calibration`, by
        tenths of confidence, and `calibration_error`, the mean distance of confidence and
        precision; `wrong_auto_approved`, the share of suggestions at 0.9 or more that are
        wrong, and `auto_approved`, as `scores.approvals` gives it; `per_language`;
        `ms_per_column`; `per_source`: top-1; `unknown_attributes`: truths that are no
        attribute and that nothing can match; `runs`: these figures without the last four
        with and without values and without the sets' own vendors; `wrong`: the columns that
        were not right.

    Raises:
        NoLabelledSets: the directory holds none.
        NotALabelledSet: a file has another shape.
    """
    sets = read_sets(directory)
    started = time.perf_counter()
    judged = list(judge(sets, names_only=names_only, leave_one_out=leave_one_out))
    elapsed = time.perf_counter() - started
    runs = {
        name: judged
        if (hidden, left_out) == (names_only, leave_one_out)
        else list(judge(sets, names_only=hidden, leave_one_out=left_out))
        for name, (hidden, left_out) in _RUNS.items()
    }
    return {
        **score(judged),
        "ms_per_column": round(1000 * elapsed / len(judged), 3),
        "per_source": _per_source(judged),
        "unknown_attributes": _unknown(sets),
        "runs": {name: score(run) for name, run in runs.items()},
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


def _per_source(judged: Sequence[Judged]) -> dict[str, float]:
    found: dict[str, list[bool]] = {}
    for j in judged:
        found.setdefault(j.source, []).append(j.right)
    return {source: share(found[source]) for source in sorted(found)}


def _unknown(sets: Sequence[LabelledSet]) -> list[str]:
    named = {t for s in sets for truths in s.truths for t in truths if t is not None}
    return sorted(str(t) for t in named if t not in ATTRIBUTES)
