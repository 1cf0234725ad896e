"""Columns of the RVTools sheets, in the order in which RVTools 4.7 writes them.

Custom attributes of the vCenter stand between Annotation and Datacenter, as in every sheet of a
real export that describes VMs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from landbridge.samples.machines import TODAY
from landbridge.samples.model import Machine
from landbridge.samples.names import VCENTER
from landbridge.samples.tables import Cell, Column, constant

VCENTER_UUID: Final = "7d2f6c1e-58d0-4a57-9f4e-2b9a3f0c6d11"
_VCENTER_BUILD: Final = "VMware vCenter Server 7.0.3 build-21477706"


@dataclass(frozen=True, slots=True)
class VmView:
    """One VM as the vCenter knows it.

    Attributes:
        service: value of the custom attribute "Business service".
        owner: value of the custom attribute "Service owner".
        annotation: notes of the VM.
    """

    vm: Machine
    service: str
    owner: str
    annotation: str

    @property
    def running(self) -> bool:
        """Whether VMware Tools can report anything."""
        return self.vm.powered_on

    @property
    def moid(self) -> str:
        """The managed object id."""
        return f"vm-{self.vm.number + 1000}"

    @property
    def config_os(self) -> str:
        """The guest system chosen when the VM was made."""
        return self.vm.release.config if self.vm.release else ""

    @property
    def tools_os(self) -> str:
        """The guest system that VMware Tools reports; nothing when the VM is off."""
        return self.vm.release.tools if self.vm.release and self.running else ""

    @property
    def created(self) -> datetime:
        """When the VM was made."""
        return datetime.combine(self.vm.installed, time(8, self.vm.number % 60))

    @property
    def started(self) -> datetime | None:
        """When the VM was last powered on."""
        if not self.running:
            return None
        return TODAY - timedelta(hours=3 + self.vm.number * 37 % 4000)


V = Column[VmView]


def _network(index: int) -> Column[VmView]:
    def value(view: VmView) -> Cell:
        return view.vm.nics[index].network if index < len(view.vm.nics) else ""

    return Column(f"Network #{index + 1}", "network_segment", value, (None,))


def _placed(view: VmView) -> str:
    return f"/{view.vm.site.datacenter}/{view.vm.cluster}/Resources"


HEAD: Final = (
    V("VM", "hostname", lambda v: v.vm.name),
    V("Powerstate", "power_state", lambda v: "poweredOn" if v.running else "poweredOff"),
    V("Template", None, lambda v: str(v.vm.template)),
    constant("SRM Placeholder", "False"),
)
CUSTOM: Final = (
    V("Annotation", "description", lambda v: v.annotation),
    V("Backup status", None, lambda v: "OK" if v.running else "Not protected", ("status",)),
    V("Business service", "application_name", lambda v: v.service),
    V("Service owner", "business_owner", lambda v: v.owner),
)
PLACE: Final = (
    V("Datacenter", "datacenter", lambda v: v.vm.site.datacenter),
    V("Cluster", "cluster", lambda v: v.vm.cluster),
    V("Host", "host_system", lambda v: v.vm.host),
)
FOLDER: Final = V("Folder", None, lambda v: f"{v.vm.environment.title()}")
GUEST: Final = (
    V("OS according to the configuration file", "os_name", lambda v: v.config_os),
    V("OS according to the VMware Tools", "os_name", lambda v: v.tools_os),
)
IDS: Final = (
    V("VM ID", "asset_id", lambda v: v.moid),
    V("VM UUID", "uuid", lambda v: v.vm.uuid),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)
DETAIL_TAIL: Final = (*CUSTOM, *PLACE, FOLDER, *GUEST, *IDS)

VINFO: Final = (
    *HEAD,
    V("Config status", None, lambda v: "green"),
    V("DNS Name", "fqdn", lambda v: v.vm.fqdn if v.running else ""),
    constant("Connection state", "connected"),
    V("Guest state", None, lambda v: "running" if v.running else "notRunning", ("power_state",)),
    V("Heartbeat", None, lambda v: "green" if v.running else "gray"),
    constant("Consolidation Needed", "False"),
    V("PowerOn", None, lambda v: v.started),
    constant("Suspended To Memory", ""),
    constant("Suspend time", ""),
    constant("Suspend Interval", 0),
    V("Creation date", "install_date", lambda v: v.created),
    V("Change Version", None, lambda v: v.created + timedelta(days=40)),
    V("CPUs", "cpu_cores", lambda v: v.vm.cores),
    V("Overall Cpu Readiness", None, lambda v: v.vm.number % 7 if v.running else ""),
    V("Memory", "memory_gb", lambda v: v.vm.memory),
    V("Active Memory", None, lambda v: v.vm.memory // 9 if v.running else 0,
      ("memory_utilization",)),
    V("NICs", None, lambda v: len(v.vm.nics)),
    V("Disks", None, lambda v: len(v.vm.disks)),
    V("Total disk capacity MiB", "storage_gb", lambda v: v.vm.storage),
    constant("Fixed Passthru HotPlug", "False"),
    constant("min Required EVC Mode Key", ""),
    constant("Latency Sensitivity", "normal"),
    constant("Op Notification Timeout", ""),
    constant("EnableUUID", "False"),
    constant("CBT", "True"),
    V("Primary IP Address", "ip_address", lambda v: v.vm.ip if v.running else ""),
    *(_network(index) for index in range(8)),
    constant("Num Monitors", 1),
    constant("Video Ram KiB", 8192),
    V("Resource pool", None, _placed, ("cluster",)),
    V("Folder ID", None, lambda v: f"Group-v{v.vm.number % 40 + 20}"),
    FOLDER,
    constant("vApp", ""),
    constant("DAS protection", "Yes"),
    constant("FT State", "notConfigured"),
    constant("FT Role", ""),
    constant("FT Latency", "gray"),
    constant("FT Bandwidth", -1),
    constant("FT Sec. Latency", -1),
    constant("Vm Failover In Progress", "False"),
    V("Provisioned MiB", "storage_gb", lambda v: v.vm.storage + v.vm.memory, (None,)),
    V("In Use MiB", "storage_used_gb", lambda v: v.vm.storage_used),
    V("Unshared MiB", None, lambda v: v.vm.storage_used),
    constant("HA Restart Priority", "medium"),
    constant("HA Isolation Response", "none"),
    constant("HA VM Monitoring", "vmMonitoringDisabled"),
    constant("Cluster rule(s)", ""),
    constant("Cluster rule name(s)", ""),
    constant("Boot Required", "False"),
    constant("Boot delay", 0),
    constant("Boot retry delay", 10000),
    constant("Boot retry enabled", "False"),
    constant("Boot BIOS setup", "False"),
    constant("Reboot PowerOff", "False"),
    constant("EFI Secure boot", "False"),
    V("Firmware", None, lambda v: "efi" if v.vm.installed.year > 2018 else "bios"),
    V("HW version", None, lambda v: 13 + v.vm.number % 5),
    constant("HW upgrade status", "none"),
    constant("HW upgrade policy", "never"),
    constant("HW target", ""),
    V("Path", None, lambda v: f"[{v.vm.cluster}-DS01] {v.vm.name}/{v.vm.name}.vmx"),
    V("Log directory", None, lambda v: f"[{v.vm.cluster}-DS01] {v.vm.name}/"),
    V("Snapshot directory", None, lambda v: f"[{v.vm.cluster}-DS01] {v.vm.name}/"),
    V("Suspend directory", None, lambda v: f"[{v.vm.cluster}-DS01] {v.vm.name}/"),
    *CUSTOM,
    *PLACE,
    *GUEST,
    constant("Customization Info", "TOOLSDEPLOYPKG_IDLE"),
    constant("Guest Detailed Data", ""),
    V("VM ID", "asset_id", lambda v: v.moid),
    V("SMBIOS UUID", "uuid", lambda v: v.vm.bios_uuid, (None,)),
    V("VM UUID", "uuid", lambda v: v.vm.uuid),
    constant("VI SDK Server type", _VCENTER_BUILD),
    constant("VI SDK API Version", "7.0.3.0"),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)  # fmt: skip

VCPU: Final = (
    *HEAD,
    V("CPUs", "cpu_cores", lambda v: v.vm.cores),
    V("Sockets", "cpu_sockets", lambda v: v.vm.sockets),
    V("Cores p/s", None, lambda v: v.vm.cores // v.vm.sockets, ("cpu_cores",)),
    V("Max", None, lambda v: v.vm.cores * 2095),
    V("Overall", None, lambda v: v.vm.cores * 150 if v.running else 0),
    constant("Level", "normal"),
    V("Shares", None, lambda v: v.vm.cores * 1000),
    constant("Reservation", 0),
    V("Entitlement", None, lambda v: v.vm.cores * 120 if v.running else 0),
    V("DRS Entitlement", None, lambda v: v.vm.cores * 130 if v.running else 0),
    constant("Limit", -1),
    constant("Hot Add", "True"),
    constant("Hot Remove", "False"),
    constant("Numa Hotadd Exposed", "False"),
    *DETAIL_TAIL,
)
VMEMORY: Final = (
    *HEAD,
    V("Size MiB", "memory_gb", lambda v: v.vm.memory),
    constant("Memory Reservation Locked To Max", "False"),
    constant("Overhead", 0),
    V("Max", None, lambda v: v.vm.memory),
    V("Consumed", None, lambda v: v.vm.memory * 3 // 4 if v.running else 0),
    constant("Consumed Overhead", 60),
    V("Private", None, lambda v: v.vm.memory * 2 // 3 if v.running else 0),
    constant("Shared", 0),
    constant("Swapped", 0),
    constant("Ballooned", 0),
    V("Active", None, lambda v: v.vm.memory // 9 if v.running else 0),
    V("Entitlement", None, lambda v: v.vm.memory // 3 if v.running else 0),
    V("DRS Entitlement", None, lambda v: v.vm.memory // 3 if v.running else 0),
    constant("Level", "normal"),
    V("Shares", None, lambda v: v.vm.memory * 10),
    constant("Reservation", 0),
    constant("Limit", -1),
    constant("Hot Add", "True"),
    *DETAIL_TAIL,
)
VTOOLS: Final = (
    *HEAD,
    V("VM Version", None, lambda v: 13 + v.vm.number % 5),
    V("Tools", None, lambda v: "toolsOk" if v.running else "toolsNotRunning"),
    V("Tools Version", None, lambda v: 11360 + v.vm.number % 4, ("software_version",)),
    constant("Required Version", 11365),
    V("Upgradeable", None, lambda v: "Yes" if v.vm.number % 3 else "No"),
    constant("Upgrade Policy", "manual"),
    constant("Sync time", "False"),
    constant("App status", "none"),
    V("Heartbeat status", None, lambda v: "green" if v.running else "gray"),
    constant("Kernel Crash state", "False"),
    constant("Operation Ready", "True"),
    constant("State change support", "True"),
    constant("Interactive Guest", "False"),
    *DETAIL_TAIL[:-4],
    V("VMRef", None, lambda v: v.moid, ("asset_id",)),
    *IDS,
)
