from __future__ import annotations

from landbridge.discovery.inventory.gather import Gathering, Why, cluster_name
from landbridge.discovery.records import Record, RecordBatch
from landbridge.discovery.vocabulary import AssetType, TableRole
from tests.support.tables import gathered, table

VINFO = table(TableRole.ASSETS, "rvtools_vinfo", name="vInfo", columns=["Template"])
VDISK = table(TableRole.DISKS, "rvtools_vdisk", name="vDisk")
VNETWORK = table(TableRole.NICS, "rvtools_vnetwork", name="vNetwork")
VMEMORY = table(TableRole.DETAILS, "rvtools_vmemory", name="vMemory")


def test_a_workbook_gives_one_record_per_vm_with_all_its_disks_and_adapters() -> None:
    found = gathered(
        (VINFO, [{"hostname": "web01", "cpu_cores": 2}, {"hostname": "db01"}]),
        (VDISK, [
            {"hostname": "web01", "component_name": "Hard disk 1", "storage_gb": 40.0,
             "Thin": "True"},
            {"hostname": "WEB01", "component_name": "Hard disk 2", "storage_gb": 60.0},
            {"hostname": "db01", "component_name": "Hard disk 1", "storage_gb": 10.0},
        ]),
        (VNETWORK, [{"hostname": "web01", "component_name": "Network adapter 1",
                     "mac_address": ["00:50:56:aa:00:01"], "ip_address": ["10.0.0.1"]}]),
        (VMEMORY, [{"hostname": "web01", "memory_gb": 8.0, "cpu_cores": 4, "Limit": "-1"}]),
    )  # fmt: skip
    web, db = found.records
    o = found.observation(web)
    assert [(c.kind, c.name) for c in o.components] == [
        ("disk", "Hard disk 1"),
        ("disk", "Hard disk 2"),
        ("nic", "Network adapter 1"),
    ]
    assert o.components[0].attributes == {"capacity_gb": 40.0, "custom": {"Thin": "True"}}
    assert o.values["cpu_cores"] == 2
    assert o.values["memory_gb"] == 8.0
    assert o.origins["memory_gb"] == (VMEMORY.id, 2)
    assert o.custom == {"vMemory: Limit": "-1"}
    assert o.values["mac_address"] == ["00:50:56:aa:00:01"]
    assert o.asset_type is AssetType.VIRTUAL_MACHINE
    assert len(found.observation(db).components) == 1
    assert found.rejected == []


def test_vms_of_one_name_are_told_apart_by_id_or_host_or_not_guessed() -> None:
    found = gathered(
        (VINFO, [
            {"hostname": "web01", "host_system": "esx1", "asset_id": "vm-1"},
            {"hostname": "web01", "host_system": "esx2", "asset_id": "vm-2"},
        ]),
        (VDISK, [
            {"hostname": "web01", "asset_id": "vm-2", "component_name": "by id"},
            {"hostname": "web01", "host_system": "esx1", "component_name": "by host"},
            {"hostname": "web01", "component_name": "by nothing"},
        ]),
    )  # fmt: skip
    first, second = (found.observation(r) for r in found.records if r.why is Why.DESCRIBED)
    assert [c.name for c in first.components] == ["by host"]
    assert [c.name for c in second.components] == ["by id"]
    found.settle([0, 1, 2, 3])
    assert [(r.row, r.ambiguous, r.value) for r in found.rejected] == [(4, True, "web01")]


def test_a_detail_row_of_a_system_listed_twice_is_kept_when_the_rows_are_one_asset() -> None:
    servers = table(TableRole.ASSETS)
    disks = table(TableRole.DISKS)
    found = gathered(
        (servers, [{"hostname": "web01"}, {"hostname": "WEB01"}]),
        (disks, [{"hostname": "web01", "component_name": "C:"}]),
    )
    found.settle([0, 0])
    assert [c.name for c in found.observation(found.records[0]).components] == ["C:"]
    assert found.rejected == []


def test_a_detail_row_on_another_host_still_finds_a_vm_of_a_unique_name() -> None:
    found = gathered(
        (VINFO, [{"hostname": "web01", "host_system": "esx1"}]),
        (VMEMORY, [{"hostname": "web01", "host_system": "esx9", "memory_gb": 8.0}]),
    )
    assert found.observation(found.records[0]).values["memory_gb"] == 8.0


def test_templates_are_flagged_and_not_lost() -> None:
    found = gathered((VINFO, [{"hostname": "gold", "Template": "True"}]))
    assert found.observation(found.records[0]).values["is_template"] is True


