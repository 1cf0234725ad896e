"""Authority: which source is believed about which attribute."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class SourceClass(StrEnum):
    """What sort of tool a table comes from."""

    HYPERVISOR = "hypervisor"  # reads the platform: RVTools, vCenter, Nutanix, Hyper-V, cloud
    SCANNER = "scanner"  # logs in or has an agent: Lansweeper, SCCM, BMC Discovery, AWS ADS
    CMDB = "cmdb"  # kept by people with a process: ServiceNow, iTop, GLPI, NetBox, LeanIX
    LIST = "list"  # spreadsheets and everything unknown
    MENTION = "mention"  # only named in a column of another record


_CLASSES: Final = (
    (SourceClass.HYPERVISOR, r"rvtools|vcenter|vsphere|powercli|scvmm|hyper.?v|nutanix|prism|ovirt"
     r"|proxmox|openstack|ec2|azure_vm|gce"),
    (SourceClass.SCANNER, r"lansweeper|sccm|intune|bmc_discovery|ads_|azure_migrate"
     r"|migration_center|stratozone|solarwinds|nmap|nessus|qualys|tenable|google|device42|netstat|powershell|active_dir|platespin"),
    (SourceClass.CMDB, r"servicenow|cmdb|itop|i-?doit|glpi|netbox|leanix|jira|insight|bmc_atrium"
     r"|snipe|ivanti|cherwell|topdesk|matrix42"),
)  # fmt: skip


@lru_cache(maxsize=1 << 10)
def source_class(source: str) -> SourceClass:
    """The class of a table's known source; LIST when it is unknown."""
    return next(
        (c for c, pattern in _CLASSES if re.search(pattern, source, re.IGNORECASE)),
        SourceClass.LIST,
    )


H, S, C, L, M = SourceClass
_ABOUT_THE_MACHINE: Final = (H, S, C, L, M)
_ABOUT_THE_SYSTEM: Final = (S, H, C, L, M)
_ABOUT_THE_BUSINESS: Final = (C, L, S, H, M)
_ABOUT_THE_HARDWARE: Final = (S, C, H, L, M)

_ORDERS: Final[dict[str, tuple[SourceClass, ...]]] = {
    **dict.fromkeys(
        (
            *("cpu_cores", "cpu_sockets", "cpu_speed", "memory_gb", "storage_gb", "power_state"),
            *("storage_used_gb", "is_virtual", "hypervisor", "host_system", "cluster", "uuid"),
            *("cpu_utilization", "memory_utilization", "network_segment", "datacenter"),
            *("hostname", "is_template", "asset_type"),
        ),
        _ABOUT_THE_MACHINE,
    ),
    **dict.fromkeys(
        ("os_name", "os_version", "os_edition", "os_build", "fqdn", "domain", "software_version"),
        _ABOUT_THE_SYSTEM,
    ),
    **dict.fromkeys(
        ("serial_number", "manufacturer", "model", "cpu_model", "db_engine", "db_instance"),
        _ABOUT_THE_HARDWARE,
    ),
}


_RANKS: Final = {
    attribute: {source: rank for rank, source in enumerate(order)}
    for attribute, order in _ORDERS.items()
}
_BUSINESS_RANKS: Final = {source: rank for rank, source in enumerate(_ABOUT_THE_BUSINESS)}


def authority(attribute: str, source: SourceClass) -> int:
    """The rank of a source for an attribute: 0 is believed first."""
    return _RANKS.get(attribute, _BUSINESS_RANKS)[source]


def ranks_of(source: SourceClass) -> dict[str, int]:
    """The rank of a source per attribute; for all others, that of business attributes."""
    return _BY_SOURCE[source]


def rank_otherwise(source: SourceClass) -> int:
    """The rank of a source for attributes that `ranks_of` does not list."""
    return _BUSINESS_RANKS[source]


_BY_SOURCE: Final = {
    source: {attribute: ranks[source] for attribute, ranks in _RANKS.items()}
    for source in SourceClass
}
