"""What people do with findings: read the summary, ask why, accept a risk."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from landbridge.database.session import TenantSession
from landbridge.discovery.techdebt import repository
from landbridge.discovery.techdebt.assess import POINTS, Score, score
from landbridge.discovery.techdebt.eol import current
from landbridge.discovery.techdebt.errors import FindingNotOpen
from landbridge.discovery.techdebt.findings import FINDING_KINDS, Severity
from landbridge.discovery.techdebt.models import FindingStatus, StoredFinding
from landbridge.discovery.techdebt.rules.lifecycle_kinds import SUPPORT_UNKNOWN
from landbridge.errors.common import NotFound
from landbridge.kit import clock


class FindingsSummary(BaseModel):
    """The open findings of an engagement in numbers.

    Attributes:
        findings: how many are open.
        by_severity, by_code: the same, counted.
        unknown: assets of which a product or its release is not known well enough to be judged.
        eol_data_date: the day of the end-of-life data in use.
    """

    findings: int
    by_severity: dict[str, int]
    by_code: dict[str, int]
    unknown: int
    eol_data_date: date


class Explanation(BaseModel):
    """Why a finding was reported, and what it counts.

    Attributes:
        why: when findings of this kind are reported, and how their severity is chosen.
        detail: what was found here.
        inputs: the values and dates the rule looked at.
        source: where the dates are published, where dates were looked up.
        data_date: the day of the end-of-life data, where it was used.
        points: what the finding adds to the score of its asset while it is open.
        remedy: what to do next.
    """

    code: str
    title: str
    severity: str
    status: str
    why: str
    detail: str
    inputs: dict[str, Any]
    source: str | None
    data_date: date | None
    points: int
    remedy: str
    decision_reason: str | None


def summary(session: TenantSession, engagement_id: UUID) -> FindingsSummary:
    """The open findings of an engagement, counted."""
    counts = repository.open_counts(session, engagement_id)
    by_severity: dict[str, int] = {}
    by_code: dict[str, int] = {}
    for code, severity, n in counts:
        by_severity[severity] = by_severity.get(severity, 0) + n
        by_code[code] = by_code.get(code, 0) + n
    return FindingsSummary(
        findings=sum(by_code.values()),
        by_severity=by_severity,
        by_code=by_code,
        unknown=repository.assets_with(session, engagement_id, SUPPORT_UNKNOWN),
        eol_data_date=current().as_of,
    )


def explain(session: TenantSession, engagement_id: UUID, finding_id: UUID) -> Explanation:
    """Why a finding was reported.

    Raises:
        NotFound: the engagement has no such finding.
    """
    finding = _found(session, engagement_id, finding_id)
    kind = FINDING_KINDS.get(finding.code)
    as_of = finding.data.get("as_of")
    return Explanation(
        code=finding.code,
        title=finding.title,
        severity=finding.severity,
        status=finding.status,
        why=kind.explanation if kind else "",
        detail=finding.detail,
        inputs=finding.data,
        source=finding.data.get("source"),
        data_date=date.fromisoformat(as_of) if as_of else None,
        points=POINTS[Severity(finding.severity)],
        remedy=finding.remedy,
        decision_reason=finding.decision_reason,
    )


def accept(
    session: TenantSession, engagement_id: UUID, finding_id: UUID, reason: str
) -> StoredFinding:
    """Accept the risk of a finding: it no longer counts while its cause is there.

    Raises:
        NotFound: the engagement has no such finding.
        FindingNotOpen: its cause is gone.
    """
    return _decide(session, engagement_id, finding_id, FindingStatus.ACCEPTED, reason)


def reopen(session: TenantSession, engagement_id: UUID, finding_id: UUID) -> StoredFinding:
    """Take back that a risk was accepted.

    Raises:
        NotFound: the engagement has no such finding.
        FindingNotOpen: its cause is gone.
    """
    return _decide(session, engagement_id, finding_id, FindingStatus.OPEN, None)


def score_of(session: TenantSession, engagement_id: UUID, asset_id: UUID) -> Score:
    """The technical debt of one asset, with its arithmetic; accepted risks do not count."""
    return score(repository.open_findings_of(session, engagement_id, asset_id))


def _found(session: TenantSession, engagement_id: UUID, finding_id: UUID) -> StoredFinding:
    finding = repository.find_finding(session, engagement_id, finding_id)
    if finding is None:
        raise NotFound
    return finding


def _decide(
    session: TenantSession,
    engagement_id: UUID,
    finding_id: UUID,
    status: FindingStatus,
    reason: str | None,
) -> StoredFinding:
    finding = _found(session, engagement_id, finding_id)
    if finding.status == FindingStatus.RESOLVED:
        raise FindingNotOpen
    finding.status = status.value
    finding.decision_reason = reason
    finding.decided_by = session.user_id
    finding.decided_at = clock.now()
    session.flush()
    return finding
