from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.merge import Decision, Merged, merge
from landbridge.discovery.inventory.observations import (
    Component,
    Observation,
    digest_of,
    observation_from,
    storable,
)
from landbridge.discovery.vocabulary import AssetType

H, C, L, S = SourceClass.HYPERVISOR, SourceClass.CMDB, SourceClass.LIST, SourceClass.SCANNER
ZERO = UUID(int=0)


def seen(
    by: SourceClass, components: list[Component] | None = None, import_id: int = 1, **values: Any
) -> Observation:
    return Observation(
        by.value, by, UUID(int=import_id), ZERO, 2, AssetType.SERVER, "default.server", 0, "cmdb",
        {"hostname": "web01", **values}, components=components or [],
    )  # fmt: skip


def disk(name: str, gib: float | None, **more: Any) -> Component:
    return Component("disk", name, {**({} if gib is None else {"capacity_gb": gib}), **more})


def conflicts(merged: Merged) -> dict[str, list[Any]]:
    return {c.attribute: [x.value for x in c.candidates] for c in merged.conflicts}


def test_the_hypervisor_is_believed_about_size_and_the_cmdb_about_owners() -> None:
    merged = merge(
        [
            seen(C, cpu_cores=8, business_owner="Jane Doe"),
            seen(H, cpu_cores=4, business_owner="admin"),
        ]
    )
    assert merged.attributes["cpu_cores"] == 4
    assert merged.attributes["business_owner"] == "Jane Doe"
    assert merged.provenance["cpu_cores"] == ((1,), "authority.hypervisor")
    assert conflicts(merged) == {"cpu_cores": [4, 8], "business_owner": ["Jane Doe", "admin"]}


def test_rounding_spelling_and_precision_are_no_disagreement() -> None:
    merged = merge(
        [
            seen(H, memory_gb=15.9, os_name="Red Hat Enterprise Linux", manufacturer="Dell Inc."),
            seen(C, memory_gb=16.0, os_name="red hat enterprise linux 8", manufacturer="DELL"),
            seen(L, business_owner="Müller, Hans", os_version="8"),
            seen(S, business_owner="Hans Muller", os_version="8.6"),
        ]
    )
    assert merged.conflicts == []
    assert merged.attributes["memory_gb"] == 15.9
    assert merged.attributes["os_version"] == "8.6"
    assert merged.provenance["memory_gb"] == ((0, 1), "authority.hypervisor")


def test_within_a_class_the_one_seen_last_is_believed() -> None:
    old = seen(C, location="London", last_seen="2023-01-01")
    new = seen(C, location="Paris", last_seen="2024-01-01")
    undated = seen(C, location="Berlin")
    assert merge([old, undated, new]).attributes["location"] == "Paris"
    assert merge([undated, seen(C, import_id=9, location="Rome")]).attributes["location"] == "Rome"


def test_versions_of_another_operating_system_are_not_mixed_in() -> None:
    merged = merge(
        [
            seen(S, os_name="Windows Server 2019"),
            seen(C, os_name="Red Hat Enterprise Linux", os_version="7.9"),
        ]
    )
    assert "os_version" not in merged.attributes
    assert conflicts(merged).keys() == {"os_name"}


def test_lists_are_united_without_repeats() -> None:
    merged = merge([seen(H, ip_address=["10.0.0.1"]), seen(C, ip_address=["10.0.0.1", "10.0.0.2"])])
    assert merged.attributes["ip_address"] == ["10.0.0.1", "10.0.0.2"]
    assert merged.provenance["ip_address"] == ((0, 1), "united")


def test_storage_is_the_sum_of_the_disks_when_they_are_known() -> None:
    disks = [disk("Hard disk 1", 40.0, key="2000"), disk("Hard disk 1", 60.0, key="2001")]
    merged = merge([seen(H, disks, storage_gb=120.0), seen(C, storage_gb=100.0)])
    assert merged.attributes["storage_gb"] == 100.0
    assert merged.provenance["storage_gb"] == ((0, 1), "sum_of_disks")
    assert [c.name for c in merged.components] == ["Hard disk 1", "Hard disk 1 [2001]"]
    assert merged.conflicts == []
    unknown = merge([seen(H, [*disks, disk("Hard disk 3", None)], storage_gb=120.0)])
    assert unknown.attributes["storage_gb"] == 120.0


