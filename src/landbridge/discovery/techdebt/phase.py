"""The phase: assess technical debt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from pydantic import BaseModel

from landbridge.discovery.techdebt import repository
from landbridge.discovery.techdebt.alike import Alike
from landbridge.discovery.techdebt.assess import Assessor
from landbridge.discovery.techdebt.eol import EolData, current
from landbridge.discovery.techdebt.findings import Severity
from landbridge.discovery.techdebt.rules import condition
from landbridge.discovery.techdebt.rules.lifecycle_kinds import SUPPORT_UNKNOWN
from landbridge.flows.phases import PhaseContext
from landbridge.kit import clock
from landbridge.kit.collecting import seldom_collected


class Assessment(BaseModel):
    """What assessment found.

    Attributes:
        assets: assets assessed.
        findings: open findings after this run.
        by_severity, by_code: the same, counted.
        created: findings that no run had found before.
        resolved: findings whose cause is gone.
        unknown: assets of which a product or its release is not known well enough to be judged.
        eol_data_date: the day of the end-of-life data.
        assessed_on: the day that was compared with it.
    """

    assets: int
    findings: int
    by_severity: dict[str, int]
    by_code: dict[str, int]
    created: int
    resolved: int
    unknown: int
    eol_data_date: date
    assessed_on: date


class TechDebtAssessment:
    """Holds every asset of the engagement against the rules and the end-of-life data."""

    key: ClassVar[str] = "tech_debt_assessment"
    title: ClassVar[str] = "Assess technical debt"
    unit: ClassVar[str] = "assets"
    output: ClassVar[type[BaseModel]] = Assessment

    def __init__(
        self,
        today: Callable[[], date] = lambda: clock.now().date(),
        data: Callable[[], EolData] = current,
    ) -> None:
        """
        Args:
            today: tells the day of the assessment.
            data: gives the end-of-life data.
        """
        self._today = today
        self._data = data

    def run(self, context: PhaseContext) -> Assessment:
        """Assess all assets and make the stored findings those that were found."""
        with seldom_collected():
            return self._run(context)

    def _run(self, context: PhaseContext) -> Assessment:
        blanks = repository.blanks_of(context.session, context.engagement_id)
        assessor = Assessor(self._data(), self._today(), blanks)
        total = repository.count_assets(context.session, context.engagement_id)
        context.progress(0, total)
        first = repository.is_first(context.session, context.engagement_id)
        alike = Alike(context.session, context.engagement_id, first=first)
        alike.of_engagement(condition.of_engagement(blanks, total))
        done = 0
        for assets in alike.assess(assessor.findings):
            done += assets
            context.progress(done, total)
        written = repository.Written(alike.written, 0)
        if not first:
            written = repository.settle(context.session, context.engagement_id)
        counts = repository.open_counts(context.session, context.engagement_id)
        return Assessment(
            assets=total,
            findings=sum(n for _, _, n in counts),
            by_severity={
                s.value: n for s in Severity if (n := sum(c for _, sev, c in counts if sev == s))
            },
            by_code={code: sum(n for c, _, n in counts if c == code) for code in _codes(counts)},
            created=written.created,
            resolved=written.resolved,
            unknown=repository.assets_with(
                context.session,
                context.engagement_id,
                SUPPORT_UNKNOWN,
            ),
            eol_data_date=assessor.data.as_of,
            assessed_on=assessor.today,
        )


def _codes(counts: list[tuple[str, str, int]]) -> list[str]:
    return sorted({code for code, _, _ in counts})
