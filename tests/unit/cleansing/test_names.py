"""Names keep their letters; serial numbers are never guessed; fillers are no values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.discovery.cleansing.catalogue import RULES
from landbridge.discovery.cleansing.rules import cleanse
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.kit import jsonio


def value(attribute, raw):
    return cleanse(attribute, raw).values.get(attribute)


@pytest.mark.parametrize("raw", ["srv01", "SRV01", "web.old", "v1.2.3", "Müller PC", "007"])
def test_a_host_name_is_kept_as_found(raw):
    assert cleanse("hostname", raw).values == {"hostname": raw}


def test_a_dns_name_gives_host_name_and_fqdn():
    assert cleanse("hostname", "SRV01.corp.example.com").values == {
        "hostname": "SRV01",
        "fqdn": "srv01.corp.example.com",
    }
    assert cleanse("fqdn", "SRV01.Corp.Example.com.").values == {
        "fqdn": "srv01.corp.example.com",
        "hostname": "SRV01",
    }


def test_a_system_named_by_its_address_has_that_address():
    assert cleanse("hostname", "10.1.1.1").values == {
        "hostname": "10.1.1.1",
        "ip_address": ["10.1.1.1"],
    }


def test_localhost_names_nothing():
    assert cleanse("hostname", "localhost").values == {}
    assert cleanse("fqdn", "localhost.localdomain").values == {}


@pytest.mark.parametrize(
    ("raw", "serial"),
    [
        ("czj1420b7k", "CZJ1420B7K"),
        ("007123", "007123"),
        ("123456.0", "123456"),
        ("7C8PQ12", "7C8PQ12"),
    ],
)
def test_serial_numbers_are_upper_case_and_keep_their_zeros(raw, serial):
    assert value("serial_number", raw) == serial


@pytest.mark.parametrize("attribute", ["serial_number", "asset_tag", "asset_id"])
def test_an_identifier_a_spreadsheet_cut_is_reported_never_guessed(attribute):
    cleansed = cleanse(attribute, "6.37702E+15")
    assert cleansed.values == {}
    assert cleansed.issue.code == "IDENTIFIER_DAMAGED_BY_SPREADSHEET"


@pytest.mark.parametrize(
    "raw",
    [
        "To be filled by O.E.M.",
        "System Serial Number",
        "0123456789",
        "000000",
        "None",
        "xxxxxx",
        ".",
    ],
)
def test_a_serial_number_many_machines_share_is_no_value(raw):
    cleansed = cleanse("serial_number", raw)
    assert (cleansed.values, cleansed.issue) == ({}, None)


FILLERS = [
    "n/a",
    "N/A",
    "none",
    "NULL",
    "unknown",
    "-",
    "--",
    "?",
    "TBD",
    "#N/A",
    "k.A.",
    "unbekannt",
    "desconocido",
]
FILLERS += ["sconosciuto", "onbekend", "nieznany", "desconhecido", "non renseigné"]


@pytest.mark.parametrize("raw", FILLERS)
def test_fillers_are_no_values_in_any_language(raw):
    for attribute in ("business_owner", "memory_gb", "install_date", "environment", "os_name"):
        cleansed = cleanse(attribute, raw)
        assert (cleansed.values, cleansed.issue) == ({}, None)
        assert cleansed.rule == "text.placeholder"


def test_na_may_be_a_region():
    assert value("location", "NA") == "NA"
    assert value("model", "NA") is None


def test_the_root_of_a_file_system_is_a_name():
    assert value("component_name", "/") == "/"
    assert value("component_name", "-") is None


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("dbprd01; srvfra0012", ["dbprd01", "srvfra0012"]),
        ("web03, app-billing-2", ["web03", "app-billing-2"]),
        ("Finance, HR; Payroll", ["Finance, HR", "Payroll"]),
        ("a\nb\n\nA", ["a", "b"]),
        ("SQLCL01", ["SQLCL01"]),
        (";;", None),
    ],
)
def test_lists_in_a_cell_are_lists(raw, names):
    assert value("depends_on", raw) == names


@pytest.mark.parametrize(
    ("raw", "engine"),
    [
        ("MSFT SQL Instance", "Microsoft SQL Server"),
        ("cmdb_ci_db_oracle_instance", "Oracle Database"),
        ("PostgreSQL Instance", "PostgreSQL"),
        ("Oracle Linux Server", None),
        ("cmdb_ci_linux_server", None),
    ],
)
def test_the_class_of_a_database_names_its_engine(raw, engine):
    values = cleanse("asset_type", raw).values
    assert (values["asset_type"], values.get("db_engine")) == (raw, engine)


def test_invisible_characters_and_outer_blanks_go():
    assert value("hostname", "\ufeff srv01\u200b\u00a0") == "srv01"
    assert value("description", "a \n  b") == "a b"


@settings(deadline=None)
@given(attribute=st.sampled_from(sorted(ATTRIBUTES)), raw=st.text(max_size=60))
def test_any_text_has_an_outcome_with_a_known_rule_and_strict_json(attribute, raw):
    cleansed = cleanse(attribute, raw)
    assert cleansed.rule in RULES
    assert cleansed.issue is None or ISSUE_KINDS[cleansed.issue.code] is cleansed.issue
    assert all(v not in ("", None, []) for v in cleansed.values.values())
    jsonio.dumps({k: v for k, v in cleansed.values.items() if not isinstance(v, str)})
    assert cleanse(attribute, raw) == cleansed


@settings(deadline=None)
@given(
    attribute=st.sampled_from(sorted(ATTRIBUTES)),
    raw=st.from_regex(r"[0-9.,/: xEeGMTKiB%+-]{1,20}", fullmatch=True),
)
def test_texts_of_digits_and_signs_never_break_a_rule(attribute, raw):
    assert cleanse(attribute, raw).rule in RULES