def test_disks_that_two_tools_list_are_counted_once() -> None:
    merged = merge([seen(S, [disk("C:", 99.0)]), seen(H, [disk("Hard disk 1", 100.0)])])
    assert [c.name for c in merged.components] == ["Hard disk 1"]
    assert merged.attributes["storage_gb"] == 100.0


def test_a_decision_stands_until_a_source_says_something_new() -> None:
    both = [seen(H, cpu_cores=4), seen(C, cpu_cores=8)]
    decided = {"cpu_cores": Decision(8, (4, 8))}
    merged = merge(both, decided)
    assert merged.attributes["cpu_cores"] == 8
    assert merged.provenance["cpu_cores"][1] == "decided"
    assert merged.conflicts == []
    again = merge([*both, seen(S, cpu_cores=16)], decided)
    assert conflicts(again) == {"cpu_cores": [4, 16, 8]}
    assert again.attributes["cpu_cores"] == 8


def test_unknown_is_no_candidate() -> None:
    merged = merge([seen(C, environment="unknown"), seen(L, environment="production")])
    assert merged.attributes["environment"] == "production"
    assert merged.conflicts == []


def test_an_asset_is_called_by_its_short_name_as_written() -> None:
    assert merge([seen(H, hostname="WEB01.corp.example.com")]).name == "WEB01"
    assert merge([seen(H, hostname="10.0.0.1", ip_address=["10.0.0.1"])]).name == "10.0.0.1"
    assert merge([seen(L, hostname="n/a", fqdn="web01.corp.example.com")]).name == "web01"


def test_an_observation_survives_storage() -> None:
    o = seen(H, [disk("Hard disk 1", 40.0)], cpu_cores=4)
    o.origins["cpu_cores"] = (UUID(int=5), 7)
    import orjson

    where = o.where()
    assert where is not None
    back = observation_from(
        o.source, o.import_id, o.table_id, o.row, orjson.loads(o.body()), orjson.loads(where)
    )
    assert back == o
    moved = seen(H, [disk("Hard disk 1", 40.0)], import_id=99, cpu_cores=4)
    assert digest_of(moved.body()) == digest_of(o.body())


def test_a_nul_character_never_reaches_the_database() -> None:
    import orjson

    text = storable(orjson.dumps({"a": "x\0y", "b": "\\u0000", "c": "\\\0z"}))
    assert orjson.loads(text) == {"a": "xy", "b": "\\u0000", "c": "\\z"}


OBSERVATIONS = st.lists(
    st.builds(
        lambda by, values: seen(by, **values),
        st.sampled_from([H, C, L, S]),
        st.fixed_dictionaries(
            {},
            optional={
                "cpu_cores": st.integers(1, 4),
                "memory_gb": st.sampled_from([8.0, 15.9, 16.0, 16.2]),
                "os_name": st.sampled_from(["Windows Server 2019", "Ubuntu", "Windows Server"]),
                "os_version": st.sampled_from(["20.04", "1809", "20"]),
                "hostname": st.sampled_from(["web01", "WEB01.corp.example.com", "n/a"]),
                "last_seen": st.sampled_from(["2024-01-01", "2023-01-01"]),
                "ip_address": st.lists(st.sampled_from(["10.0.0.1", "10.0.0.2"]), max_size=2),
            },
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(OBSERVATIONS, st.randoms(use_true_random=False))
def test_merging_gives_the_same_asset_in_any_order(
    observations: list[Observation], rng: random.Random
) -> None:
    straight = merge(observations)
    shuffled = list(observations)
    rng.shuffle(shuffled)
    again = merge(shuffled)
    assert again.attributes == straight.attributes
    assert conflicts(again) == conflicts(straight)
    assert again.name == straight.name
