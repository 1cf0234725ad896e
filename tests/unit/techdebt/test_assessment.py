"""Findings say what, since when and from which data; scores can be recomputed by hand."""

from datetime import date
from uuid import UUID

import pytest

from landbridge.discovery.techdebt.assess import POINTS, Assessor, score
from landbridge.discovery.techdebt.eol import shipped
from landbridge.discovery.techdebt.facts import AssetFacts
from landbridge.discovery.techdebt.findings import FINDING_KINDS, Severity
from landbridge.kit import jsonio

TODAY = date(2026, 11, 22)
ID = UUID(int=1)


def assess(asset_type="virtual_machine", today=TODAY, **facts):
    facts.setdefault("environment", "test")
    asset = AssetFacts(ID, "srv01", asset_type, **facts)
    return {f.kind.code: f for f in Assessor(shipped(), today).findings(asset)}


def windows(version, **more):
    return assess(os_name="Windows Server", os_version=version, **more)


@pytest.mark.parametrize(
    ("name", "version", "code", "severity"),
    [
        ("Windows Server", "2008 R2", "OS_END_OF_LIFE", Severity.CRITICAL),
        ("Windows Server", "2012 R2", "OS_END_OF_LIFE", Severity.HIGH),
        ("Red Hat Enterprise Linux", "7.9", "OS_END_OF_LIFE", Severity.HIGH),
        ("Amazon Linux", "2", "OS_END_OF_LIFE", Severity.HIGH),
        ("HP-UX", "11.23", "OS_END_OF_LIFE", Severity.MEDIUM),
        ("Windows Server", "2016", "OS_END_OF_LIFE_NEAR", Severity.MEDIUM),
        ("Amazon Linux", "2023", None, None),
        ("Windows Server", "2022", None, None),
        ("Windows Server", None, "VERSION_UNKNOWN", Severity.INFO),
        ("SUSE Linux Enterprise Server", "15", "VERSION_UNKNOWN", Severity.INFO),
        ("TempleOS", "5", "PRODUCT_NOT_IN_DATA", Severity.INFO),
    ],
)
def test_the_operating_system_is_held_against_the_data(name, version, code, severity):
    found = assess(os_name=name, os_version=version)
    assert set(found) == ({code} if code else set())
    if code:
        assert found[code].severity is severity


def test_an_end_within_two_years_is_low():
    found = windows("2016", today=date(2025, 6, 1))
    assert found["OS_END_OF_LIFE_NEAR"].severity is Severity.LOW


def test_a_finding_names_its_dates_and_its_source():
    finding = windows("2012 R2")["OS_END_OF_LIFE"]
    assert "2023-10-10" in finding.detail
    assert "Support that had to be bought ended on 2026-10-13." in finding.detail
    assert finding.data["product"] == "windows-server"
    assert finding.data["cycle"] == "2012-r2"
    assert finding.data["end_of_life"] == "2023-10-10"
    assert finding.data["as_of"] == "2026-08-22"
    assert finding.data["source"].startswith("https://endoflife.date/")
    assert "Windows Server 2025" in finding.advice


def test_low_confidence_is_said():
    assert "low confidence" in assess(os_name="HP-UX", os_version="11.23")["OS_END_OF_LIFE"].detail


def test_an_imprecise_release_says_which_value_is_missing():
    finding = assess(os_name="SUSE Linux Enterprise Server", os_version="15")["VERSION_UNKNOWN"]
    assert finding.data["missing"] == "os_version"
    assert "SUSE Linux Enterprise Server 15.7" in finding.detail


def test_an_imprecise_release_whose_every_reading_is_over_is_over():
    finding = windows("2003")["OS_END_OF_LIFE"]
    assert "at the latest" in finding.detail
    assert finding.severity is Severity.CRITICAL


def test_an_unknown_operating_system_is_unknown_not_worst():
    found = assess()
    assert set(found) == {"OS_UNKNOWN"}
    assert found["OS_UNKNOWN"].severity is Severity.INFO


