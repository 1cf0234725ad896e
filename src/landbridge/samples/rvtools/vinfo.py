"""Columns of the sheet vInfo, in the order in which RVTools 4.7 writes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from landbridge.samples.names import VCENTER
from landbridge.samples.rvtools.view import (
    CUSTOM,
    FOLDER,
    GUEST,
    HEAD,
    PLACE,
    VCENTER_UUID,
    V,
    VmView,
)
from landbridge.samples.tables import Cell, Column, constant

_VCENTER_BUILD: Final = "VMware vCenter Server 7.0.3 build-21477706"


def _network(index: int) -> Column[VmView]:
    def value(view: VmView) -> Cell:
        return view.vm.nics[index].network if index < len(view.vm.nics) else ""

    return Column(f"Network #{index + 1}", "network_segment", value, (None,))


def _placed(view: VmView) -> str:
    return f"/{view.vm.site.datacenter}/{view.vm.cluster}/Resources"


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
