"""Operating systems, databases and hardware of the sample estate, as each tool spells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Release:
    """One operating system release.

    Attributes:
        product: product key of the end-of-life data.
        cycle: release cycle of the end-of-life data.
        family: windows, linux or unix.
        config: "OS according to the configuration file" in RVTools.
        tools: "OS according to the VMware Tools" in RVTools.
        vm_cycle: the cycle that the RVTools texts alone reveal, None when they leave it open.
        snow: ServiceNow "Operating System".
        snow_version: ServiceNow "OS Version".
        german: text in the German list.
        weight: how common the release is among the machines that may have it.
    """

    product: str
    cycle: str
    family: str
    config: str
    tools: str
    vm_cycle: str | None
    snow: str
    snow_version: str
    german: str
    weight: int


def _windows(
    cycle: str, year: str, build: str, weight: int, seen: str | None = None, config: str = ""
) -> Release:
    shown = f"Microsoft Windows Server {seen or year} (64-bit)"
    return Release(
        "windows-server", cycle, "windows", config or shown, shown,
        (seen or cycle), f"Windows {year} Standard", build, f"Windows Server {year} Std", weight,
    )  # fmt: skip


def _linux(
    product: str, cycle: str, shown: str, version: str | None, snow: tuple[str, str],
    german: str, weight: int, config: str = "",
) -> Release:  # fmt: skip
    return Release(product, cycle, "linux", config or shown, shown, version, *snow, german, weight)


_LATER: Final = "Microsoft Windows Server 2016 or later (64-bit)"
_OLD_CENTOS: Final = "CentOS 4/5/6/7 (64-bit)"
_OLD_ORACLE: Final = "Oracle Linux 4/5/6/7 (64-bit)"

VIRTUAL: Final = (
    _windows("2003-sp2", "2003", "5.2.3790", 1, "2003"),
    _windows("2008-r2-sp1", "2008 R2", "6.1.7601", 4),
    _windows("2012", "2012", "6.2.9200", 3),
    _windows("2012-r2", "2012 R2", "6.3.9600", 12, "2012"),
    _windows("2016", "2016", "10.0.14393", 18),
    _windows("2019", "2019", "10.0.17763", 22, config=_LATER),
    _windows("2022", "2022", "10.0.20348", 12),
    _linux("rhel", "6", "Red Hat Enterprise Linux 6 (64-bit)", "6", ("Linux Red Hat", "6.10"),
           "RHEL 6.10", 2),
    _linux("rhel", "7", "Red Hat Enterprise Linux 7 (64-bit)", "7", ("Linux Red Hat", "7.9"),
           "RHEL 7.9", 11),
    _linux("rhel", "8", "Red Hat Enterprise Linux 8 (64-bit)", "8", ("Linux Red Hat", "8.8"),
           "RHEL 8.8", 9),
    _linux("rhel", "9", "Red Hat Enterprise Linux 9 (64-bit)", "9", ("Linux Red Hat", "9.4"),
           "RHEL 9.4", 4),
    _linux("centos", "7", "CentOS 7 (64-bit)", "7", ("Linux CentOS", "7.9.2009"),
           "CentOS 7", 6, _OLD_CENTOS),
    _linux("sles", "12.5", "SUSE Linux Enterprise 12 (64-bit)", None, ("Linux SuSE", "12.5"),
           "SLES 12 SP5", 5),
    _linux("sles", "15.3", "SUSE Linux Enterprise 15 (64-bit)", None, ("Linux SuSE", "15.3"),
           "SLES 15 SP3", 4),
    _linux("ubuntu", "18.04", "Ubuntu Linux (64-bit)", None, ("Linux Ubuntu", "18.04"),
           "Ubuntu 18.04 LTS", 3),
    _linux("ubuntu", "20.04", "Ubuntu Linux (64-bit)", None, ("Linux Ubuntu", "20.04"),
           "Ubuntu 20.04 LTS", 4),
    _linux("ubuntu", "22.04", "Ubuntu Linux (64-bit)", None, ("Linux Ubuntu", "22.04"),
           "Ubuntu 22.04 LTS", 3),
    _linux("debian", "10", "Debian GNU/Linux 10 (64-bit)", "10", ("Linux Debian", "10.13"),
           "Debian 10", 2),
    _linux("oracle-linux", "7", "Oracle Linux 7 (64-bit)", "7", ("Linux Oracle", "7.9"),
           "Oracle Linux 7.9", 3, _OLD_ORACLE),
)  # fmt: skip


def _unix(product: str, cycle: str, snow: tuple[str, str], german: str, weight: int) -> Release:
    return Release(product, cycle, "unix", "", "", None, *snow, german, weight)


MIDRANGE: Final = (
    _unix("ibm-aix", "7.1.5", ("AIX", "7.1.5"), "AIX 7.1 TL5", 2),
    _unix("ibm-aix", "7.2.5", ("AIX", "7.2.5"), "AIX 7.2 TL5", 3),
    _unix("oracle-solaris", "10", ("Solaris", "10"), "Solaris 10", 2),
    _unix("oracle-solaris", "11.4", ("Solaris", "11.4"), "Solaris 11.4", 1),
    _unix("hp-ux", "11.31", ("HP-UX", "11.31"), "HP-UX 11.31", 1),
)

ESXI: Final = (("6.7", "6.7.0 build-17700523"), ("7.0", "7.0.3 build-21930508"))


@dataclass(frozen=True, slots=True)
class Engine:
    """One database product in one version, as CMDB and list spell it."""

    product: str
    cycle: str
    snow_class: str
    title: str
    version: str
    port: int
    process: str
    prefix: str
    family: str


ENGINES: Final = (
    Engine("oracle-database", "12.1", "Oracle Instance", "Oracle Database", "12.1.0.2.0",
           1521, "oracle", "ORA", "unix"),
    Engine("oracle-database", "19", "Oracle Instance", "Oracle Database", "19.21.0.0.0",
           1521, "oracle", "ORA", "linux"),
    Engine("mssqlserver", "12.0-sp3", "MS SQL Instance", "Microsoft SQL Server", "2014 SP3",
           1433, "sqlservr.exe", "SQL", "windows"),
    Engine("mssqlserver", "15.0", "MS SQL Instance", "Microsoft SQL Server", "2019",
           1433, "sqlservr.exe", "SQL", "windows"),
    Engine("postgresql", "11", "PostgreSQL Instance", "PostgreSQL", "11.22",
           5432, "postgres", "PG", "linux"),
    Engine("postgresql", "15", "PostgreSQL Instance", "PostgreSQL", "15.8",
           5432, "postgres", "PG", "linux"),
    Engine("mysql", "5.7", "MySQL Instance", "MySQL", "5.7.44", 3306, "mysqld", "MY", "linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hardware:
    """One server model; speeds in MHz."""

    vendor: str
    model: str
    cpu: str
    mhz: int
    sockets: int
    cores: int
    family: str


MODELS: Final = (
    Hardware("HPE", "ProLiant DL380 Gen10", "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz",
             2095, 2, 40, "x86"),
    Hardware("HP", "ProLiant DL360 Gen9", "Intel(R) Xeon(R) CPU E5-2640 v4 @ 2.40GHz",
             2400, 2, 20, "x86"),
    Hardware("Dell Inc.", "PowerEdge R740", "Intel(R) Xeon(R) Gold 5218 CPU @ 2.30GHz",
             2295, 2, 32, "x86"),
    Hardware("FUJITSU", "PRIMERGY RX2540 M4", "Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz",
             2195, 2, 20, "x86"),
    Hardware("IBM", "Power S822", "POWER8 @ 3.42GHz", 3425, 2, 20, "ibm-aix"),
    Hardware("Oracle Corporation", "SPARC T5-2", "SPARC-T5 @ 3.60GHz", 3600, 2, 32,
             "oracle-solaris"),
    Hardware("HP", "Integrity rx2800 i4", "Intel(R) Itanium(R) 9560 @ 2.53GHz", 2530, 2, 16,
             "hp-ux"),
)  # fmt: skip

VMWARE: Final = Hardware("VMware, Inc.", "VMware Virtual Platform", "", 0, 1, 0, "x86")
