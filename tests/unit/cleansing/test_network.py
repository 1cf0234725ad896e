"""Addresses, UUIDs and ports come out canonical; shared fillers identify nothing."""

import pytest

from landbridge.discovery.cleansing.rules import cleanse


def value(attribute, raw):
    return cleanse(attribute, raw).values.get(attribute)


def code(attribute, raw):
    issue = cleanse(attribute, raw).issue
    return issue.code if issue else None


@pytest.mark.parametrize(
    ("raw", "addresses"),
    [
        ("10.1.1.1", ["10.1.1.1"]),
        ("10.1.1.1, 10.1.1.2", ["10.1.1.1", "10.1.1.2"]),
        ("10.1.1.1;10.1.1.1", ["10.1.1.1"]),
        ("10.1.1.1\n10.1.1.2", ["10.1.1.1", "10.1.1.2"]),
        ("172.16.33.8;fe80::250:56ff:fe9a:1", ["172.16.33.8", "fe80::250:56ff:fe9a:1"]),
        ('{"10.1.1.1","fe80::1"}', ["10.1.1.1", "fe80::1"]),
        ("10.12.4.17/24", ["10.12.4.17"]),
        ("10.1.1.1/255.255.255.0", ["10.1.1.1"]),
        ("10.1.1.1:443", ["10.1.1.1"]),
        ("10.1.1.1 (eth0)", ["10.1.1.1"]),
        ("010.001.002.003", ["10.1.2.3"]),
        ("FE80::1%eth0", ["fe80::1"]),
        ("2001:0DB8:0:0::1/64", ["2001:db8::1"]),
        ("::ffff:10.1.1.1", ["10.1.1.1"]),
    ],
)
def test_every_address_of_a_cell_is_found(raw, addresses):
    cleansed = cleanse("ip_address", raw)
    assert cleansed.values == {"ip_address": addresses}
    assert cleansed.issue is None


@pytest.mark.parametrize("raw", ["0.0.0.0", "127.0.0.1", "::1", "255.255.255.255", "DHCP"])
def test_an_address_of_no_system_is_no_value(raw):
    cleansed = cleanse("ip_address", raw)
    assert (cleansed.values, cleansed.issue) == ({}, None)


@pytest.mark.parametrize("raw", ["srv01", "10.1.1", "10.1.1.300", "10.1.1.1-10.1.1.5", "1.2.3.4.5"])
def test_what_is_no_address_is_reported(raw):
    assert value("ip_address", raw) is None
    assert code("ip_address", raw) == "VALUE_NOT_AN_IP_ADDRESS"


def test_the_readable_part_of_a_list_is_used_and_the_rest_reported():
    cleansed = cleanse("ip_address", "10.1.1.1, 10.1.1.300")
    assert cleansed.values == {"ip_address": ["10.1.1.1"]}
    assert cleansed.issue is not None


def test_a_network_is_not_the_address_of_a_system():
    assert code("ip_address", "10.12.4.0/24") == "IP_ADDRESS_IS_A_NETWORK"
    assert value("ip_address", "10.12.4.1/32") == ["10.12.4.1"]


def test_the_target_of_a_connection_gives_its_port():
    assert cleanse("target_ip", "10.0.0.5:1433").values == {"target_ip": ["10.0.0.5"], "port": 1433}
    assert cleanse("source_ip", "10.0.0.5:50123").values == {"source_ip": ["10.0.0.5"]}


@pytest.mark.parametrize(
    "raw",
    [
        "00:50:56:9a:4f:1c",
        "00:50:56:9A:4F:1C",
        "00-50-56-9A-4F-1C",
        "0050.569a.4f1c",
        "0050569A4F1C",
        "00 50 56 9a 4f 1c",
        "005056-9A4F1C",
        "0:50:56:9a:4f:1c",
    ],
)
def test_every_way_to_write_a_mac_address_is_one(raw):
    assert value("mac_address", raw) == ["00:50:56:9a:4f:1c"]


def test_several_mac_addresses_are_a_list():
    raw = "00:50:56:9a:22:d1;005056AB12CD"
    assert value("mac_address", raw) == ["00:50:56:9a:22:d1", "00:50:56:ab:12:cd"]


def test_a_mac_address_of_zeros_is_no_value():
    assert cleanse("mac_address", "00:00:00:00:00:00").values == {}
    assert code("mac_address", "not a mac") == "VALUE_NOT_A_MAC_ADDRESS"


@pytest.mark.parametrize(
    "raw",
    [
        "42237A0C-1D90-BC7E-77AA-30D1F0A3E2B1",
        "{42237a0c-1d90-bc7e-77aa-30d1f0a3e2b1}",
        "42237a0c1d90bc7e77aa30d1f0a3e2b1",
        "urn:uuid:42237a0c-1d90-bc7e-77aa-30d1f0a3e2b1",
        "VMware-42 23 7a 0c 1d 90 bc 7e-77 aa 30 d1 f0 a3 e2 b1",
    ],
)
def test_every_way_to_write_a_uuid_is_one(raw):
    assert value("uuid", raw) == "42237a0c-1d90-bc7e-77aa-30d1f0a3e2b1"


@pytest.mark.parametrize(
    "raw",
    [
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "03000200-0400-0500-0006-000700080009",
    ],
)
def test_a_uuid_many_boards_share_identifies_nothing(raw):
    assert cleanse("uuid", raw).values == {}


def test_what_is_no_uuid_is_reported():
    assert code("uuid", "abc") == "VALUE_NOT_A_UUID"
    assert code("uuid", "4.22E+31") == "IDENTIFIER_DAMAGED_BY_SPREADSHEET"


@pytest.mark.parametrize(
    ("raw", "port"), [("443", 443), ("443/tcp", 443), ("tcp/443", 443), ("https", 443), ("0", 0)]
)
def test_ports_are_numbers(raw, port):
    assert value("port", raw) == port


def test_a_port_beyond_the_range_is_reported():
    assert code("port", "70000") == "VALUE_NOT_A_PORT"


@pytest.mark.parametrize(("raw", "name"), [("6", "tcp"), ("17", "udp"), ("TCP", "tcp")])
def test_protocols_have_names(raw, name):
    assert value("protocol", raw) == name
