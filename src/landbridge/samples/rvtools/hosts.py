"""Columns of the sheets about hosts and clusters."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from landbridge.samples.machines import TODAY
from landbridge.samples.model import Cluster, Machine
from landbridge.samples.names import DOMAIN, VCENTER
from landbridge.samples.releases import ESXI
from landbridge.samples.rvtools.view import VCENTER_UUID
from landbridge.samples.tables import Column, constant

H = Column[Machine]
C = Column[Cluster]

VHOST: Final = (
    H("Host", "hostname", lambda h: h.fqdn, ("fqdn", "host_system")),
    H("Datacenter", "datacenter", lambda h: h.site.datacenter),
    H("Cluster", "cluster", lambda h: h.cluster),
    constant("Config status", "green"),
    constant("Compliance Check State", ""),
    constant("in Maintenance Mode", "False"),
    constant("in Quarantine Mode", "False"),
    constant("vSAN Fault Domain Name", ""),
    H("CPU Model", "cpu_model", lambda h: h.hardware.cpu),
    H("Speed", "cpu_speed", lambda h: h.hardware.mhz),
    constant("HT Available", "True"),
    constant("HT Active", "True"),
    H("# CPU", "cpu_sockets", lambda h: h.sockets),
    H("Cores per CPU", None, lambda h: h.cores // h.sockets, ("cpu_cores",)),
    H("# Cores", "cpu_cores", lambda h: h.cores),
    H("CPU usage %", "cpu_utilization", lambda h: 9 + h.number % 50),
    H("# Memory", "memory_gb", lambda h: h.memory),
    constant("Memory Tiering Type", "noTiering"),
    H("Memory usage %", "memory_utilization", lambda h: 30 + h.number % 60),
    constant("Console", 0),
    constant("# NICs", 4),
    constant("# HBAs", 2),
    constant("# VMs total", 18),
    constant("# VMs", 17),
    H("VMs per Core", None, lambda h: round(18 / h.cores, 4)),
    constant("# vCPUs", 84),
    H("vCPUs per Core", None, lambda h: round(84 / h.cores, 4)),
    H("vRAM", None, lambda h: h.memory // 2),
    H("VM Used memory", None, lambda h: h.memory // 3),
    constant("VM Memory Swapped", 0),
    constant("VM Memory Ballooned", 0),
    constant("VMotion support", "True"),
    constant("Storage VMotion support", "True"),
    constant("Current EVC", ""),
    constant("Max EVC", "intel-cascadelake"),
    constant("Assigned License(s)", "vSphere 7 Enterprise Plus", None, ("software_version",)),
    constant("ATS Heartbeat", 1),
    constant("ATS Locking", 1),
    constant("Current CPU power man. policy", "Balanced"),
    constant("Supported CPU power man.", "ACPI C-states"),
    constant("Host Power Policy", "dynamic"),
    H("ESX Version", "os_version", lambda h: f"VMware ESXi {ESXI[h.esxi][1]}",
      ("hypervisor", "os_name")),
    H("Boot time", None, lambda h: TODAY - timedelta(days=20 + h.number % 300)),
    constant("DNS Servers", "10.23.0.20, 10.23.0.21"),
    constant("DHCP", "False"),
    constant("Domain", DOMAIN, "domain"),
    constant("Domain List", DOMAIN, None, ("domain",)),
    constant("DNS Search Order", DOMAIN, None, ("domain",)),
    constant("NTP Server(s)", "10.23.0.20"),
    constant("NTPD running", "True"),
    constant("Time Zone", "UTC"),
    constant("Time Zone Name", "UTC"),
    constant("GMT Offset", 0),
    H("Vendor", "manufacturer", lambda h: h.hardware.vendor),
    H("Model", "model", lambda h: h.hardware.model),
    H("Serial number", "serial_number", lambda h: h.serial),
    H("Service tag", "serial_number", lambda h: h.serial, (None,)),
    constant("OEM specific string", ""),
    H("BIOS Vendor", None, lambda h: h.hardware.vendor, ("manufacturer",)),
    constant("BIOS Version", "U30"),
    constant("BIOS Date", TODAY - timedelta(days=900)),
    constant("Certificate Issuer", "CN=CA"),
    constant("Certificate Start Date", TODAY - timedelta(days=700)),
    constant("Certificate Expiry Date", TODAY + timedelta(days=1100)),
    constant("Certificate Status", "good"),
    H("Certificate Subject", None, lambda h: f"CN={h.fqdn}"),
    H("Object ID", "asset_id", lambda h: f"host-{h.number}"),
    constant("AutoDeploy.MachineIdentity", ""),
    H("UUID", "uuid", lambda h: h.uuid),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)  # fmt: skip

VCLUSTER: Final = (
    C("Name", "hostname", lambda c: c.name, ("cluster",)),
    constant("Config status", "green"),
    constant("OverallStatus", "green", None, ("status",)),
    C("NumHosts", None, lambda c: len(c.hosts)),
    C("numEffectiveHosts", None, lambda c: len(c.hosts)),
    C("TotalCpu", None, lambda c: sum(h.cores * h.hardware.mhz for h in c.hosts), ("cpu_speed",)),
    C("NumCpuCores", "cpu_cores", lambda c: sum(h.cores for h in c.hosts), (None,)),
    C("NumCpuThreads", None, lambda c: 2 * sum(h.cores for h in c.hosts)),
    C("Effective Cpu", None, lambda c: sum(h.cores * h.hardware.mhz for h in c.hosts)),
    C("TotalMemory", "memory_gb", lambda c: sum(h.memory for h in c.hosts), (None,)),
    C("Effective Memory", None, lambda c: sum(h.memory for h in c.hosts), ("memory_gb",)),
    constant("Num VMotions", 412),
    constant("HA enabled", "True"),
    constant("Failover Level", 1),
    constant("DRS enabled", "True"),
    constant("DRS default VM behavior", "fullyAutomated"),
    constant("DPM enabled", "False"),
    C("Object ID", "asset_id", lambda c: f"domain-c{c.site.octet}{len(c.hosts)}"),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)
