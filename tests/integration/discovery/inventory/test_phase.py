from __future__ import annotations

from typing import Any

from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

VINFO = table(TableRole.ASSETS, "rvtools_vinfo", name="vInfo", columns=["Template"])
VDISK = table(TableRole.DISKS, "rvtools_vdisk", name="vDisk")
VNETWORK = table(TableRole.NICS, "rvtools_vnetwork", name="vNetwork")
VHOST = table(TableRole.ASSETS, "rvtools_vhost", name="vHost")
CMDB = table(TableRole.ASSETS, "servicenow_server_labels", name="servers.csv")
APPLICATIONS = table(TableRole.APPLICATIONS, "leanix_application", name="apps.csv")

VMS: list[dict[str, Any]] = [
    {"hostname": "web01", "fqdn": "web01.corp.example.com", "cpu_cores": 4, "memory_gb": 8.0,
     "host_system": "esx1", "cluster": "CL-1", "os_name": "Ubuntu", "os_version": "20.04",
     "asset_id": "vm-1", "Notes": "blue"},
    {"hostname": "db01", "cpu_cores": 8, "memory_gb": 32.0, "host_system": "esx1",
     "cluster": "CL-1", "asset_id": "vm-2", "Template": "True"},
]  # fmt: skip
DISKS: list[dict[str, Any]] = [
    {"hostname": "web01", "component_name": "Hard disk 1", "component_capacity_gb": 40.0},
    {"hostname": "web01", "component_name": "Hard disk 2", "component_capacity_gb": 60.0},
]
NICS: list[dict[str, Any]] = [
    {"hostname": "web01", "component_name": "Network adapter 1",
     "mac_address": ["00:50:56:aa:00:01"], "ip_address": ["10.0.0.1"]},
]  # fmt: skip
SERVERS: list[dict[str, Any]] = [
    {"hostname": "WEB01", "cpu_cores": 2, "business_owner": "Jane Doe", "environment": "production",
     "application_name": ["Shop"], "ip_address": ["10.0.0.1"]},
    {"hostname": "web01", "environment": "production", "application_name": ["SHOP"]},
    {"hostname": "lonely", "environment": "test"},
    {"hostname": "n/a", "environment": "test"},
]  # fmt: skip
ESTATE = ((VINFO, VMS), (VDISK, DISKS), (VNETWORK, NICS), (VHOST, [{"hostname": "esx1"}]))


def test_sheets_and_lists_become_one_asset_per_system(bench: Bench) -> None:
    out = bench.run(*ESTATE, (CMDB, SERVERS))
    assert out.records == 7
    assert out.assets_created == 5
    assert out.duplicates_merged == 2
    assert out.unidentified == 1
    assert out.by_type == {
        "cluster": 1, "hypervisor_host": 1, "server": 1, "virtual_machine": 2
    }  # fmt: skip
    assert out.by_environment == {"production": 1, "test": 1, "unknown": 3}
    web = bench.query("select * from app.assets where name_key = 'web01'")[0]._mapping
    assert (web["cpu_cores"], web["memory_mb"], web["storage_mb"]) == (4, 8192, 102400)
    assert web["attributes"]["business_owner"] == "Jane Doe"
    assert web["attributes"]["custom"] == {"Notes": "blue"}
    assert web["attributes"]["mac_address"] == ["00:50:56:aa:00:01"]
    components = bench.query("select kind, name from app.asset_components order by kind, name")
    assert components == [
        ("disk", "Hard disk 1"),
        ("disk", "Hard disk 2"),
        ("nic", "Network adapter 1"),
    ]
    template = bench.query("select attributes from app.assets where name_key = 'db01'")[0][0]
    assert template["is_template"] is True