def test_a_second_uuid_is_a_key_too() -> None:
    gathering = Gathering([VINFO])
    also = {"uuid": ["4213f7a1-0b2c-9d1e-8a2b-0c8f5a9b7d11"]}
    values = {"hostname": "web01", "uuid": "500b85c1-ef0d-37fb-6897-61c47157f858"}
    gathering.add(0, RecordBatch.of([Record(2, values, {}, also)]))
    identity = gathering.observation(gathering.records[0]).identity()
    assert (len(identity.uuid), len(identity.instance)) == (1, 1)


def test_a_host_named_by_its_address_has_that_address() -> None:
    found = gathered((VINFO, [{"hostname": "10.0.0.9"}]))
    assert found.observation(found.records[0]).values["ip_address"] == ["10.0.0.9"]


def test_hosts_and_clusters_named_in_columns_become_records_of_their_own() -> None:
    found = gathered(
        (VINFO, [
            {"hostname": "a", "host_system": "esx1", "cluster": "/DC/CL-1/Resources",
             "datacenter": "DC"},
            {"hostname": "b", "host_system": "ESX1", "cluster": "CL-1", "datacenter": "DC"},
        ]),
    )  # fmt: skip
    mentions = [found.observation(r) for r in found.records if r.why is Why.MENTIONED]
    assert [(m.values["hostname"], m.asset_type, m.rule) for m in mentions] == [
        ("esx1", AssetType.HYPERVISOR_HOST, "named.host_system"),
        ("CL-1", AssetType.CLUSTER, "named.cluster"),
    ]
    assert found.counts() == {Why.DESCRIBED: 2, Why.MENTIONED: 2}


def test_a_host_that_only_a_detail_row_names_is_a_record_too() -> None:
    memory = table(TableRole.DETAILS, "rvtools_vmemory", attributes=["hostname", "host_system"])
    found = gathered(
        (VINFO, [{"hostname": "a", "host_system": "esx1"}, {"hostname": "b"}]),
        (
            memory,
            [{"hostname": "a", "host_system": "esx9"}, {"hostname": "b", "host_system": "esx2"}],
        ),
    )  # fmt: skip
    mentions = [found.observation(r) for r in found.records if r.why is Why.MENTIONED]
    assert [m.values["hostname"] for m in mentions] == ["esx1", "esx2"]


def test_a_database_list_names_its_hosts() -> None:
    databases = table(TableRole.ASSETS, attributes=["db_instance", "db_engine", "hostname"])
    found = gathered((databases, [{"hostname": "db1", "db_instance": "ORCL"}]))
    kinds = [found.observation(r).asset_type for r in found.records]
    assert kinds == [AssetType.DATABASE, AssetType.SERVER]


def test_detail_rows_without_a_described_asset_make_one_record_together() -> None:
    found = gathered(
        (VDISK, [
            {"hostname": "lone", "component_name": "Hard disk 1", "storage_gb": 1.0},
            {"hostname": "lone", "component_name": "Hard disk 2", "storage_gb": 2.0},
            {"component_name": "Hard disk 9"},
        ]),
    )  # fmt: skip
    assert [r.why for r in found.records] == [Why.DETAILED]
    o = found.observation(found.records[0])
    assert len(o.components) == 2
    assert o.asset_type is AssetType.VIRTUAL_MACHINE
    assert [r.row for r in found.rejected] == [4]


def test_a_row_that_names_nothing_is_rejected_and_not_lost() -> None:
    found = gathered((table(TableRole.ASSETS), [{"hostname": "n/a", "Comment": "see file"}]))
    assert found.records == []
    assert [(r.row, r.ambiguous) for r in found.rejected] == [(2, False)]


def test_rows_of_a_hypervisor_export_are_different_systems() -> None:
    found = gathered(
        (VINFO, [{"hostname": "a", "host_system": f"esx{n}"} for n in (1, 2)]),
        (table(TableRole.ASSETS, "servicenow_server", file=2), [{"hostname": "a"}]),
    )  # fmt: skip
    keys = []
    for record in found.records:
        o = found.observation(record)
        keys.append(found.row_of(record, o, o.identity()))
    assert keys[0] is not None
    assert keys[0] != keys[1]
    assert keys[2] is None


def test_a_resource_pool_path_names_its_cluster() -> None:
    assert cluster_name("/Datacenter/Cluster-A/Resources/Gold") == "Cluster-A"
    assert cluster_name("Cluster-A") == "Cluster-A"
