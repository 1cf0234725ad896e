from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.estates import asset_type_of, estate
from benchmarks.identity import quality, resolve
from landbridge.discovery.inventory.identity import IdentityResolver, Resolution
from landbridge.discovery.inventory.keys import Identity, identity_of
from landbridge.discovery.vocabulary import AssetType

MACHINES = st.lists(
    st.fixed_dictionaries(
        {
            "hostname": st.sampled_from(
                ["web01", "web02", "db01", "web01.a.example.com", "db-01-vm"]
            )
        },
        optional={
            "serial_number": st.sampled_from(["CZJ1420B7K", "FTX1840ALB9", "NONE"]),
            "uuid": st.sampled_from(
                ["4213f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11", "9913f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11"]
            ),
            "fqdn": st.sampled_from(["web01.b.example.com", "db01.a.example.com"]),
            "mac_address": st.sampled_from([["00:50:56:aa:00:01"], ["00:50:56:aa:00:02"]]),
            "ip_address": st.sampled_from([["10.0.0.1"], ["10.0.0.2"], ["10.0.0.1", "10.0.0.3"]]),
        },
    ),
    max_size=14,
)


def resolved(
    *records: dict[str, Any], exports: dict[int, tuple[str, str]] | None = None
) -> Resolution:
    resolver = IdentityResolver()
    for number, values in enumerate(records):
        resolver.add(
            identity_of(values, AssetType.SERVER, "cmdb"), row_of=(exports or {}).get(number)
        )
    return resolver.resolve()


def partition(labels: list[int], order: list[int]) -> set[frozenset[int]]:
    clusters: dict[int, set[int]] = defaultdict(set)
    for position, label in enumerate(labels):
        clusters[label].add(order[position])
    return {frozenset(c) for c in clusters.values()}


@settings(max_examples=300, deadline=None)
@given(MACHINES, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order_of_records(
    records: list[dict[str, Any]], rng: random.Random
) -> None:
    order = list(range(len(records)))
    straight = partition(resolved(*records).labels, order)
    rng.shuffle(order)
    assert partition(resolved(*(records[i] for i in order)).labels, order) == straight


@settings(max_examples=300, deadline=None)
@given(MACHINES)
def test_no_cluster_holds_two_real_serials_uuids_or_domains(records: list[dict[str, Any]]) -> None:
    identities = [identity_of(r, AssetType.SERVER) for r in records]
    clusters: dict[int, list[Identity]] = defaultdict(list)
    for label, identity in zip(resolved(*records).labels, identities, strict=True):
        clusters[label].append(identity)
    for members in clusters.values():
        assert len({m.serial for m in members} - {()}) <= 1
        assert len({m.uuid for m in members} - {()}) <= 1
        assert len({m.domain for m in members} - {""}) <= 1


def test_five_tools_listing_one_estate_give_one_asset_per_machine() -> None:
    listed = estate(10_000)
    precision, recall, _ = quality(resolve(listed), [item.truth for item in listed])
    assert precision >= 0.98
    assert recall >= 0.98


def test_resolution_of_an_estate_is_the_same_in_any_order() -> None:
    listed = estate(600, seed=3)
    order = list(range(len(listed)))
    straight = partition(resolve(listed), order)
    random.Random(1).shuffle(order)
    assert partition(resolve([listed[i] for i in order]), order) == straight
    assert asset_type_of(listed[0]) in AssetType


def test_equal_names_alone_are_one_asset_and_different_names_two() -> None:
    assert resolved({"hostname": "web01"}, {"hostname": "WEB01"}, {"hostname": "web02"}).labels == [
        0,
        0,
        2,
    ]


def test_vms_of_one_export_with_one_name_stay_two_vms() -> None:
    vm = {"hostname": "web01"}
    rows = {0: ("vInfo", "esx1"), 1: ("vInfo", "esx2"), 2: ("vInfo", "esx2")}
    assert resolved(vm, vm, vm, exports=rows).labels == [0, 1, 1]


def test_a_clone_with_another_uuid_is_another_asset_and_no_question() -> None:
    found = resolved(
        {"hostname": "web01", "uuid": "4213f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11"},
        {"hostname": "web01", "uuid": "9913f7a1-0b2c-4d1e-8a2b-0c8f5a9b7d11"},
    )
    assert found.labels == [0, 1]
    assert found.reviews == []


def test_too_little_evidence_becomes_a_question_with_its_reasons() -> None:
    found = resolved({"hostname": "web01"}, {"hostname": "web01 (old)"})
    assert found.labels == [0, 1]
    assert [(r.left, r.right) for r in found.reviews] == [(0, 1)]
    found = resolved(
        {"hostname": "web01.a.example.com", "serial_number": "CZJ1420B7K"},
        {"hostname": "web01.b.example.com", "serial_number": "CZJ1420B7K"},
    )
    assert found.labels == [0, 1]
    assert found.reviews[0].reasons == (
        "the same serial number",
        "the same name",
        "different domains",
    )


def test_a_bare_address_joins_the_one_asset_that_has_it_and_no_other() -> None:
    named = [{"hostname": "web01", "ip_address": ["10.0.0.1"]}, {"ip_address": ["10.0.0.1"]}]
    assert resolved(*named).labels == [0, 0]
    shared = [*named, {"hostname": "db01", "ip_address": ["10.0.0.1"]}]
    assert resolved(*shared).labels == [0, 1, 2]


def test_a_value_shared_by_too_many_is_no_evidence() -> None:
    found = resolved(*({"hostname": f"n{i}", "serial_number": "CHASSIS1"} for i in range(50)))
    assert len(set(found.labels)) == 50
    assert found.too_common == 1


def test_the_same_row_repeated_many_times_is_one_asset() -> None:
    assert set(resolved(*({"hostname": "web01"} for _ in range(200))).labels) == {0}


def test_two_stored_assets_never_merge_by_themselves() -> None:
    resolver = IdentityResolver()
    identity = identity_of({"hostname": "web01"}, AssetType.SERVER)
    for stored in (True, True, False):
        resolver.add(identity, stored=stored)
    labels = resolver.resolve().labels
    assert labels[0] != labels[1]
    assert labels[2] in labels[:2]


def test_ids_of_one_source_identify_across_renames_only_with_support() -> None:
    a = {"asset_id": "CI0098", "hostname": "web01", "serial_number": "CZJ1420B7K"}
    b = {"asset_id": "CI0098", "hostname": "web77", "serial_number": "CZJ1420B7K"}
    assert resolved(a, b).labels == [0, 0]
    assert resolved({**a, "serial_number": ""}, {**b, "serial_number": ""}).labels == [0, 1]


def test_an_empty_import_resolves_to_nothing() -> None:
    assert resolved().labels == []
