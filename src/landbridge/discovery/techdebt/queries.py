"""Reading findings: the list, and those of one asset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.kit.pagination import Page

_RANK = "array_position(array['info','low','medium','high','critical'], x.severity) * -1::bigint"

FINDINGS: Final = Listing(
    columns="x.id, x.asset_id, a.name as asset_name, x.code, x.severity, x.title, x.detail,"
    " x.remedy, x.data, x.status, x.created_at",
    source="app.findings x left join app.assets a on a.id = x.asset_id"
    " where x.engagement_id = :engagement_id",
    filters={
        "q": "lower(x.title) like :q or a.name_key like :q",
        "severity": "x.severity = :severity",
        "code": "x.code = :code",
        "status": "x.status = :status",
    },
    facets={"severity": "x.severity", "code": "x.code", "status": "x.status"},
    sorts={
        "severity": (_RANK, "bigint"),
        "asset": ("coalesce(a.name_key, '')", "text"),
        "code": ('x.code collate "C"', "text"),
    },
    order="severity",
)


class FindingRow(BaseModel):
    """Something about an asset, or the engagement, that a migration has to deal with."""

    id: UUID
    asset_id: UUID | None
    asset_name: str | None
    code: str
    severity: str
    title: str
    detail: str
    remedy: str
    data: dict[str, Any]
    status: str
    created_at: datetime


def findings(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[FindingRow]:
    """A page of the findings, the worst first."""
    page = FINDINGS.page(session, engagement_id, wanted)
    return Page([FindingRow(**r) for r in page.items], page.next)


def count_findings(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> int:
    """How many findings the filters leave."""
    return FINDINGS.total(session, engagement_id, wanted)


def finding_facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What the findings can be narrowed by."""
    return FINDINGS.counts(session, engagement_id, wanted)


def findings_of(session: TenantSession, engagement_id: UUID, asset_id: UUID) -> list[FindingRow]:
    """The findings of one asset, the worst first."""
    rows = session.execute(
        text(
            f"select {FINDINGS.columns} from {FINDINGS.source} and x.asset_id = :asset_id"
            f" order by {_RANK}, x.title"
        ),
        {"engagement_id": engagement_id, "asset_id": asset_id},
    )
    return [FindingRow(**r) for r in rows.mappings()]
