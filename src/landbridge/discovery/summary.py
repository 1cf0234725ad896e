"""The result of a Discovery flow in numbers: what `discover` and `demo` print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.imports.service import import_result
from landbridge.flows.status import FlowView

_ASSETS = text("""
select asset_type, environment, count(*) as n from app.assets
 where engagement_id = :engagement_id group by 1, 2""")
_COUNTS = text("""
select (select count(*) from app.dependencies where engagement_id = :engagement_id) dependencies,
       (select count(*) from app.applications where engagement_id = :engagement_id) applications,
       (select count(*) from app.findings
         where engagement_id = :engagement_id and status = 'open') findings,
       (select count(*) from app.asset_conflicts c
          join app.assets a on a.id = c.asset_id
         where a.engagement_id = :engagement_id and c.status = 'open') conflicts""")


class RowCounts(BaseModel):
    """Records of the import.

    Attributes:
        in_: every record of every sheet and file that is not blank.
        stored: those kept; always all.
        issues: those with at least one issue.
    """

    in_: int
    stored: int
    issues: int


class AssetCounts(BaseModel):
    """Assets of the engagement."""

    total: int
    by_type: dict[str, int]
    by_environment: dict[str, int]


class ChangeCounts(BaseModel):
    """Assets of which the import speaks, by what it did to them; those that only its connections
    and relations name were created, too.
    """

    created: int
    updated: int
    unchanged: int


class Summary(BaseModel):
    """A Discovery flow's result; counts of the inventory are those of the engagement."""

    flow_id: UUID
    status: str
    seconds: float
    rows: RowCounts
    assets: AssetCounts
    changes: ChangeCounts
    duplicates_merged: int
    conflicts: int
    dependencies: int
    applications: int
    findings: int

    def as_json(self) -> dict[str, Any]:
        """The stable JSON shape, in which the first row count is called `in`."""
        shape = self.model_dump(mode="json")
        rows = shape["rows"]
        shape["rows"] = {"in": rows["in_"], "stored": rows["stored"], "issues": rows["issues"]}
        return shape


def summarise(session: TenantSession, flow: FlowView) -> Summary:
    """Count what a flow brought, from the rows it committed."""
    rows = import_result(session, UUID(flow.inputs["import_id"]))
    grouped = session.execute(_ASSETS, {"engagement_id": flow.engagement_id}).all()
    by_type: dict[str, int] = {}
    by_environment: dict[str, int] = {}
    for asset_type, environment, n in grouped:
        by_type[asset_type] = by_type.get(asset_type, 0) + n
        by_environment[environment] = by_environment.get(environment, 0) + n
    counts = session.execute(_COUNTS, {"engagement_id": flow.engagement_id}).one()
    inventory, dependencies = (_output(flow, p) for p in ("asset_inventory", "dependency_analysis"))
    changes = {name: inventory.get(f"assets_{name}", 0) for name in ChangeCounts.model_fields}
    changes["created"] += dependencies.get("assets_added", 0)
    ended = flow.finished_at or flow.created_at
    return Summary(
        flow_id=flow.id,
        status=flow.status,
        seconds=round((ended - flow.created_at).total_seconds(), 2),
        rows=RowCounts(in_=rows.rows_in, stored=rows.rows_stored, issues=rows.rows_with_issues),
        assets=AssetCounts(
            total=sum(by_type.values()),
            by_type=dict(sorted(by_type.items())),
            by_environment=dict(sorted(by_environment.items())),
        ),
        changes=ChangeCounts(**changes),
        duplicates_merged=inventory.get("duplicates_merged", 0),
        conflicts=counts.conflicts,
        dependencies=counts.dependencies,
        applications=counts.applications,
        findings=counts.findings,
    )


def _output(flow: FlowView, phase: str) -> dict[str, Any]:
    return next((p.output for p in flow.phases if p.name == phase), None) or {}
