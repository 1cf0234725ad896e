from __future__ import annotations

from typing import Any

import pytest

from landbridge.discovery.inventory.classify import classify, lists_databases, strongest
from landbridge.discovery.vocabulary import AssetType as T

SERVER = {"asset_type": "Server"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Linux Server", T.SERVER),
        ("Windows Server", T.SERVER),
        ("Virtueller Server", T.VIRTUAL_MACHINE),
        ("Machine virtuelle", T.VIRTUAL_MACHINE),
        ("VMware Virtual Machine Instance", T.VIRTUAL_MACHINE),
        ("ESX Server", T.HYPERVISOR_HOST),
        ("cmdb_ci_esx_server", T.HYPERVISOR_HOST),
        ("Database Server", T.SERVER),
        ("Datenbankserver", T.SERVER),
        ("Datenbank", T.DATABASE),
        ("MSSQL Instance", T.DATABASE),
        ("Speichersystem", T.STORAGE),
        ("Switch", T.NETWORK_DEVICE),
        ("Pare-feu", T.NETWORK_DEVICE),
        ("Load Balancer", T.NETWORK_DEVICE),
        ("Poste de travail", T.WORKSTATION),
        ("Serveur", T.SERVER),
        ("サーバー", T.SERVER),
        ("仮想マシン", T.VIRTUAL_MACHINE),
        ("UPS", T.OTHER),
        ("Business Service", T.SERVICE),
        ("VMware vCenter Cluster", T.CLUSTER),
        ("Physical", T.SERVER),
        ("Virtual", T.VIRTUAL_MACHINE),
    ],
)
def test_a_stated_class_is_understood_in_many_languages(text: str, expected: T) -> None:
    found = classify({"asset_type": text})
    assert found.asset_type is expected
    assert found.rule.startswith("class.")


@pytest.mark.parametrize("kind", list(T))
def test_our_own_type_names_are_read_back(kind: T) -> None:
    assert classify({"asset_type": kind.value}).asset_type is kind


@pytest.mark.parametrize(
    ("values", "source", "expected", "rule"),
    [
        ({"os_name": "Windows Server 2019"}, "", T.SERVER, "os.server"),
        ({"os_name": "Windows 10"}, "", T.WORKSTATION, "os.workstation"),
        ({"os_name": "Windows 10"}, "rvtools_vinfo", T.VIRTUAL_MACHINE, "source.virtual_machine"),
        ({"os_name": "VMware ESXi", **SERVER}, "", T.HYPERVISOR_HOST, "os.hypervisor_host"),
        ({**SERVER, "is_virtual": True}, "", T.VIRTUAL_MACHINE, "flag.virtual"),
        ({**SERVER, "is_virtual": False}, "", T.SERVER, "class.server"),
        ({**SERVER, "host_system": "esx1"}, "", T.VIRTUAL_MACHINE, "column.host_system"),
        (
            {**SERVER, "model": "VMware7,1"},
            "",
            T.VIRTUAL_MACHINE,
            "model.virtual_machine",
        ),
        ({"serial_number": "VMWARE-4213"}, "", T.VIRTUAL_MACHINE, "serial.vmware"),
        ({"model": "Catalyst 9300"}, "", T.NETWORK_DEVICE, "model.network_device"),
        ({"hostname": "esx1"}, "rvtools_vhost", T.HYPERVISOR_HOST, "source.hypervisor_host"),
        ({"hostname": "x"}, "", T.SERVER, "default.server"),
    ],
)
def test_every_classification_names_its_rule(
    values: dict[str, Any], source: str, expected: T, rule: str
) -> None:
    found = classify(values, source)
    assert (found.asset_type, found.rule) == (expected, rule)


def test_a_list_of_databases_is_told_from_a_list_of_servers() -> None:
    assert lists_databases(["db_instance", "hostname", "db_engine", "storage_gb"])
    assert not lists_databases(["hostname", "os_name", "cpu_cores", "db_instance"])
    row = {"db_instance": "ORCL", "hostname": "db1"}
    assert classify(row, lists_databases=True).asset_type is T.DATABASE


def test_records_of_one_asset_agree_on_the_best_founded_type() -> None:
    found = strongest([classify({"asset_type": "Server"}), classify({}, "rvtools_vinfo")])
    assert found.asset_type is T.VIRTUAL_MACHINE
    assert strongest([]).asset_type is T.SERVER
