"""An asset of one row is the same whether it is merged or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.discovery.inventory import content, single
from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.merge import merge
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.vocabulary import AssetType

TEXTS = st.sampled_from(["web01", "unknown", "n/a", "10.0.0.1", "db.corp.example.com", "x\0y", ""])
LISTED = st.lists(st.sampled_from(["10.0.0.1", "A", "a", "b", "B"]), min_size=1)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("hostname", "fqdn", "environment", "os_name", "os_version", "db_instance"), TEXTS
        ),
        **dict.fromkeys(("ip_address", "mac_address", "application_name"), LISTED),
        "asset_type": TEXTS,
        "cpu_cores": st.integers(0, 1 << 40),
        "memory_gb": st.floats(0, 1e9),
        "storage_gb": st.floats(0, 1e9),
    },
)


@settings(max_examples=200, deadline=None)
@given(
    VALUES,
    st.sampled_from(list(SourceClass)),
    st.sampled_from([AssetType.SERVER, AssetType.DATABASE]),
    st.dictionaries(st.sampled_from(["Rack", "Note"]), TEXTS),
)
def test_a_single_row_gives_what_merging_it_gives(
    values: dict[str, Any], by: SourceClass, kind: AssetType, custom: dict[str, str]
) -> None:
    o = Observation(
        *("list/1", by, UUID(int=1), UUID(int=2), 7, kind, "default.server", 0, "cmdb"),
        values,
        custom,
    )
    assert single.row(o) == content.row(merge([o]), [o])


def test_the_usual_origin_is_said_once_and_read_for_each_attribute() -> None:
    provenance = {
        "records": [["list", "t", 2], ["cmdb", "t", 3]],
        "attributes": {"cpu_cores": [[1], "authority.cmdb"]},
        "default": [[0], "authority.list"],
    }
    attributes = {"hostname": "a", "cpu_cores": 4, "custom": {"Rack": "1"}}
    assert content.origins(provenance, attributes) == {
        "hostname": ([0], "authority.list"),
        "cpu_cores": ([1], "authority.cmdb"),
    }
