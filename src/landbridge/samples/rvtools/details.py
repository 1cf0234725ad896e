"""Columns of the sheets that tell more about each VM, one row for each: vCPU, vMemory, vTools."""

from __future__ import annotations

from typing import Final

from landbridge.samples.rvtools.view import DETAIL_TAIL, HEAD, IDS, V
from landbridge.samples.tables import constant

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
