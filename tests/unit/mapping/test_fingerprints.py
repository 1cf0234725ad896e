"""Known sources are recognised by their headers, and nothing else is taken for one."""

import pytest

from landbridge.discovery.mapping import fingerprints
from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.discovery.vocabulary import ATTRIBUTES, TableRole

VINFO = [
    "VM", "Powerstate", "Template", "DNS Name", "CPUs", "Memory", "Primary IP Address",
    "Network #1", "Provisioned MiB", "In Use MiB", "Datacenter", "Cluster", "Host",
    "OS according to the VMware Tools", "VM ID", "VM UUID",
]  # fmt: skip
VCPU = ["VM", "Powerstate", "CPUs", "Sockets", "Cores p/s", "Max", "Overall", "Host"]


def test_an_rvtools_sheet_is_recognised_by_its_headers_alone():
    assert fingerprints.recognise(VINFO) == "rvtools_vinfo"
    assert fingerprints.recognise(VCPU) == "rvtools_vcpu"


def test_the_sheet_name_decides_where_headers_are_few():
    assert fingerprints.recognise(["VM", "Overall", "Limit"]) is None
    assert fingerprints.recognise(["VM", "Overall", "Limit"], "vCPU") == "rvtools_vcpu"
    assert (
        fingerprints.recognise(["VM", "Overall", "Limit"], "RVTools_tabvCPU.csv") == "rvtools_vcpu"
    )


def test_custom_attributes_in_the_middle_do_not_hide_a_source():
    header = [*VINFO[:6], "Backup status", "Cost owner", "Patch group", *VINFO[6:]]
    assert fingerprints.recognise(header) == "rvtools_vinfo"


def test_spelling_case_and_marks_of_mandatory_columns_do_not_matter():
    header = ["*Server Name", "*CORES", "*Memory (In MB)", "*OS name", "OS architecture"]
    assert fingerprints.recognise(header) == "azure_migrate_import"


@pytest.mark.parametrize(
    "header",
    [
        ["Server Name", "IP", "OS", "Owner", "Environment"],
        ["Servername", "Betriebssystem", "Standort"],
        ["AssetID", "AssetName", "SerialNumber", "InternalIP", "OwnerEmail", "Location"],
        [],
        ["", " "],
    ],
)
def test_a_spreadsheet_of_unknown_make_is_not_taken_for_a_source(header):
    assert fingerprints.recognise(header) is None


def test_a_vendor_can_be_left_out():
    assert fingerprints.recognise(VINFO, without={"rvtools"}) is None


def test_every_source_maps_to_attributes_that_exist_and_has_a_role():
    for known in fingerprints._all():
        assert known.title, known.name
        assert isinstance(known.role, TableRole)
        targets = {target for target, _ in known.columns.values()}
        assert targets <= {*ATTRIBUTES, "custom"}, known.name
        assert all(known.need), known.name


def test_names_of_sources_are_unique():
    names = [known.name for known in fingerprints._all()]
    assert len(names) == len(set(names))


def test_a_source_says_the_unit_its_bare_numbers_are_in():
    assert fingerprints.unit_of("sccm_system", "TotalPhysicalMemory0") == "kb"
    assert fingerprints.unit_of("rvtools_vinfo", "Memory") == "mb"
    assert fingerprints.unit_of("rvtools_vinfo", "VM") is None
    assert fingerprints.unit_of(None, "Memory") is None


def test_the_memory_of_a_solarwinds_node_is_its_size_in_bytes():
    columns = ["NodeID", "Caption", "IP_Address", "MachineType", "TotalMemory", "MemoryUsed"]
    found = suggest_table(columns, [])
    by_name = {c.column: c.attribute for c in found.columns}
    assert found.source == "solarwinds_nodes"
    assert (by_name["TotalMemory"], by_name["MemoryUsed"]) == ("memory_gb", None)
    assert fingerprints.unit_of(found.source, "TotalMemory") == "b"


def test_the_added_columns_of_a_vsphere_list_are_known():
    columns = ["Name", "State", "Provisioned Space", "Used Space", "Host Mem", "Cluster", "UUID",
               "Guest OS", "Memory Size", "CPUs", "IP Address", "DNS Name", "Host"]  # fmt: skip
    found = suggest_table(columns, [])
    assert found.source == "vcenter_vm_list"
    assert [c.attribute for c in found.columns][5:] == [
        "cluster", "uuid", "os_name", "memory_gb", "cpu_cores", "ip_address", "fqdn",
        "host_system",
    ]  # fmt: skip
