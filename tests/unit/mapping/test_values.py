"""Values are recognised for what they are, and vote on what a column may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.discovery.mapping.values import EMPTY, kinds, profile
from landbridge.discovery.mapping.votes import AGREES, REFUSES, SILENT, vote


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("10.1.2.3", "ip"),
        ("10.1.1.1, 10.1.1.2", "ip"),
        ("172.16.33.8;fe80::250:56ff:fe9a:4f1c", "ip"),
        ("fe80::250:56ff:fe9a:4f1c", "ipv6"),
        ("10.0.0.0/24", "cidr"),
        ("00:50:56:9a:4f:1c", "mac"),
        ("0050.569a.77e1", "mac"),
        ("005056AB12CD", "mac"),
        ("4c4c4544-0031-3510-8058-b4c04f4a3258", "uuid"),
        ("42 1c 5f 0e 7a 2b 11 22-33 44 55 66 77 88 99 aa", "uuid"),
        ("srv01.example.com", "fqdn"),
        ("jane@example.com", "email"),
        ("EXAMPLE\\jdoe", "domain_user"),
        ("CN=srv01,OU=Servers,DC=example,DC=com", "dn"),
        ("2024-03-14 09:12:44", "date"),
        ("30/May/23 12:18 PM", "date"),
        ("14.03.2019", "date"),
        ("9999-12-31", "date"),
        ("16 GB", "size"),
        ("61.2 GiB / 127 GiB", "size"),
        ("2,5 TB", "size"),
        ("2.4 GHz", "freq"),
        ("88 %", "percent"),
        ("1,048,576", "number"),
        ("128,0", "decimal"),
        ("SLES 12 SP5", "os"),
        ("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", "cpu"),
        ("ProLiant DL380 Gen10", "model"),
        ("Dell Inc.", "vendor"),
        ("Produktion", "environment"),
        ("Préproduction", "environment"),
        ("poweredOff", "power"),
        ("Depends on::Used by", "rel_verb"),
        ("sqlservr.exe", "process"),
        ("Müller, Hans", "person"),
        ("eu-west-1a", "location_word"),
        ("Wave 2", "wave"),
    ],
)
def test_a_value_is_recognised(value, kind):
    assert kind in kinds(value)[0]


@pytest.mark.parametrize("value", ["6.1.7601", "10.0.17763", "12.1.0.2", "19.11"])
def test_a_version_is_no_date(value):
    assert "date" not in kinds(value)[0]


@pytest.mark.parametrize("value", ["", "  ", "n/a", "-", "None", "unbekannt", "(null)"])
def test_a_placeholder_is_no_value(value):
    assert profile([value]).count == 0


@given(st.text(max_size=80))
def test_any_text_has_kinds(value):
    found, is_list, number = kinds(value)
    assert isinstance(found, frozenset)
    assert isinstance(is_list, bool)
    assert number is None or "number" in found


def test_shares_are_of_the_values_that_are_there():
    found = profile(["10.0.0.1", "", "n/a", "srv01"])
    assert found.count == 2
    assert found.share("ip") == 0.5


def test_values_agree_refuse_or_say_nothing():
    addresses = profile(["10.0.0.1", "10.0.0.2"])
    assert vote("ip_address", addresses).verdict == AGREES
    assert vote("mac_address", addresses).verdict == REFUSES
    assert vote("description", addresses).verdict == REFUSES
    assert vote("ip_address", EMPTY).verdict == SILENT
    assert vote("location", profile(["Entenhausen", "Gansbach"])).verdict != REFUSES


@pytest.mark.parametrize("values", [["12", "140"], ["5", "99999"]])
def test_a_number_too_large_is_no_share_and_no_port(values):
    attribute = "cpu_utilization" if values[1] == "140" else "port"
    assert vote(attribute, profile(values)).verdict != AGREES
