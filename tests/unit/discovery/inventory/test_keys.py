from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.discovery.inventory.keys import (
    Identity,
    canonical_uuid,
    identity_from_keys,
    identity_of,
    keys_of,
    usable_ip,
    usable_mac,
    usable_serial,
)
from landbridge.discovery.vocabulary import AssetType

NAMES = st.sampled_from(["web01", "WEB01.corp.example.com", "db-1", "10.0.0.9", "localhost", ""])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "hostname": NAMES,
        "fqdn": st.sampled_from(["web01.corp.example.com", "x.y.example.org", "db1.local"]),
        "domain": st.sampled_from(["corp.example.com", "WORKGROUP"]),
        "uuid": st.uuids().map(str),
        "serial_number": st.sampled_from(["CZJ1420B7K", "NONE", "0", "VMWARE-42 13"]),
        "mac_address": st.lists(st.sampled_from(["00:50:56:aa:00:01", "00:00:00:00:00:00"])),
        "ip_address": st.lists(
            st.sampled_from(["10.0.0.1", "127.0.0.1", "fe80::1", "2001:db8::1"])
        ),
        "asset_id": st.sampled_from(["vm-12", "98"]),
        "db_instance": st.sampled_from(["ORCL", "crm_prod"]),
        "cluster": st.sampled_from(["CL-PROD"]),
        "datacenter": st.sampled_from(["FRA1"]),
    },
)


@given(VALUES, st.sampled_from(list(AssetType)))
def test_what_is_stored_is_what_was_compared(values: dict[str, Any], kind: AssetType) -> None:
    identity = identity_of(values, kind, scope="cmdb")
    if not identity.names:
        identity = identity._replace(domain="")
    assert identity_from_keys(keys_of(identity)) == identity or not keys_of(identity)


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "000000", "None", "To be filled by O.E.M.", "System Serial Number", "N/A"),
        *("123456789", "Default string", "XXXXXXX", "Not Specified", "VMware"),
    ],
)
def test_placeholder_serials_are_not_values(text: str) -> None:
    assert usable_serial(text) == ""


def test_a_serial_is_compared_without_separators_and_case() -> None:
    assert usable_serial("vmware-42 13 ab") == usable_serial("VMWARE-4213AB") == "VMWARE4213AB"


def test_both_byte_orders_of_a_bios_uuid_are_one_value() -> None:
    a, b = "4213f7a1-0b2c-9d1e-8a2b-0c8f5a9b7d11", "a1f71342-2c0b-1e9d-8a2b-0c8f5a9b7d11"
    assert canonical_uuid(a) == canonical_uuid(b) != ""


@pytest.mark.parametrize(
    "text", ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
             "03000200-0400-0500-0006-000700080009", "x"]
)  # fmt: skip
def test_placeholder_uuids_are_not_values(text: str) -> None:
    assert canonical_uuid(text) == ""


def test_an_instance_uuid_is_not_compared_with_a_bios_uuid() -> None:
    found = identity_of(
        {"uuid": "500b85c1-ef0d-37fb-6897-61c47157f858"},
        AssetType.VIRTUAL_MACHINE,
        also_uuids=["420b85c1-ef0d-37fb-6897-61c47157f858"],
    )
    assert len(found.uuid) == len(found.instance) == 1


def test_addresses_every_system_has_are_not_keys() -> None:
    assert not any(map(usable_ip, ["127.0.0.1", "0.0.0.0", "169.254.1.1", "::1", "fe80::1", "::"]))
    assert all(map(usable_ip, ["10.0.0.1", "192.0.2.7", "2001:db8::1"]))
    assert not any(map(usable_mac, ["00:00:00:00:00:00", "00:00:5e:00:01:0a", "02:42:ac:11:00:02"]))
    assert usable_mac("00:50:56:aa:00:01")


def test_a_database_is_named_within_its_host() -> None:
    found = identity_of(
        {"db_instance": "ORCL", "hostname": "db1.corp.example.com"}, AssetType.DATABASE
    )
    assert keys_of(found) == [("database", "orcl@db1"), ("name", "orcl")]


def test_a_row_without_any_name_or_number_names_nothing() -> None:
    assert identity_of(
        {"hostname": "n/a", "domain": "corp.example.com"}, AssetType.SERVER
    ).names_nothing
    assert not identity_of({"ip_address": ["10.0.0.1"]}, AssetType.SERVER).names_nothing
    assert isinstance(identity_of({}, AssetType.OTHER), Identity)
