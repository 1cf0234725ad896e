"""The shared vocabulary of Discovery: table roles, asset types, environments, canonical
attributes. Every phase speaks these names; nothing else defines them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TableRole(StrEnum):
    """What the rows of one imported table are."""

    ASSETS = "assets"  # servers, VMs, devices, hosts, databases: one row describes one asset
    APPLICATIONS = "applications"  # one row describes one application
    DISKS = "disks"  # rows belong to an asset named in them
    NICS = "nics"
    PARTITIONS = "partitions"
    SOFTWARE = "software"  # installed products of an asset
    DETAILS = "details"  # further attributes of an asset described elsewhere (vCPU, vMemory)
    RELATIONS = "relations"  # source, target, type
    CONNECTIONS = "connections"  # observed network connections
    REFERENCE = "reference"  # kept, but describes no asset (licences, health messages, switches)


class AssetType(StrEnum):
    """Closed list of asset types."""

    SERVER = "server"
    VIRTUAL_MACHINE = "virtual_machine"
    HYPERVISOR_HOST = "hypervisor_host"
    CLUSTER = "cluster"
    DATABASE = "database"
    NETWORK_DEVICE = "network_device"
    STORAGE = "storage"
    WORKSTATION = "workstation"
    CONTAINER = "container"
    SERVICE = "service"
    OTHER = "other"


class Environment(StrEnum):
    """Closed list of environments; unknown is a value, not a guess."""

    PRODUCTION = "production"
    STAGING = "staging"
    TEST = "test"
    DEVELOPMENT = "development"
    DISASTER_RECOVERY = "disaster_recovery"
    TRAINING = "training"
    UNKNOWN = "unknown"


class Criticality(StrEnum):
    """Closed list of business criticalities."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Kind(StrEnum):
    """The type of an attribute's cleansed value, and its unit."""

    TEXT = "text"  # str
    NAME = "name"  # str, compared without case
    INTEGER = "integer"  # int
    GIB = "gib"  # float, GiB
    MHZ = "mhz"  # int, MHz
    PERCENT = "percent"  # float, 0–100
    BOOLEAN = "boolean"  # bool
    DATE = "date"  # str, ISO 8601 date
    IP_LIST = "ip_list"  # list[str], canonical text of IPv4/IPv6
    MAC_LIST = "mac_list"  # list[str], aa:bb:cc:dd:ee:ff
    UUID = "uuid"  # str, lower case with hyphens
    SERIAL = "serial"  # str, upper case; placeholders are not values
    OS = "os"  # emits os_name, os_version, os_edition
    ENVIRONMENT = "environment"  # Environment
    CRITICALITY = "criticality"  # Criticality
    POWER = "power"  # "on" | "off" | "suspended"
    NAME_LIST = "name_list"  # list[str]
    PORT = "port"  # int, 0–65535


@dataclass(frozen=True, slots=True)
class Attribute:
    """One canonical attribute."""

    name: str
    kind: Kind
    description: str


def _table(*rows: tuple[str, Kind, str]) -> dict[str, Attribute]:
    return {name: Attribute(name, kind, description) for name, kind, description in rows}


