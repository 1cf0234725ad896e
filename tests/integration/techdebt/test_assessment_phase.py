"""Assessment writes findings once, keeps decisions, and resolves what is gone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from landbridge.discovery.techdebt import service
from landbridge.discovery.techdebt.errors import FindingNotOpen
from landbridge.discovery.techdebt.phase import TechDebtAssessment
from landbridge.errors.common import NotFound
from landbridge.flows.phases import PhaseContext
from landbridge.kit import jsonio
from landbridge.kit.ids import new_id

TODAY = date(2026, 11, 22)
OWNED = {"support_group": "Operations"}


@pytest.fixture
def estate(account, door, make_flow):
    return Estate(account, door, make_flow(account).flow_id)


class Estate:
    """An engagement whose assets a test writes by hand."""

    def __init__(self, account, door, flow_id):
        self.account, self.door, self.flow_id = account, door, flow_id

    def add(self, name, asset_type="virtual_machine", environment="test", **columns):
        asset_id = new_id()
        attributes = jsonio.dumps(columns.pop("attributes", OWNED))
        names = ["os_name", "os_version", "power_state", "status"]
        with self.door.open(self.account.access) as session:
            session.execute(
                text(
                    "insert into app.assets (id, engagement_id, asset_type, name, environment, "
                    "os_name, os_version, power_state, status, attributes, content_hash, "
                    "first_seen_flow_id) values (:id, :engagement, :type, :name, :environment, "
                    ":os_name, :os_version, :power_state, :status, cast(:attributes as jsonb), "
                    "'', :flow)"
                ),
                {
                    "id": asset_id,
                    "engagement": self.account.engagement_id,
                    "type": asset_type,
                    "name": name,
                    "environment": environment,
                    "attributes": attributes,
                    "flow": self.flow_id,
                    **{n: columns.get(n) for n in names},
                },
            )
        return asset_id

    def update(self, asset_id, **columns):
        sets = ", ".join(f"{c} = :{c}" for c in columns)
        with self.door.open(self.account.access) as session:
            session.execute(
                text(f"update app.assets set {sets} where id = :id"), {"id": asset_id, **columns}
            )

    def connect(self, source, target, kind="runs_on"):
        with self.door.open(self.account.access) as session:
            session.execute(
                text(
                    "insert into app.dependencies (id, engagement_id, from_asset_id, to_asset_id, "
                    "kind, confidence) values (:id, :e, :source, :target, :kind, 900)"
                ),
                {
                    "id": new_id(),
                    "e": self.account.engagement_id,
                    "source": source,
                    "target": target,
                    "kind": kind,
                },
            )

    def assess(self, today=TODAY):
        seen = []
        with self.door.open(self.account.access) as session:
            context = PhaseContext(
                session,
                self.account.client_account_id,
                self.account.engagement_id,
                self.flow_id,
                {},
                {},
                lambda done, total: seen.append((done, total)),
            )
            output = TechDebtAssessment(today=lambda: today).run(context)
        assert seen[-1] == (output.assets, output.assets)
        return output

    def findings(self):
        with self.door.open(self.account.access) as session:
            rows = session.execute(
                text("select * from app.findings where engagement_id = :e order by code"),
                {"e": self.account.engagement_id},
            )
            return [dict(r) for r in rows.mappings()]

    def call(self, function, *arguments):
        with self.door.open(self.account.access) as session:
            return function(session, self.account.engagement_id, *arguments)


def test_the_output_counts_what_was_found(estate):
    estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.add("new", os_name="Windows Server", os_version="2022")
    estate.add("dark")
    output = estate.assess()
    assert output.assets == 3
    assert output.findings == output.created == 2
    assert output.by_severity == {"critical": 1, "info": 1}
    assert output.by_code == {"OS_END_OF_LIFE": 1, "OS_UNKNOWN": 1}
    assert output.unknown == 1
    assert output.resolved == 0
    assert output.eol_data_date == date(2026, 8, 22)
    assert output.assessed_on == TODAY


def test_running_twice_creates_nothing_twice(estate):
    estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.assess()
    before = estate.findings()
    again = estate.assess()
    assert (again.created, again.resolved, again.findings) == (0, 0, 1)
    assert estate.findings() == before


def test_a_finding_whose_cause_is_gone_is_resolved_and_opens_again_when_it_returns(estate):
    asset = estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.assess()
    estate.update(asset, os_version="2022")
    output = estate.assess()
    assert (output.findings, output.resolved) == (0, 1)
    assert [f["status"] for f in estate.findings()] == ["resolved"]
    estate.update(asset, os_version="2008 R2")
    assert estate.assess().findings == 1
    assert [f["status"] for f in estate.findings()] == ["open"]


def test_a_finding_follows_what_is_known(estate):
    asset = estate.add("old", os_name="Windows Server", os_version="2012 R2")
    estate.assess()
    (first,) = estate.findings()
    estate.update(asset, os_version="2003")
    estate.assess()
    (second,) = estate.findings()
    assert (first["id"], first["severity"]) == (second["id"], "high")
    assert second["severity"] == "critical"


def test_an_accepted_risk_stays_accepted_and_does_not_count(estate):
    asset = estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.assess()
    (finding,) = estate.findings()
    assert estate.call(service.score_of, asset).points == 40
    estate.call(service.accept, finding["id"], "Replaced by the new ERP in spring")
    assert estate.assess().findings == 0
    (kept,) = estate.findings()
    assert (kept["status"], kept["decided_by"]) == ("accepted", estate.account.user_id)
    assert estate.call(service.score_of, asset).points == 0
    estate.call(service.reopen, finding["id"])
    assert estate.call(service.score_of, asset).arithmetic == "1 critical x 40 = 40"


def test_a_resolved_finding_cannot_be_accepted(estate):
    asset = estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.assess()
    estate.update(asset, os_version="2022")
    estate.assess()
    (finding,) = estate.findings()
    with pytest.raises(FindingNotOpen):
        estate.call(service.accept, finding["id"], "too late")


def test_findings_of_other_phases_are_left_alone(estate):
    with estate.door.open(estate.account.access) as session:
        session.execute(
            text(
                "insert into app.findings (id, engagement_id, code, severity, title, detail, "
                "remedy, cache_key) values (:id, :e, 'SOMETHING_ELSE', 'low', 't', 'd', 'r', 'k')"
            ),
            {"id": new_id(), "e": estate.account.engagement_id},
        )
    assert estate.assess().findings == 0
    assert [f["status"] for f in estate.findings()] == ["open"]


def test_the_summary_and_the_explanation(estate):
    estate.add("old", os_name="Windows Server", os_version="2012 R2")
    estate.add("dark")
    estate.assess()
    summary = estate.call(service.summary)
    assert summary.by_severity == {"high": 1, "info": 1}
    assert summary.unknown == 1
    finding = next(f for f in estate.findings() if f["code"] == "OS_END_OF_LIFE")
    explanation = estate.call(service.explain, finding["id"])
    assert explanation.points == 25
    assert explanation.source == "https://endoflife.date/windows-server"
    assert explanation.data_date == date(2026, 8, 22)
    assert "High" in explanation.why
    assert explanation.inputs["end_of_life"] == "2023-10-10"


def test_nobody_else_sees_a_finding(estate, other_account):
    estate.add("old", os_name="Windows Server", os_version="2008 R2")
    estate.assess()
    (finding,) = estate.findings()
    with estate.door.open(other_account.access) as session:
        for function in (service.explain, service.reopen):
            with pytest.raises(NotFound):
                function(session, estate.account.engagement_id, finding["id"])
        assert service.summary(session, estate.account.engagement_id).findings == 0


def test_what_a_server_row_says_of_its_database_is_about_the_database(estate):
    about = {**OWNED, "db_instance": "ORA01", "db_engine": "Oracle", "software_version": "12.1"}
    new = {"os_name": "Windows Server", "os_version": "2025", "attributes": about}
    server = estate.add("srv", "server", **new)
    database = estate.add("ora01", "database")
    estate.add("ora02", "database", attributes=OWNED | {"db_engine": "PostgreSQL 18"})
    estate.connect(database, server)
    assert estate.assess().by_code == {"DATABASE_END_OF_LIFE": 1}
    assert [f["asset_id"] for f in estate.findings()] == [database]


def test_what_every_asset_lacks_is_said_once(estate):
    new = {"os_name": "Windows Server", "os_version": "2025"}
    for n in range(3):
        estate.add(f"srv{n}", environment="unknown", attributes={}, **new)
    output = estate.assess()
    assert output.by_code == {"ENVIRONMENT_UNKNOWN": 1, "OWNER_MISSING": 1}
    assert {f["asset_id"] for f in estate.findings()} == {None}
    estate.add("srv3", environment="production", **new)
    estate.add("srv4", environment="production", attributes={}, **new)
    output = estate.assess()
    assert output.by_code == {"ENVIRONMENT_UNKNOWN": 3, "OWNER_MISSING": 1}
    assert output.resolved == 2


def test_an_engagement_without_assets_has_no_findings(estate):
    assert estate.assess().findings == 0