def test_hosts_are_judged_by_their_hypervisor():
    found = assess("hypervisor_host", os_name="VMware ESXi", os_version="6.7.0")
    assert set(found) == {"HYPERVISOR_END_OF_LIFE"}
    found = assess("hypervisor_host", attributes={"hypervisor": "VMware ESXi 6.5.0 build-1"})
    assert set(found) == {"HYPERVISOR_END_OF_LIFE"}


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"db_engine": "SQL Server", "software_version": "13.0.5026"}, "DATABASE_END_OF_LIFE"),
        ({"db_engine": "Microsoft SQL Server 2012"}, "DATABASE_END_OF_LIFE"),
        ({"db_engine": "Oracle", "software_version": "12.1.0.2"}, "DATABASE_END_OF_LIFE"),
        ({"db_engine": "IBM DB2", "software_version": "11.5"}, "DATABASE_END_OF_LIFE_NEAR"),
        ({"db_engine": "Oracle", "software_version": "19.3"}, None),
        ({"db_engine": "Oracle"}, "VERSION_UNKNOWN"),
        ({"db_engine": "Filemaker"}, "PRODUCT_NOT_IN_DATA"),
        ({}, "VERSION_UNKNOWN"),
    ],
)
def test_databases_are_held_against_the_data(attributes, code):
    assert set(assess("database", attributes=attributes)) == ({code} if code else set())


def test_stated_support_dates():
    def stated(day):
        return assess("storage", attributes={"end_of_life_date": day})

    assert stated("2026-01-01")["SUPPORT_DATE_PASSED"].severity is Severity.MEDIUM
    assert stated("2020-01-01")["SUPPORT_DATE_PASSED"].severity is Severity.HIGH
    assert stated("2027-03-01")["SUPPORT_DATE_NEAR"].severity is Severity.LOW
    assert stated("2031-01-01") == {}
    assert stated("soon") == {}


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ({"cpu_utilization": 5, "cpu_cores": 8}, {"CPU_OVERSIZED"}),
        ({"cpu_utilization": 5, "cpu_cores": 2}, set()),
        ({"cpu_utilization": 5}, set()),
        ({"cpu_utilization": 95.5}, {"CPU_UNDERSIZED"}),
        ({"cpu_cores": 64, "memory_gb": 512}, set()),
        ({"memory_utilization": 12, "memory_gb": 64}, {"MEMORY_OVERSIZED"}),
        ({"memory_utilization": 97}, {"MEMORY_UNDERSIZED"}),
    ],
)
def test_sizing_is_judged_only_where_utilisation_is_known(attributes, codes):
    assert set(windows("2022", attributes=attributes)) == codes


def test_a_machine_that_is_off_is_not_sized():
    found = windows("2022", power_state="off", attributes={"cpu_utilization": 0, "cpu_cores": 8})
    assert set(found) == {"POWERED_OFF"}


def test_production_needs_an_owner():
    assert set(windows("2022", environment="production")) == {"OWNER_MISSING"}
    owned = {"support_group": "Linux Operations"}
    assert windows("2022", environment="production", attributes=owned) == {}


def test_an_unknown_environment_is_reported():
    assert set(windows("2022", environment="unknown")) == {"ENVIRONMENT_UNKNOWN"}
    assert assess("network_device", environment="unknown") == {}


def test_a_retired_asset_has_no_debt_unless_it_runs():
    assert windows("2003", status="Retired") == {}
    assert set(windows("2003", status="Ausgemustert", power_state="on")) == {"RETIRED_BUT_RUNNING"}


def test_the_score_is_its_arithmetic():
    found = windows("2008 R2", environment="production")
    result = score((f.kind.code, f.severity) for f in found.values())
    assert result.points == POINTS[Severity.CRITICAL] + POINTS[Severity.LOW] == 43
    assert result.arithmetic == "1 critical x 40 + 1 low x 3 = 43"
    assert result.unknown == []


def test_the_score_is_at_most_a_hundred():
    result = score([("OS_END_OF_LIFE", "critical")] * 3)
    assert result.points == 100
    assert result.arithmetic == "3 critical x 40 = 120, at most 100"


def test_unknown_adds_no_points_but_is_named():
    result = score([("OS_UNKNOWN", "info"), ("OWNER_MISSING", "low")])
    assert result.points == 3
    assert result.unknown == ["OS_UNKNOWN"]
    assert score([]).arithmetic == "no findings that count = 0"


def test_findings_of_one_asset_have_keys_of_their_own_that_last():
    facts = {
        "os_name": "Windows Server",
        "os_version": None,
        "attributes": {"db_engine": "Oracle"},
    }
    asset = AssetFacts(ID, "srv01", "server", **facts)
    keys = [
        [f.cache_key(ID) for f in Assessor(shipped(), day).findings(asset)]
        for day in (TODAY, date(2027, 5, 5))
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


def test_every_kind_explains_itself():
    for kind in FINDING_KINDS.values():
        assert kind.title
        assert kind.explanation.endswith(".")
        assert kind.remedy.endswith(".")


def test_finding_data_is_json():
    for finding in assess("server", os_name="HP-UX", os_version="11.23").values():
        jsonio.dumps(finding.data)
