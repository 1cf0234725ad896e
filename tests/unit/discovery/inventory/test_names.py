from __future__ import annotations

import pytest

from landbridge.discovery.inventory.names import dns_domain, name_key, parse_host, similar


@pytest.mark.parametrize(
    ("text", "name", "domain"),
    [
        ("Web01", "web01", ""),
        ("WEB01.Corp.Example.COM.", "web01", "corp.example.com"),
        ("web01.local", "web01", "local"),
        ("web01.localdomain", "web01", ""),
        ("localhost.localdomain", "", ""),
        ("SAP Prod 4.7", "sap prod 4.7", ""),
        ("app.v2", "app.v2", ""),
        ("unknown", "", ""),
        ("n/a", "", ""),
    ],
)
def test_a_host_name_is_separated_from_its_domain(text: str, name: str, domain: str) -> None:
    assert parse_host(text)[0] == name
    assert parse_host(text).domain == domain


def test_an_address_in_a_name_column_is_an_address() -> None:
    assert parse_host("10.1.2.3").address == "10.1.2.3"
    assert parse_host("FE80::0:1").address == "fe80::1"
    assert parse_host("10.1.2.3").name == ""


@pytest.mark.parametrize("text", ["Web-01 (old)", "WEB_01-vm", "web01", "web 01 [new]"])
def test_spellings_of_one_name_have_one_loose_form(text: str) -> None:
    assert parse_host(text).loose == "web01"


def test_a_workgroup_or_netbios_name_is_no_dns_domain() -> None:
    assert dns_domain("WORKGROUP") == dns_domain("EMEA") == ""
    assert dns_domain("Corp.Example.com") == "corp.example.com"


def test_numbered_neighbours_are_not_misspelt() -> None:
    assert not similar("web01", "web02")
    assert not similar("dbnode-a", "dbnode-b")
    assert similar("frankfurtapp", "frankfurtap")
    assert similar("web01", "webo1")


def test_plain_names_compare_by_letters_and_digits() -> None:
    assert name_key("SAP-ERP") == name_key("sap  erp") == "saperp"
    assert name_key("***") == "***"
