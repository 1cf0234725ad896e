"""A closed vocabulary is one enum in code, and the same values in a CHECK of its column."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest
from sqlalchemy import text

from landbridge.assessment.sixr.strategies import Strategy
from landbridge.database.engine import Databases
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.issues import IssueSeverity
from landbridge.discovery.techdebt.findings import Severity
from landbridge.discovery.techdebt.models import FindingStatus
from landbridge.discovery.vocabulary import AssetType, Criticality, Environment, TableRole
from landbridge.flows.states import ApprovalStatus, FlowStatus, PhaseStatus
from landbridge.identity.permissions import Role
from landbridge.identity.quotas import Quota
from landbridge.webhooks.vocabulary import DeliveryStatus, DisabledReason

CHECK = text("""
select pg_get_constraintdef(c.oid)
  from pg_constraint c
  join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
 where c.contype = 'c' and c.conrelid = cast(:table as regclass) and a.attname = :column""")


@pytest.mark.parametrize(
    ("table", "column", "vocabulary"),
    [
        ("app_private.memberships", "role", Role),
        ("app.account_quotas", "quota", Quota),
        ("app.flows", "status", FlowStatus),
        ("app.phase_runs", "status", PhaseStatus),
        ("app.approvals", "status", ApprovalStatus),
        ("app.import_tables", "role", TableRole),
        ("app.row_issues", "severity", IssueSeverity),
        ("app.assets", "asset_type", AssetType),
        ("app.assets", "environment", Environment),
        ("app.assets", "criticality", Criticality),
        ("app.dependencies", "kind", DependencyKind),
        ("app.findings", "severity", Severity),
        ("app.findings", "status", FindingStatus),
        ("app.recommendations", "strategy", Strategy),
        ("app.recommendations", "decided_strategy", Strategy),
        ("app.wave_items", "strategy", Strategy),
        ("app.wave_items", "criticality", Criticality),
        ("app.webhook_deliveries", "status", DeliveryStatus),
        ("app.webhooks", "disabled_reason", DisabledReason),
    ],
)
def test_the_database_accepts_what_the_code_can_say_and_nothing_else(
    databases: Databases, table: str, column: str, vocabulary: type[StrEnum]
) -> None:
    assert databases.owner is not None
    with databases.owner.connect() as connection:
        checks = connection.execute(CHECK, {"table": table, "column": column}).scalars().all()
    allowed = [set(re.findall(r"'([^']+)'", check)) for check in checks]
    assert set(vocabulary) in allowed
