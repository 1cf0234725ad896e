"""From what an inventory says to the cycles of the end-of-life data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from landbridge.discovery.techdebt import databases
from landbridge.discovery.techdebt.eol import Cycle
from landbridge.discovery.techdebt.versions import by_numbers

SYSTEMS: Final = {
    "Windows Server": "windows-server",
    "Windows": "windows",
    "Hyper-V Server": "hyper-v-server",
    "Red Hat Enterprise Linux": "rhel",
    "Red Hat OpenShift": "red-hat-openshift",
    "CentOS": "centos",
    "CentOS Stream": "centos-stream",
    "Rocky Linux": "rocky-linux",
    "AlmaLinux": "almalinux",
    "Oracle Linux": "oracle-linux",
    "Fedora": "fedora",
    "Ubuntu": "ubuntu",
    "Debian": "debian",
    "SUSE Linux Enterprise Server": "sles",
    "openSUSE": "opensuse",
    "Amazon Linux": "amazon-linux",
    "AIX": "ibm-aix",
    "HP-UX": "hp-ux",
    "Solaris": "oracle-solaris",
    "IBM i": "ibm-i",
    "VMware ESXi": "vmware-esxi",
    "VMware vCenter Server": "vmware-vcenter",
    "Nutanix AOS": "nutanix-aos",
    "Proxmox VE": "proxmox-ve",
    "NetApp ONTAP": "netapp-ontap",
    "Cisco IOS XE": "cisco-ios-xe",
    "FortiOS": "fortios",
}
"""Product key by the canonical operating system name."""

_CLIENT_OLD: Final = {"xp": "5-sp3", "vista": "6-sp2"}


def candidates(
    product: str, cycles: Sequence[Cycle], version: str, edition: str | None = None
) -> list[Cycle]:
    """The cycles a version may belong to: one if it is precise enough, several if it leaves
    the service pack, level or feature update open, none if the data does not list it.

    Args:
        product: key of the product.
        cycles: the cycles of the product.
        version: the release as cleansing writes it.
        edition: the edition, where it is known.
    """
    special = _SPECIAL.get(product)
    if special is not None:
        return special(cycles, version, edition or "")
    return by_numbers(cycles, version)


def _windows_server(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    key = version.lower().replace(" ", "-")
    named = [
        c for c in cycles if c.cycle == key or re.fullmatch(rf"{re.escape(key)}-sp\d", c.cycle)
    ]
    if named:
        return named
    channel = [c for c in cycles if c.cycle in {f"{key}-sac", f"{key}-ac"}]
    base = re.sub(r"-sp\d$", "", key)
    return channel or (_windows_server(cycles, base, edition) if base != key else [])


def _windows(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    release, _, update = version.lower().partition(" ")
    if release in _CLIENT_OLD:
        return [c for c in cycles if c.cycle == _CLIENT_OLD[release]]
    if release not in {"10", "11"}:
        return [c for c in cycles if c.cycle in {release, f"{release}-sp1"}]
    begins = f"{release}-{update}"
    named = [c for c in cycles if c.cycle == begins or c.cycle.startswith(f"{begins.rstrip('-')}-")]
    word = edition.lower()
    long_term = "lts" in word
    channels = {"e", "w", ""}
    if long_term:
        channels = {"iot-lts"} if "iot" in word else {"e-lts"}
    elif "enterprise" in word or "education" in word:
        channels = {"e", ""}
    elif word.startswith(("pro", "home")):
        channels = {"w", ""}
    kept = [c for c in named if _channel(c.cycle) in channels]
    return kept or [c for c in named if not long_term and "lts" not in c.cycle]


def _channel(cycle: str) -> str:
    """The servicing channel at the end of a Windows cycle: 'e', 'w', 'e-lts', 'iot-lts'."""
    return "-".join(cycle.split("-")[2:])


def _hyper_v(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    return [c for c in cycles if c.cycle.lower() == version.lower()]


_SPECIAL: Final[dict[str, Callable[[Sequence[Cycle], str, str], list[Cycle]]]] = {
    "windows-server": _windows_server,
    "windows": _windows,
    "hyper-v-server": _hyper_v,
    "mssqlserver": databases.sql_server,
    "oracle-database": databases.oracle,
}
