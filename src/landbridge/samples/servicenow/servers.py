"""Columns of the ServiceNow server list, with the labels a user sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from landbridge.samples.model import Kind, Machine
from landbridge.samples.names import COMPANY, DEPARTMENTS, SUPPORT_GROUPS
from landbridge.samples.releases import ESXI
from landbridge.samples.servicenow.applications import CRITICALITY
from landbridge.samples.tables import Column, constant

_CLASSES: Final = {
    "ibm-aix": "AIX Server",
    "oracle-solaris": "Solaris Server",
    "hp-ux": "HPUX Server",
}
_USED_FOR: Final = {"production": "Production", "test": "Test", "development": "Development"}


@dataclass(frozen=True, slots=True)
class CiView:
    """One record of the server class; the fields are what ServiceNow believes.

    Attributes:
        name: display name, in whatever spelling the record was made.
        system: operating system and its version.
        manual: whether somebody typed the record instead of a scan finding it.
    """

    machine: Machine
    name: str
    system: tuple[str, str]
    memory: int
    owner: str
    serial: str
    manual: bool = False

    @property
    def sys_id(self) -> str:
        """The record's key."""
        digits = self.machine.uuid.replace("-", "")
        return f"{'f' if self.manual else 'a'}{digits[1:]}"

    @property
    def family(self) -> str:
        """windows, linux, unix or esxi."""
        release = self.machine.release
        return release.family if release else "esxi"


def class_of(machine: Machine) -> str:
    """Display value of the record's class."""
    if machine.release is None:
        return "ESX Server"
    if machine.release.family == "unix":
        return _CLASSES[machine.release.product]
    return "Windows Server" if machine.release.family == "windows" else "Linux Server"


def system_of(machine: Machine) -> tuple[str, str]:
    """Operating system and version as discovery writes them."""
    if machine.release is None:
        return "VMware ESXi", ESXI[machine.esxi][1].split(" ", 1)[0]
    return machine.release.snow, machine.release.snow_version


def moment(value: datetime | date) -> str:
    """A date in the instance's locale, day first."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.strftime("%d-%m-%Y %H:%M:%S")


S = Column[CiView]

SERVERS: Final = (
    S("Name", "hostname", lambda c: c.name),
    S("Class", "asset_type", lambda c: class_of(c.machine)),
    S("Fully Qualified Domain Name", "fqdn", lambda c: "" if c.manual else c.machine.fqdn),
    S("IP Address", "ip_address", lambda c: c.machine.ip),
    S("MAC Address", "mac_address", lambda c: c.machine.nics[0].mac.upper()),
    S("Operating System", "os_name", lambda c: c.system[0]),
    S("OS Version", "os_version", lambda c: "" if c.manual else c.system[1]),
    constant("OS Service Pack", "", None, ("os_version",)),
    S("CPU count", "cpu_sockets", lambda c: c.machine.sockets, ("cpu_cores",)),
    S("CPU core count", "cpu_cores", lambda c: c.machine.cores),
    S("CPU name", "cpu_model", lambda c: c.machine.hardware.cpu),
    S("CPU speed (MHz)", "cpu_speed", lambda c: c.machine.hardware.mhz or 2095),
    S("RAM (MB)", "memory_gb", lambda c: c.memory),
    S("Disk space (GB)", "storage_gb", lambda c: c.machine.storage // 1024 or ""),
    S("IsVirtual", "is_virtual", lambda c: str(c.machine.kind is Kind.VIRTUAL_MACHINE).lower()),
    S("Used for", "environment", lambda c: _USED_FOR[c.machine.environment]),
    S("Operational Status", "status",
      lambda c: "Retired" if c.machine.retired else "Operational"),
    S("Most Recent Discovery", "last_seen", lambda c: moment(c.machine.last_seen)),
    S("First Discovered", None, lambda c: moment(c.machine.installed + timedelta(days=9)),
      ("install_date",)),
    S("Installed", "install_date", lambda c: moment(c.machine.installed)),
    S("Warranty expiration", "end_of_life_date",
      lambda c: "" if c.machine.kind is Kind.VIRTUAL_MACHINE
      else (c.machine.installed + timedelta(days=5 * 365)).strftime("%d-%m-%Y")),
    S("Owned by", "business_owner", lambda c: c.owner),
    S("Managed by", "technical_owner", lambda c: c.machine.technician),
    S("Support group", "support_group", lambda c: SUPPORT_GROUPS[c.family]),
    S("Business criticality", "criticality", lambda c: CRITICALITY[c.machine.criticality]),
    S("Department", "department", lambda c: DEPARTMENTS[c.machine.department][0]),
    constant("Company", COMPANY, "company"),
    S("Cost center", "cost_center", lambda c: DEPARTMENTS[c.machine.department][1]),
    S("Location", "location", lambda c: c.machine.site.city),
    S("Manufacturer", "manufacturer", lambda c: c.machine.hardware.vendor),
    S("Model ID", "model", lambda c: c.machine.hardware.model),
    S("Serial number", "serial_number", lambda c: c.serial),
    S("Asset tag", "asset_tag",
      lambda c: "" if c.machine.kind is Kind.VIRTUAL_MACHINE else c.machine.asset_tag),
    S("Discovery source", None, lambda c: "Manual Entry" if c.manual else "ServiceNow"),
    S("Comments", "description",
      lambda c: "Imported from the old asset list, please check" if c.manual else ""),
    S("Updates", None, lambda c: c.machine.number % 90 + 1),
    S("Sys ID", "asset_id", lambda c: c.sys_id),
)  # fmt: skip
