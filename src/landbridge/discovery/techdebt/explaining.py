"""Why a finding was reported, and why an asset has its score."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import (
    AppliedRule,
    DatedFact,
    Explainer,
    Given,
    Grounds,
    decided,
    engagement_in,
)
from landbridge.discovery.inventory import explaining as values
from landbridge.discovery.inventory import queries as inventory
from landbridge.discovery.inventory.stated import stated
from landbridge.discovery.techdebt import queries, repository
from landbridge.discovery.techdebt.assess import MOST, POINTS, score
from landbridge.discovery.techdebt.findings import FINDING_KINDS, Severity
from landbridge.discovery.techdebt.models import FindingStatus, StoredFinding
from landbridge.discovery.techdebt.rules.condition import OWNED_BY
from landbridge.discovery.techdebt.sizing import explaining as sizing
from landbridge.errors.common import NotFound
from landbridge.kit import clock

SYSTEM: Final = ("os_name", "os_version", "os_edition")
DATABASE: Final = ("db_engine", "software_version", "model")
LOOKS_AT: Final[dict[str, tuple[str, ...]]] = {
    "OS_END_OF_LIFE": SYSTEM,
    "OS_END_OF_LIFE_NEAR": SYSTEM,
    "OS_UNKNOWN": SYSTEM,
    "DATABASE_END_OF_LIFE": DATABASE,
    "DATABASE_END_OF_LIFE_NEAR": DATABASE,
    "HYPERVISOR_END_OF_LIFE": (*SYSTEM, "hypervisor"),
    "HYPERVISOR_END_OF_LIFE_NEAR": (*SYSTEM, "hypervisor"),
    "VERSION_UNKNOWN": (*SYSTEM, *DATABASE),
    "PRODUCT_NOT_IN_DATA": (*SYSTEM, *DATABASE),
    "SUPPORT_DATE_PASSED": ("end_of_life_date",),
    "SUPPORT_DATE_NEAR": ("end_of_life_date",),
    "POWERED_OFF": ("power_state", "last_seen"),
    "RETIRED_BUT_RUNNING": ("status", "power_state"),
    "CPU_OVERSIZED": ("cpu_utilization", "cpu_cores"),
    "CPU_UNDERSIZED": ("cpu_utilization", "cpu_cores"),
    "MEMORY_OVERSIZED": ("memory_utilization", "memory_gb"),
    "MEMORY_UNDERSIZED": ("memory_utilization", "memory_gb"),
    "OWNER_MISSING": ("environment", *OWNED_BY),
    "ENVIRONMENT_UNKNOWN": ("environment",),
}
"""Code of a finding → the attributes its rule looks at."""
_BY_SUBJECT: Final = {"os": SYSTEM, "database": DATABASE}
_OF_THE_FACT: Final = frozenset({"source", "provenance", "confidence", "as_of", "title"})
SCORE: Final = AppliedRule(
    id="score.technical_debt",
    title="Points by severity, added up",
    words="Each open finding of the asset adds points: "
    + ", ".join(f"{severity.value} {points}" for severity, points in POINTS.items())
    + f"; at most {MOST}. A risk that a person accepted adds none, and neither does what is not "
    "known.",
)


def _finding(
    session: TenantSession, engagement_id: UUID, finding_id: UUID, of: str | None
) -> Grounds:
    found = repository.find_finding(session, engagement_id, finding_id)
    if found is None or of is not None:
        raise NotFound
    kind = FINDING_KINDS.get(found.code)
    points = POINTS[Severity(found.severity)]
    decision = None
    if found.decided_at is not None and found.status == FindingStatus.ACCEPTED:
        decision = decided(
            session, found.decided_by, found.decided_at, "accepted", found.decision_reason
        )
    return Grounds(
        id=finding_id,
        kind="finding",
        engagement_id=engagement_id,
        title=found.title,
        says=found.detail,
        rule=AppliedRule(
            id=found.code, title=found.title, words=kind.explanation if kind else found.detail
        ),
        arithmetic=f"{found.severity} = {points} points of the asset's score while it is open",
        inputs=_inputs(session, engagement_id, found),
        facts=_facts(found.data),
        date=found.created_at,
        dated="First found",
        decision=decision,
        remedy=found.remedy,
    )


def _inputs(session: TenantSession, engagement_id: UUID, found: StoredFinding) -> list[Given]:
    given: list[Given] = []
    if found.asset_id is not None:
        subject = found.cache_key.rpartition(":")[2]
        attributes = LOOKS_AT.get(found.code, ())
        if len(attributes) > len(SYSTEM) and subject in _BY_SUBJECT:
            attributes = tuple(a for a in attributes if a not in _other(subject))
        given += stated(session, engagement_id, found.asset_id, attributes)
    named = {g.name for g in given} | _OF_THE_FACT
    given += [Given(name=k, value=v) for k, v in found.data.items() if k not in named]
    return given


def _other(subject: str) -> set[str]:
    return {a for s, named in _BY_SUBJECT.items() if s != subject for a in named}


def _facts(data: dict[str, Any]) -> list[DatedFact]:
    if not data.get("source"):
        return []
    as_of = data.get("as_of")
    ends = f"end of support {data.get('end_of_life') or 'not published'}"
    if data.get("extended_support_end"):
        ends += f", end of bought support {data['extended_support_end']}"
    return [
        DatedFact(
            title=f"{data.get('title') or data.get('product')} {data.get('cycle') or ''}".strip(),
            says=ends,
            url=data["source"],
            provenance=data.get("provenance"),
            confidence=data.get("confidence"),
            as_of=date.fromisoformat(as_of) if as_of else None,
        )
    ]


def _asset(session: TenantSession, engagement_id: UUID, asset_id: UUID, of: str | None) -> Grounds:
    if of == sizing.SIDE:
        return sizing.size(session, engagement_id, asset_id)
    if of is not None:
        return values.attribute(session, engagement_id, asset_id, of)
    asset = inventory.asset(session, engagement_id, asset_id)
    points = score(repository.open_findings_of(session, engagement_id, asset_id))
    findings = queries.findings_of(session, engagement_id, asset_id)
    return Grounds(
        id=asset_id,
        kind="score",
        engagement_id=engagement_id,
        title=f"Technical debt of {asset.name}",
        says=f"{points.points} of {MOST}",
        rule=SCORE,
        arithmetic=points.arithmetic,
        inputs=[
            Given(
                name=f.code,
                value=POINTS[Severity(f.severity)] if f.status == "open" else 0,
                words=f"{f.detail} {f.severity}, {f.status}.",
                id=f.id,
            )
            for f in findings
        ],
        date=clock.now(),
        dated="Worked out",
    )


FINDINGS: Final = Explainer("finding", engagement_in("findings"), _finding)
ASSETS: Final = Explainer("asset", engagement_in("assets"), _asset)
