"""Linux distributions, Unix systems, hypervisors and systems of network and storage devices."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.os import releases as r
from landbridge.discovery.cleansing.rules.os.model import (
    FAMILY,
    RANGE,
    System,
    first_version,
    is_range,
)

LINUX: Final = rule(
    "os.linux_distribution",
    "Linux distribution and release",
    "The distribution by its usual names, the release by its number ('7.9'), by its service "
    "pack ('12 SP5' is 12.5) or by its code name ('focal' is 20.04).",
)
UNIX: Final = rule(
    "os.unix",
    "Unix system and release",
    "AIX with its technology level ('7.2 TL5' is 7.2.5), HP-UX ('11i v3' is 11.31), Solaris "
    "('SunOS 5.10' is 10), IBM i ('V7R4' is 7.4), macOS, BSD and others.",
)
HYPERVISOR: Final = rule(
    "os.hypervisor",
    "Hypervisor and release",
    "ESXi, Proxmox VE, XenServer, Nutanix and others; the build number is kept beside the release.",
)
DEVICE: Final = rule(
    "os.device",
    "System of a network or storage device",
    "IOS, NX-OS, PAN-OS, FortiOS, Junos, ONTAP and others, with the release as the maker "
    "writes it.",
)


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    pattern: re.Pattern[str]
    rule: str
    version: Callable[[str], str | None]


def _products(
    *rows: tuple[str, str, str, Callable[[str], str | None]],
) -> tuple[_Product, ...]:
    return tuple(_Product(n, re.compile(p), r, v) for n, p, r, v in rows)


# The first match wins: a distribution is listed before the family it belongs to.
_PRODUCTS: Final = _products(
    ("Red Hat OpenShift", r"openshift|red hat coreos|rhcos", LINUX, r.number),
    ("Fedora", r"\bfedora\b", LINUX, r.number),
    ("CentOS Stream", r"centos ?stream", LINUX, r.number),
    ("CentOS", r"cent ?os", LINUX, r.number),
    ("Rocky Linux", r"\brocky\b", LINUX, r.number),
    ("AlmaLinux", r"alma ?linux", LINUX, r.number),
    ("Oracle Linux", r"oracle[\w ]* ?linux|linux oracle|\boel\b|\bol ?[5-9]\b", LINUX, r.number),
    ("Scientific Linux", r"scientific linux", LINUX, r.number),
    ("Red Hat Enterprise Linux", r"red ?hat|\brhel|\brhas\b|\brhes\b", LINUX, r.red_hat),
    ("Ubuntu", r"ubuntu", LINUX, r.code_name),
    ("openSUSE", r"open ?suse", LINUX, r.number),
    ("SUSE Linux Enterprise Server", r"\bsles?\b|\bsles?[- ]?\d|suse|\bsled\b", LINUX, r.suse),
    ("Amazon Linux", r"amazon ?linux|\bamzn|\bal2(?:023)?\b|amazonlinux", LINUX, r.number),
    ("Debian", r"debian", LINUX, r.code_name),
    ("Proxmox VE", r"proxmox", HYPERVISOR, r.number),
    ("VMware Photon OS", r"photon", LINUX, r.number),
    ("Alpine Linux", r"alpine", LINUX, r.number),
    ("Arch Linux", r"\barch ?linux", LINUX, r.number),
    ("Gentoo", r"gentoo", LINUX, r.number),
    ("Kali Linux", r"\bkali\b", LINUX, r.number),
    ("Linux Mint", r"linux mint", LINUX, r.number),
    ("Raspberry Pi OS", r"raspbian|raspberry pi os", LINUX, r.code_name),
    ("Flatcar Linux", r"flatcar|core ?os", LINUX, r.number),
    ("VMware vCenter Server", r"vcenter|\bvcsa\b", HYPERVISOR, r.esxi),
    ("VMware ESXi", r"\besx|vmkernel|vmware vsphere", HYPERVISOR, r.esxi),
    ("Nutanix AOS", r"nutanix|\bacropolis\b|\bahv\b|\baos\b", HYPERVISOR, r.number),
    ("Citrix Hypervisor", r"xenserver|citrix hypervisor|\bxcp-ng\b", HYPERVISOR, r.number),
    ("AIX", r"\baix\b|\baix\d", UNIX, r.aix),
    ("HP-UX", r"hp[ -]?ux", UNIX, r.hp_ux),
    ("Solaris", r"solaris|sunos|\bsun os\b", UNIX, r.solaris),
    ("IBM i", r"\bibm i\b|\bos/?400\b|\bi5/?os\b|\biseries\b|\bas/?400\b", UNIX, r.ibm_i),
    ("z/OS", r"\bz/?os\b|\bos/?390\b", UNIX, first_version),
    ("FreeBSD", r"freebsd", UNIX, r.number),
    ("OpenBSD", r"openbsd", UNIX, r.number),
    ("NetBSD", r"netbsd", UNIX, r.number),
    ("macOS", r"mac ?os|\bos x\b|\bosx\b|darwin", UNIX, r.mac),
    ("OpenVMS", r"open ?vms\b", UNIX, first_version),
    ("Tru64 UNIX", r"tru64|digital unix", UNIX, first_version),
    ("NetWare", r"netware", UNIX, first_version),
    ("Cisco IOS XE", r"ios[ -]?xe", DEVICE, r.device),
    ("Cisco IOS XR", r"ios[ -]?xr", DEVICE, r.device),
    ("Cisco NX-OS", r"\bnx-?os\b", DEVICE, r.device),
    ("Cisco IOS", r"cisco ios|cisco internetwork|^ios\b", DEVICE, r.device),
    ("Cisco ASA", r"\basa\b|adaptive security appliance", DEVICE, r.device),
    ("PAN-OS", r"\bpan-?os\b", DEVICE, r.device),
    ("FortiOS", r"forti ?os|fortigate", DEVICE, r.device),
    ("Junos", r"\bjunos\b|\bjunos os\b", DEVICE, r.device),
    ("Arista EOS", r"arista|\beos\b", DEVICE, r.device),
    ("ArubaOS", r"aruba ?os", DEVICE, r.device),
    ("Check Point Gaia", r"\bgaia\b", DEVICE, r.device),
    ("F5 BIG-IP", r"big-?ip|\btmos\b", DEVICE, r.device),
    ("NetApp ONTAP", r"\bontap\b", DEVICE, r.device),
    ("Brocade Fabric OS", r"\bfos\b|fabric os", DEVICE, r.device),
    ("Purity", r"\bpurity\b", DEVICE, r.device),
)  # fmt: skip
_LINUX = re.compile(r"\blinux\b|\bgnu/linux\b")
_UNIX = re.compile(r"\bunix\b")
_NOT_FAMILY = re.compile(r"\b(?:windows|other)\b")


def read(word: str) -> System | None:
    """What a text in lower case says of any system but Windows; None if it says nothing."""
    for product in _PRODUCTS:
        if product.pattern.search(word):
            if is_range(word):
                return System(product.name, RANGE)
            build = r.BUILD.search(word)
            return System(
                product.name, product.rule, product.version(word), build=build[1] if build else None
            )
    if _LINUX.search(word):
        return System("Linux", FAMILY)
    if _UNIX.search(word):
        return System("Unix", FAMILY)
    return None


NAMES: Final = frozenset(p.name for p in _PRODUCTS)
"""Every product this module can name."""


def release(name: str, text: str) -> str | None:
    """The release of a known product from a text that holds only the release.

    Args:
        name: one of `NAMES`.
        text: such as '7.9', '12 SP5', '7200-05-03', 'B.11.31'.
    """
    product = next((p for p in _PRODUCTS if p.name == name), None)
    word = text.lower()
    return product.version(word) if product and not is_range(word) else None