def test_every_source_row_leads_to_its_asset(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    rows = bench.query(
        "select t.name, s.row_number from app.asset_sources s"
        " join app.assets a on a.id = s.asset_id join app.import_tables t"
        " on t.id = s.import_table_id where a.name_key = 'web01' order by 1, 2"
    )
    assert rows == [
        ("servers.csv", 2), ("servers.csv", 3), ("vDisk", 2), ("vDisk", 3), ("vInfo", 2),
        ("vNetwork", 2),
    ]  # fmt: skip
    issues = bench.query("select row_number, code, severity from app.row_issues")
    assert issues == [(5, "ROW_NAMES_NO_ASSET", "error")]


def test_disagreement_becomes_a_conflict_with_its_candidates(bench: Bench) -> None:
    out = bench.run(*ESTATE, (CMDB, SERVERS), one_file=False)
    assert out.conflicts == 1
    attribute, candidates, status = bench.query(
        "select attribute, candidates, status from app.asset_conflicts"
    )[0]
    assert (attribute, status) == ("cpu_cores", "open")
    assert [(c["value"], c["source"]) for c in candidates] == [(4, "hypervisor"), (2, "cmdb")]


def test_the_same_content_again_changes_nothing_at_all(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    before = bench.snapshot()
    out = bench.run(*ESTATE, (CMDB, SERVERS))
    assert (out.assets_created, out.assets_updated, out.assets_unchanged) == (0, 0, 5)
    assert out.conflicts == 1
    assert bench.snapshot() == before


def test_rows_in_another_order_change_nothing_either(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    before = bench.snapshot()
    out = bench.run((CMDB, SERVERS[::-1]), (VHOST, [{"hostname": "esx1"}]), (VINFO, VMS[::-1]),
                    (VDISK, DISKS), (VNETWORK, NICS))  # fmt: skip
    assert (out.assets_created, out.assets_updated) == (0, 0)
    assert bench.snapshot() == before


def test_changed_content_updates_in_place_and_keeps_the_id(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    before = {a: i for i, a in bench.query("select id, name_key from app.assets")}
    grown = [{**VMS[0], "memory_gb": 16.0}, VMS[1]]
    out = bench.run((VINFO, grown), *ESTATE[1:])
    assert (out.assets_created, out.assets_updated, out.assets_unchanged) == (0, 1, 3)
    after = {a: i for i, a in bench.query("select id, name_key from app.assets")}
    assert after == before
    memory, environment, touched = bench.query(
        "select memory_mb, environment, updated_at > created_at from app.assets"
        " where name_key = 'web01'"
    )[0]
    assert (memory, environment, touched) == (16384, "production", True)
    assert bench.query("select count(*) from app.asset_components")[0][0] == 3


def test_a_source_that_stops_disagreeing_settles_the_conflict(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    agreed = [{**SERVERS[0], "cpu_cores": 4}, *SERVERS[1:]]
    out = bench.run((CMDB, agreed))
    assert out.conflicts == 0
    assert bench.query("select 1 from app.asset_conflicts") == []


def test_a_decision_survives_reimports_until_a_source_says_something_new(bench: Bench) -> None:
    bench.run(*ESTATE, (CMDB, SERVERS))
    with bench.door.open(bench.account.access) as session:
        from sqlalchemy import text

        session.execute(
            text("update app.asset_conflicts set status = 'resolved',"
                 " chosen = '{\"value\": 2}', decided_at = now()")
        )  # fmt: skip
    touched = [{**VMS[0], "memory_gb": 16.0}, VMS[1]]
    out = bench.run((VINFO, touched), *ESTATE[1:])
    assert out.conflicts == 0
    assert bench.query("select cpu_cores from app.assets where name_key = 'web01'") == [(2,)]
    assert bench.query("select status from app.asset_conflicts") == [("resolved",)]
    bench.run((VINFO, [{**VMS[0], "cpu_cores": 12}, VMS[1]]), *ESTATE[1:])
    assert bench.query("select status from app.asset_conflicts") == [("open",)]
    assert bench.query("select cpu_cores from app.assets where name_key = 'web01'") == [(2,)]


def test_two_vms_of_one_name_stay_two_assets_over_reimports(bench: Bench) -> None:
    twins = [
        {"hostname": "app01", "uuid": "4213f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11", "host_system": "e1"},
        {"hostname": "app01", "uuid": "9913f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11", "host_system": "e2"},
        {"hostname": "nouuid", "host_system": "e1"},
        {"hostname": "nouuid", "host_system": "e2"},
    ]
    assert bench.run((VINFO, twins)).by_type["virtual_machine"] == 4
    before = bench.snapshot()
    out = bench.run((VINFO, twins[::-1]))
    assert (out.assets_created, out.assets_updated) == (0, 0)
    assert bench.snapshot() == before


def test_weak_evidence_is_a_question_asked_once(bench: Bench) -> None:
    rows = [{"hostname": "web01"}, {"hostname": "web01 (old)"}]
    out = bench.run((CMDB, rows))
    assert (out.assets_created, out.possible_duplicates, out.conflicts) == (2, 1, 0)
    candidates = bench.query("select candidates from app.asset_conflicts")[0][0]
    assert candidates[0]["score"] == 2.5
    before = bench.snapshot()
    bench.run((CMDB, rows))
    assert bench.snapshot() == before


def test_applications_come_from_columns_and_lists_once(bench: Bench) -> None:
    apps = [
        {"application_name": ["Shop"], "criticality": "high", "hostname": "lonely"},
        {"application_name": ["Payroll"]},
        {"criticality": "low"},
    ]
    out = bench.run((CMDB, SERVERS), (APPLICATIONS, apps))
    assert out.applications == 2
    found = bench.query(
        "select p.name, a.name_key from app.applications p left join app.application_assets l"
        " on l.application_id = p.id left join app.assets a on a.id = l.asset_id order by 1, 2"
    )
    assert found == [("Payroll", None), ("Shop", "lonely"), ("Shop", "web01")]
    before = bench.snapshot()
    bench.run((CMDB, SERVERS), (APPLICATIONS, apps))
    assert bench.snapshot() == before


def test_an_import_of_one_source_leaves_the_others_word_alone(bench: Bench) -> None:
    bench.run((VINFO, VMS))
    bench.run((CMDB, SERVERS))
    bench.run((VINFO, [VMS[0]]))
    web = bench.query("select attributes from app.assets where name_key = 'web01'")[0][0]
    assert (web["cpu_cores"], web["business_owner"]) == (4, "Jane Doe")
    assert bench.query("select count(*) from app.assets")[0][0] == 5
