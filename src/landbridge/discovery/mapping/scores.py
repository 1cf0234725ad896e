"""Figures of how often suggestions were right, and of what their confidence is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

LEVELS: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
APPROVED_FROM: Final = 0.9
_BINS: Final = 10
_DOUBT: Final = 0.05
_HALVINGS: Final = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """One column's suggestion held against the truth.

    Attributes:
        source: the set it is of.
        language: of the set, as the set says; `und` where it does not.
        column: its name.
        predicted: the attribute suggested, None for custom.
        confidence: of the suggestion, 0–1.
        truth: the preferred truth, None for a column that fits no attribute.
        right: the suggestion is among what is right.
    """

    source: str
    language: str
    column: str
    predicted: str | None
    confidence: float
    truth: str | None
    right: bool


def score(judged: Sequence[Judged]) -> dict[str, Any]:
    """The figures of one run over labelled columns, of which there is at least one."""
    suggested = [j for j in judged if j.predicted is not None]
    mappable = [j for j in judged if j.truth is not None]
    approved = approvals(judged)
    bins = calibration(suggested)
    return {
        "columns": len(judged),
        "top1": share([j.right for j in judged]),
        "precision_at": {
            str(level): share([j.right for j in suggested if j.confidence >= level])
            for level in LEVELS
        },
        "coverage_at": {
            str(level): share([j.predicted is not None and j.confidence >= level for j in mappable])
            for level in LEVELS
        },
        "abstention": share([j.predicted is None for j in judged]),
        "calibration_error": _error_of(bins),
        "calibration": bins,
        "wrong_auto_approved": approved["wrong_share"],
        "auto_approved": approved,
        "per_language": groups(judged, lambda j: j.language),
    }


def approvals(judged: Sequence[Judged]) -> dict[str, Any]:
    """What would be approved without a person.

    Returns:
        `columns` approved; how many are `wrong`, their `wrong_share`, and `wrong_at_most`, the
        share that is not exceeded with 95 % confidence (Clopper and Pearson, one-sided);
        `of_right`, the share of the rightly suggested attributes that is approved.
    """
    suggested = [j for j in judged if j.predicted is not None]
    approved = [j for j in suggested if j.confidence >= APPROVED_FROM]
    wrong = sum(not j.right for j in approved)
    return {
        "columns": len(approved),
        "wrong": wrong,
        "wrong_share": round(wrong / len(approved), 4) if approved else 0.0,
        "wrong_at_most": round(upper_bound(wrong, len(approved)), 4),
        "of_right": share([j.confidence >= APPROVED_FROM for j in suggested if j.right]),
    }


def upper_bound(events: int, trials: int) -> float:
    """The rate that is exceeded with a probability of 5 % at most, 0–1; 1 without trials."""
    if events >= trials:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most(events, trials, middle) > _DOUBT:
            low = middle
        else:
            high = middle
    return high


def _at_most(events: int, trials: int, rate: float) -> float:
    """The probability of so many events or fewer; the rate is neither 0 nor 1."""
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    return sum(
        math.exp(_log_ways(trials, k) + k * log_rate + (trials - k) * log_rest)
        for k in range(events + 1)
    )


def _log_ways(trials: int, events: int) -> float:
    return math.lgamma(trials + 1) - math.lgamma(events + 1) - math.lgamma(trials - events + 1)


def calibration(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """By tenths of confidence: how many attributes were suggested, with which mean confidence,
    and the share that was right. Empty tenths are left out.
    """
    found = []
    for number in range(_BINS):
        inside = [j for j in judged if min(int(j.confidence * _BINS), _BINS - 1) == number]
        if inside:
            found.append(
                {
                    "from": number / _BINS,
                    "to": (number + 1) / _BINS,
                    "columns": len(inside),
                    "confidence": round(sum(j.confidence for j in inside) / len(inside), 4),
                    "right": share([j.right for j in inside]),
                }
            )
    return found


def _error_of(bins: Sequence[dict[str, Any]]) -> float:
    """Expected calibration error: the mean distance of confidence and share of right ones."""
    total = sum(b["columns"] for b in bins)
    if not total:
        return 0.0
    far = math.fsum(abs(b["right"] - b["confidence"]) * b["columns"] for b in bins)
    return float(round(far / total, 4))


def groups(judged: Sequence[Judged], of: Callable[[Judged], str]) -> dict[str, dict[str, Any]]:
    """By group: columns, the share that is right, and what is approved wrongly."""
    found: dict[str, list[Judged]] = {}
    for j in judged:
        found.setdefault(of(j), []).append(j)
    return {name: _brief(found[name]) for name in sorted(found)}


def _brief(judged: Sequence[Judged]) -> dict[str, Any]:
    approved = approvals(judged)
    return {
        "columns": len(judged),
        "top1": share([j.right for j in judged]),
        "auto_approved": approved["columns"],
        "wrong_auto_approved": approved["wrong"],
    }


def share(flags: Sequence[bool]) -> float:
    """The share of true ones, 1 where there are none."""
    return round(sum(flags) / len(flags), 4) if flags else 1.0
