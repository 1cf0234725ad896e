"""The data dictionary knows every attribute, and counts what assets have."""

from __future__ import annotations

from landbridge.discovery.inventory.dictionary import dictionary, of_engagement
from landbridge.discovery.inventory.export import ATTRIBUTE_COLUMNS
from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

LISTED = table(TableRole.ASSETS, columns=("Rack unit",), attributes=("hostname",), name="list")
ROWS = [
    {"hostname": "web01", "memory_gb": 8.0, "ip_address": ["10.0.0.1", "10.0.0.2"]},
    {"hostname": "web02", "memory_gb": 16.0, "is_virtual": True, "Rack unit": "U7"},
]


def test_every_exported_attribute_has_a_type_a_meaning_and_an_order_of_sources() -> None:
    entries = {e.attribute: e for e in dictionary()}
    assert entries.keys() >= set(ATTRIBUTE_COLUMNS)
    assert all(e.type and e.meaning and len(e.sources) == 5 for e in entries.values())
    assert (entries["memory_gb"].type, entries["memory_gb"].unit) == ("number", "GiB")
    assert entries["business_owner"].sources[0] == "cmdb"
    assert entries["environment"].values[0] == "production"
    several = [entries[a].when_several for a in ("ip_address", "os_name", "location")]
    assert several == ["united", "asked", "believed"]


def test_it_counts_the_assets_of_the_engagement(bench: Bench) -> None:
    bench.run((LISTED, ROWS))
    with bench.door.open(bench.account.access) as session:
        assets, entries, custom = of_engagement(session, bench.account.engagement_id)
    found = {e.attribute: (e.assets, e.example) for e in entries if e.assets}
    assert assets == 2
    assert found == {
        "asset_type": (2, "server"),
        "hostname": (2, "web01"),
        "memory_gb": (2, "16.0"),
        "ip_address": (1, "10.0.0.1"),
        "is_virtual": (1, "true"),
    }
    assert [(c.column, c.assets, c.example) for c in custom] == [("Rack unit", 1, "U7")]


def test_an_empty_engagement_has_none_of_it(bench: Bench) -> None:
    with bench.door.open(bench.account.access) as session:
        assets, entries, custom = of_engagement(session, bench.account.engagement_id)
    assert (assets, custom) == (0, [])
    assert {e.assets for e in entries} == {0}