ATTRIBUTES: Final[dict[str, Attribute]] = _table(
    ("hostname", Kind.NAME, "Name of the server, VM, device or system"),
    ("fqdn", Kind.NAME, "Fully qualified DNS name"),
    ("asset_id", Kind.TEXT, "Identifier of the record in the source system"),
    ("uuid", Kind.UUID, "Hardware or instance UUID"),
    ("serial_number", Kind.SERIAL, "Serial number of the hardware"),
    ("asset_tag", Kind.TEXT, "Asset tag, inventory number"),
    ("ip_address", Kind.IP_LIST, "IP addresses"),
    ("mac_address", Kind.MAC_LIST, "MAC addresses"),
    ("domain", Kind.NAME, "DNS or Active Directory domain, workgroup"),
    ("asset_type", Kind.TEXT, "Class, type, category or role of the record"),
    ("description", Kind.TEXT, "Description, comments, notes"),
    ("os_name", Kind.OS, "Operating system"),
    ("os_version", Kind.TEXT, "Operating system version, release, build, service pack"),
    ("cpu_cores", Kind.INTEGER, "CPU cores, vCPUs, logical processors"),
    ("cpu_sockets", Kind.INTEGER, "Physical CPUs, sockets"),
    ("cpu_model", Kind.TEXT, "Processor model"),
    ("cpu_speed", Kind.MHZ, "CPU clock speed"),
    ("memory_gb", Kind.GIB, "Memory size"),
    ("storage_gb", Kind.GIB, "Disk capacity, provisioned space"),
    ("storage_used_gb", Kind.GIB, "Used disk space"),
    ("manufacturer", Kind.TEXT, "Hardware vendor or software publisher"),
    ("model", Kind.TEXT, "Hardware model or product name"),
    ("cpu_utilization", Kind.PERCENT, "CPU utilisation"),
    ("memory_utilization", Kind.PERCENT, "Memory utilisation"),
    ("is_virtual", Kind.BOOLEAN, "Virtual or physical"),
    ("hypervisor", Kind.TEXT, "Hypervisor product"),
    ("host_system", Kind.NAME, "Host on which the VM runs"),
    ("cluster", Kind.TEXT, "Compute cluster, resource pool"),
    ("datacenter", Kind.TEXT, "Data centre"),
    ("location", Kind.TEXT, "Location, site, building, city, country"),
    ("rack", Kind.TEXT, "Rack"),
    ("network_segment", Kind.TEXT, "Network, VLAN, subnet, port group"),
    ("status", Kind.TEXT, "Lifecycle, install or operational status"),
    ("power_state", Kind.POWER, "Power state"),
    ("install_date", Kind.DATE, "Installation, creation or purchase date"),
    ("last_seen", Kind.DATE, "Last discovered, scanned or updated"),
    ("end_of_life_date", Kind.DATE, "End of life, support or warranty as the source states it"),
    ("environment", Kind.ENVIRONMENT, "Production, test, development, …"),
    ("criticality", Kind.CRITICALITY, "Business criticality"),
    ("business_owner", Kind.TEXT, "Business or service owner"),
    ("technical_owner", Kind.TEXT, "Technical owner, administrator"),
    ("support_group", Kind.TEXT, "Support group, operations team"),
    ("department", Kind.TEXT, "Department, business unit"),
    ("company", Kind.TEXT, "Company, customer, legal entity"),
    ("cost_center", Kind.TEXT, "Cost centre"),
    ("application_name", Kind.NAME_LIST, "Application or business service"),
    ("data_classification", Kind.TEXT, "Data classification, confidentiality"),
    ("software_version", Kind.TEXT, "Software, product or database version"),
    ("db_instance", Kind.NAME, "Database or instance name"),
    ("db_engine", Kind.TEXT, "Database engine"),
    ("depends_on", Kind.NAME_LIST, "Systems this one depends on"),
    ("rel_source", Kind.NAME, "Source (parent) of a relationship"),
    ("rel_target", Kind.NAME, "Target (child) of a relationship"),
    ("rel_type", Kind.TEXT, "Relationship type"),
    ("source_ip", Kind.IP_LIST, "Source address of a connection"),
    ("target_ip", Kind.IP_LIST, "Destination address of a connection"),
    ("port", Kind.PORT, "Destination or listening port"),
    ("protocol", Kind.TEXT, "Network protocol"),
    ("process_name", Kind.TEXT, "Process, service or executable"),
    ("migration_strategy", Kind.TEXT, "Migration strategy, 6R disposition"),
    ("migration_wave", Kind.TEXT, "Migration wave, move group"),
    # Components of an asset, beyond the evaluation vocabulary.
    ("component_name", Kind.TEXT, "Name of the disk, adapter, partition or product in this row"),
    ("component_key", Kind.TEXT, "Key that tells components of the same name apart"),
    ("component_capacity_gb", Kind.GIB, "Capacity of this disk or partition"),
    ("component_used_gb", Kind.GIB, "Used space of this disk or partition"),
    ("component_free_gb", Kind.GIB, "Free space of this disk or partition"),
)
