"""Assessing one asset: all rules, and the score with its arithmetic. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from landbridge.discovery.techdebt.eol import EolData
from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import FINDING_KINDS, Finding, Severity
from landbridge.discovery.techdebt.rules import condition
from landbridge.discovery.techdebt.rules.condition import Blanks
from landbridge.discovery.techdebt.rules.lifecycle import Lifecycle

POINTS: Final[dict[Severity, int]] = {
    Severity.CRITICAL: 40,
    Severity.HIGH: 25,
    Severity.MEDIUM: 10,
    Severity.LOW: 3,
    Severity.INFO: 0,
}
"""What an open finding adds to the score of its asset."""

MOST: Final = 100


NO_BLANKS: Final = Blanks()


class Assessor:
    """Assesses assets on one day with one state of the end-of-life data."""

    def __init__(self, data: EolData, today: date, blanks: Blanks = NO_BLANKS) -> None:
        """
        Args:
            data: the end-of-life data.
            today: the day.
            blanks: what no asset of the engagement has.
        """
        self.data = data
        self.today = today
        self.blanks = blanks
        self._lifecycle = Lifecycle(data, today)

    def findings(self, asset: AssetFacts) -> list[Finding]:
        """Everything found about an asset. An asset that is out of service for good has no
        debt to pay, so its products are not judged.
        """
        found = list(condition.findings(asset, self.today, self.blanks))
        if not asset.is_retired:
            found += self._lifecycle.findings(asset)
        return found


@dataclass(frozen=True, slots=True)
class Score:
    """The technical debt of one asset.

    Attributes:
        points: 0 (none known) to 100.
        terms: per severity: number of open findings, points each.
        unknown: codes of the findings that say something is not known. Unknown adds no points:
            the score is what is known, not the worst that could be.
    """

    points: int
    terms: dict[str, tuple[int, int]]
    unknown: list[str]

    @property
    def arithmetic(self) -> str:
        """The calculation, to be checked by hand."""
        if not self.terms:
            return "no findings that count = 0"
        sums = [f"{n} {severity} x {points}" for severity, (n, points) in self.terms.items()]
        total = sum(n * points for n, points in self.terms.values())
        text = f"{' + '.join(sums)} = {total}"
        return f"{text}, at most {MOST}" if total > MOST else text


def score(findings: Iterable[tuple[str, str]]) -> Score:
    """The score of one asset.

    Args:
        findings: code and severity of its open findings.
    """
    pairs: Sequence[tuple[str, str]] = list(findings)
    terms: dict[str, tuple[int, int]] = {}
    for severity, points in POINTS.items():
        number = sum(1 for _, s in pairs if s == severity)
        if number and points:
            terms[severity.value] = (number, points)
    kinds = [FINDING_KINDS.get(code) for code, _ in pairs]
    unknown = sorted({k.code for k in kinds if k is not None and k.unknown})
    return Score(min(MOST, sum(n * p for n, p in terms.values())), terms, unknown)
