"""Columns of the sheets with several rows for each VM: disks, partitions, adapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landbridge.samples.model import Disk, Nic
from landbridge.samples.rvtools.view import DETAIL_TAIL, HEAD, VmView
from landbridge.samples.tables import Column, constant


@dataclass(frozen=True, slots=True)
class DiskView(VmView):
    """One disk of a VM; `index` counts from 0."""

    disk: Disk
    index: int


@dataclass(frozen=True, slots=True)
class NicView(VmView):
    """One network adapter of a VM; `index` counts from 0."""

    nic: Nic
    index: int


D = Column[DiskView]
N = Column[NicView]

VDISK: Final = (
    *HEAD,
    D("Disk", "component_name", lambda d: f"Hard disk {d.index + 1}"),
    D("Disk Key", "component_key", lambda d: 2000 + d.index, (None,)),
    D("Disk UUID", None, lambda d: f"6000C29{d.index}-{d.vm.uuid[9:]}", ("uuid", "component_key")),
    D("Disk Path", None,
      lambda d: f"[{d.vm.cluster}-DS01] {d.vm.name}/{d.vm.name}_{d.index}.vmdk"),
    D("Capacity MiB", "component_capacity_gb", lambda d: d.disk.size, ("storage_gb",)),
    constant("Raw", "False"),
    constant("Disk Mode", "persistent"),
    constant("Sharing mode", "sharingNone"),
    D("Thin", None, lambda d: str(d.vm.number % 4 != 0)),
    constant("Eagerly Scrub", "False"),
    constant("Split", "False"),
    constant("Write Through", "False"),
    constant("Level", "normal"),
    constant("Shares", 1000),
    constant("Reservation", 0),
    constant("Limit", -1),
    constant("Controller", "VMware paravirtual SCSI"),
    constant("Label", "SCSI controller 0"),
    D("SCSI Unit #", None, lambda d: d.index),
    D("Unit #", None, lambda d: d.index),
    constant("Shared Bus", "noSharing"),
    D("Path", None, lambda d: f"[{d.vm.cluster}-DS01] {d.vm.name}/{d.vm.name}_{d.index}.vmdk"),
    constant("Raw LUN ID", ""),
    constant("Raw Comp. Mode", ""),
    D("Internal Sort Column", None, lambda d: f"{d.moid}{2000 + d.index}"),
    *DETAIL_TAIL,
)  # fmt: skip
VPARTITION: Final = (
    *HEAD,
    D("Disk Key", "component_key", lambda d: 2000 + d.index, (None,)),
    D("Disk", "component_name", lambda d: d.disk.mount),
    D("Capacity MiB", "component_capacity_gb", lambda d: d.disk.size - 500, ("storage_gb",)),
    D("Consumed MiB", "component_used_gb", lambda d: d.disk.used, ("storage_used_gb",)),
    D("Free MiB", "component_free_gb", lambda d: d.disk.size - 500 - d.disk.used, (None,)),
    D("Free %", None, lambda d: 100 - d.disk.used * 100 // (d.disk.size - 500)),
    D("Internal Sort Column", None, lambda d: f"{d.moid}{d.disk.mount}"),
    *DETAIL_TAIL,
)
VNETWORK: Final = (
    *HEAD,
    N("NIC label", "component_name", lambda n: f"Network adapter {n.index + 1}"),
    constant("Adapter", "Vmxnet3"),
    N("Network", "network_segment", lambda n: n.nic.network),
    N("Switch", None, lambda n: f"dvSwitch-{n.vm.site.code}"),
    N("Connected", None, lambda n: str(n.running)),
    constant("Starts Connected", "True"),
    N("Mac Address", "mac_address", lambda n: n.nic.mac),
    constant("Type", "assigned"),
    N("IPv4 Address", "ip_address", lambda n: n.nic.ip if n.running else ""),
    constant("IPv6 Address", "", "ip_address", (None,)),
    constant("Direct Path IO", "False"),
    N("Internal Sort Column", None, lambda n: f"{n.moid}{4000 + n.index}"),
    *DETAIL_TAIL,
)
