"""From what an inventory says to the cycles of the end-of-life data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from landbridge.discovery.techdebt.eol import Cycle

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

_DATABASES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), product)
    for pattern, product in (
        (r"sql ?server|mssql|\bms ?sql\b|msft sql", "mssqlserver"),
        (r"maria ?db", "mariadb"),
        (r"my ?sql", "mysql"),
        (r"postgre|pgsql|edb", "postgresql"),
        (r"mongo", "mongodb"),
        (r"\bdb2\b|\budb\b", "ibm-db2"),
        (r"redis", "redis"),
        (r"elastic", "elasticsearch"),
        (r"cassandra", "apache-cassandra"),
        (r"informix", "informix"),
        (r"sybase|\bsap ase\b|adaptive server", "sybase-ase"),
        (r"hana", "sap-hana"),
        (r"oracle|\bora\b", "oracle-database"),
    )
)
_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*+)", re.IGNORECASE)
_PACK = re.compile(r"\b(?:sp|service pack) ?(\d)", re.IGNORECASE)
_SQL_YEARS: Final = {
    "2000": "8.0", "2005": "9.0", "2008": "10.0", "2008 R2": "10.50", "2012": "11.0",
    "2014": "12.0", "2016": "13.0", "2017": "14.0", "2019": "15.0", "2022": "16.0", "2025": "17.0",
}  # fmt: skip
_SQL_PACK_FLOORS: Final[dict[tuple[int, ...], tuple[int, ...]]] = {
    (10, 0): (2531, 4000, 5500, 6000), (10, 50): (2500, 4000, 6000),
    (11, 0): (3000, 5058, 6020, 7001), (12, 0): (4100, 5000, 6024), (13, 0): (4001, 5026, 6300),
}  # fmt: skip
_CLIENT_OLD: Final = {"xp": "5-sp3", "vista": "6-sp2"}

Numbers = tuple[int, ...]


def database_product(*texts: str | None) -> str | None:
    """The product key of the first text that names a database engine."""
    for text in texts:
        for pattern, product in _DATABASES:
            if text and pattern.search(text):
                return product
    return None


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


def by_numbers(cycles: Sequence[Cycle], version: str) -> list[Cycle]:
    """Cycles whose numbers begin the version's, longest first; or that the version begins."""
    given = numbers(version)
    if not given:
        return []
    keyed = [(numbers(c.cycle), c) for c in cycles]
    finer = [c for k, c in keyed if k[: len(given)] == given]
    if finer:
        return finer
    coarser = [(len(k), c) for k, c in keyed if k and given[: len(k)] == k]
    longest = max((n for n, _ in coarser), default=0)
    return [c for n, c in coarser if n == longest]


def numbers(text: str) -> Numbers:
    """The numbers of the first version in a text: '12.1.0.2' is (12, 1, 0, 2)."""
    found = _VERSION.search(text)
    return tuple(int(n) for n in found[1].split(".")) if found else ()


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


def _sql_server(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    pack = _PACK.search(version)
    year = re.search(r"\b(20\d\d)(?: ?(r2))?\b", version, re.IGNORECASE)
    build = re.search(r"\b(\d{1,2}\.\d{1,2})\.(\d{4})", version)
    if build:
        key = numbers(build[1])
        floors = _SQL_PACK_FLOORS.get(key[:2], ())
        level = sum(1 for floor in floors if int(build[2]) >= floor)
        known = bool(floors)
    elif year and (major := _SQL_YEARS.get(year[1] + (" R2" if year[2] else ""))):
        key, level, known = numbers(major), int(pack[1]) if pack else 0, pack is not None
    else:
        key, level, known = numbers(version)[:2], 0, False
    of_release = [c for c in cycles if numbers(c.cycle.split("-")[0]) == key]
    if not known:
        return of_release
    return [c for c in of_release if _sql_level(c.cycle) == level] or of_release


def _sql_level(cycle: str) -> int:
    """The service pack of a SQL Server cycle; -1 for special editions."""
    _, _, rest = cycle.partition("-")
    found = re.fullmatch(r"sp(\d)a?", rest)
    if found:
        return int(found[1])
    return 0 if rest in {"", "r2"} else -1


def _oracle(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    release = re.search(r"(\d{1,2}) ?[cgi]? ?(?:r|release )(\d)", version, re.IGNORECASE)
    return by_numbers(cycles, f"{release[1]}.{release[2]}" if release else version)


_SPECIAL: Final[dict[str, Callable[[Sequence[Cycle], str, str], list[Cycle]]]] = {
    "windows-server": _windows_server,
    "windows": _windows,
    "hyper-v-server": _hyper_v,
    "mssqlserver": _sql_server,
    "oracle-database": _oracle,
}
