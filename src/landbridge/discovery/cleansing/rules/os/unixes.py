"""Linux distributions, Unix systems, hypervisors and systems of network and storage devices."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
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

_PACK = re.compile(r"\b(\d{2})[ .-]*(?:sp|service ?pack)[ .-]?(\d)\b|sles?[- ]?(\d{2})[ .-]?sp(\d)")
_UPDATE = re.compile(
    r"\b(?:rhel|as|es|ws|server|linux|release)?[ -]?(\d{1,2}) (?:update|u) ?(\d{1,2})\b"
)
_GLUED = re.compile(r"[a-z](\d+(?:\.\d+)*)")
_BUILD = re.compile(r"build[ -]?(\d{5,9})")
_CODE_NAMES: Final = {
    "precise": "12.04", "trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04",
    "jammy": "22.04", "noble": "24.04", "resolute": "26.04", "squeeze": "6", "wheezy": "7",
    "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12",
    "trixie": "13",
}  # fmt: skip
_MAC_NAMES: Final = {
    "catalina": "10.15", "mojave": "10.14", "high sierra": "10.13", "sierra": "10.12",
    "big sur": "11", "monterey": "12", "ventura": "13", "sonoma": "14", "sequoia": "15",
    "tahoe": "26",
}  # fmt: skip


def _number(word: str) -> str | None:
    found = first_version(word)
    if found is None and (glued := _GLUED.search(word)):
        return glued[1]
    return found


def _red_hat(word: str) -> str | None:
    update = _UPDATE.search(word)
    return f"{update[1]}.{update[2]}" if update else _number(word)


def _suse(word: str) -> str | None:
    if pack := _PACK.search(word):
        return f"{pack[1] or pack[3]}.{pack[2] or pack[4]}"
    return _number(word)


def _code_name(word: str) -> str | None:
    if found := first_version(word):
        return found
    return next((v for name, v in _CODE_NAMES.items() if name in word), None) or _number(word)


def _aix(word: str) -> str | None:
    if level := re.search(r"\b([5-7])(\d)00-(\d\d)", word):
        return f"{level[1]}.{level[2]}.{int(level[3])}"
    level = re.search(r"\b([4-7]\.\d)\b.*?\b(?:tl|technology level|ml)[ -]?0?(\d+)", word)
    return f"{level[1]}.{level[2]}" if level else _number(word)


def _hp_ux(word: str) -> str | None:
    named = re.search(r"11 ?i ?v(?:ersion)? ?([123])", word)
    if named:
        return {"1": "11.11", "2": "11.23", "3": "11.31"}[named[1]]
    found = re.search(r"b?\.?(1[01]\.\d\d)", word)
    return found[1] if found else _number(word)


def _solaris(word: str) -> str | None:
    if kernel := re.search(r"\b5\.(\d{1,2})(?:\.\d+)*\b", word):
        return re.sub(r"^5\.", "", kernel[0]) if int(kernel[1]) > 5 else kernel[0]
    return _number(word)


def _ibm_i(word: str) -> str | None:
    found = re.search(r"\bv(\d) ?r(\d)", word)
    return f"{found[1]}.{found[2]}" if found else first_version(word)


def _mac(word: str) -> str | None:
    return first_version(word) or next((v for n, v in _MAC_NAMES.items() if n in word), None)


def _esxi(word: str) -> str | None:
    return _number(_BUILD.sub(" ", word))


def _device(word: str) -> str | None:
    found = re.search(r"(?<![\w.])v?(\d+\.\d+[\w.()-]*|\d{1,2})(?![\w.])", word)
    return found[1].upper().replace("X", "x") if found else None


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
    ("Red Hat OpenShift", r"openshift|red hat coreos|rhcos", LINUX, _number),
    ("Fedora", r"\bfedora\b", LINUX, _number),
    ("CentOS Stream", r"centos ?stream", LINUX, _number),
    ("CentOS", r"cent ?os", LINUX, _number),
    ("Rocky Linux", r"\brocky\b", LINUX, _number),
    ("AlmaLinux", r"alma ?linux", LINUX, _number),
    ("Oracle Linux", r"oracle[\w ]* ?linux|linux oracle|\boel\b|\bol ?[5-9]\b", LINUX, _number),
    ("Scientific Linux", r"scientific linux", LINUX, _number),
    ("Red Hat Enterprise Linux", r"red ?hat|\brhel|\brhas\b|\brhes\b", LINUX, _red_hat),
    ("Ubuntu", r"ubuntu", LINUX, _code_name),
    ("openSUSE", r"open ?suse", LINUX, _number),
    ("SUSE Linux Enterprise Server", r"\bsles?\b|\bsles?[- ]?\d|suse|\bsled\b", LINUX, _suse),
    ("Amazon Linux", r"amazon ?linux|\bamzn|\bal2(?:023)?\b|amazonlinux", LINUX, _number),
    ("Debian", r"debian", LINUX, _code_name),
    ("Proxmox VE", r"proxmox", HYPERVISOR, _number),
    ("VMware Photon OS", r"photon", LINUX, _number),
    ("Alpine Linux", r"alpine", LINUX, _number),
    ("Arch Linux", r"\barch ?linux", LINUX, _number),
    ("Gentoo", r"gentoo", LINUX, _number),
    ("Kali Linux", r"\bkali\b", LINUX, _number),
    ("Linux Mint", r"linux mint", LINUX, _number),
    ("Raspberry Pi OS", r"raspbian|raspberry pi os", LINUX, _code_name),
    ("Flatcar Linux", r"flatcar|core ?os", LINUX, _number),
    ("VMware vCenter Server", r"vcenter|\bvcsa\b", HYPERVISOR, _esxi),
    ("VMware ESXi", r"\besx|vmkernel|vmware vsphere", HYPERVISOR, _esxi),
    ("Nutanix AOS", r"nutanix|\bacropolis\b|\bahv\b|\baos\b", HYPERVISOR, _number),
    ("Citrix Hypervisor", r"xenserver|citrix hypervisor|\bxcp-ng\b", HYPERVISOR, _number),
    ("AIX", r"\baix\b|\baix\d", UNIX, _aix),
    ("HP-UX", r"hp[ -]?ux", UNIX, _hp_ux),
    ("Solaris", r"solaris|sunos|\bsun os\b", UNIX, _solaris),
    ("IBM i", r"\bibm i\b|\bos/?400\b|\bi5/?os\b|\biseries\b|\bas/?400\b", UNIX, _ibm_i),
    ("z/OS", r"\bz/?os\b|\bos/?390\b", UNIX, first_version),
    ("FreeBSD", r"freebsd", UNIX, _number),
    ("OpenBSD", r"openbsd", UNIX, _number),
    ("NetBSD", r"netbsd", UNIX, _number),
    ("macOS", r"mac ?os|\bos x\b|\bosx\b|darwin", UNIX, _mac),
    ("OpenVMS", r"open ?vms\b", UNIX, first_version),
    ("Tru64 UNIX", r"tru64|digital unix", UNIX, first_version),
    ("NetWare", r"netware", UNIX, first_version),
    ("Cisco IOS XE", r"ios[ -]?xe", DEVICE, _device),
    ("Cisco IOS XR", r"ios[ -]?xr", DEVICE, _device),
    ("Cisco NX-OS", r"\bnx-?os\b", DEVICE, _device),
    ("Cisco IOS", r"cisco ios|cisco internetwork|^ios\b", DEVICE, _device),
    ("Cisco ASA", r"\basa\b|adaptive security appliance", DEVICE, _device),
    ("PAN-OS", r"\bpan-?os\b", DEVICE, _device),
    ("FortiOS", r"forti ?os|fortigate", DEVICE, _device),
    ("Junos", r"\bjunos\b|\bjunos os\b", DEVICE, _device),
    ("Arista EOS", r"arista|\beos\b", DEVICE, _device),
    ("ArubaOS", r"aruba ?os", DEVICE, _device),
    ("Check Point Gaia", r"\bgaia\b", DEVICE, _device),
    ("F5 BIG-IP", r"big-?ip|\btmos\b", DEVICE, _device),
    ("NetApp ONTAP", r"\bontap\b", DEVICE, _device),
    ("Brocade Fabric OS", r"\bfos\b|fabric os", DEVICE, _device),
    ("Purity", r"\bpurity\b", DEVICE, _device),
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
            build = _BUILD.search(word)
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
