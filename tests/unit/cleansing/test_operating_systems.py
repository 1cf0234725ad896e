"""Operating systems are recognised by the names that tools and people give them."""

import pytest

from landbridge.discovery.cleansing.rules import cleanse

SERVER = "Windows Server"
RHEL = "Red Hat Enterprise Linux"
SLES = "SUSE Linux Enterprise Server"


@pytest.mark.parametrize(
    ("raw", "name", "version"),
    [
        ("Microsoft Windows Server 2016 (64-bit)", SERVER, "2016"),
        ("Microsoft Windows Server 2012 R2 Standard", SERVER, "2012 R2"),
        ("Windows Server 2012R2", SERVER, "2012 R2"),
        ("Windows 2008 R2 SP1", SERVER, "2008 R2 SP1"),
        ("Microsoft® Windows Server® 2008 Standard Service Pack 2", SERVER, "2008 SP2"),
        ("Win2k12 R2", SERVER, "2012 R2"),
        ("w2k8r2", SERVER, "2008 R2"),
        ("WIN2K3", SERVER, "2003"),
        ("Win2019", SERVER, "2019"),
        ("Windows 2016 Datacenter", SERVER, "2016"),
        ("Windows Server, version 1909", SERVER, "1909"),
        ("Windows 2000", SERVER, "2000"),
        ("Microsoft Windows Server 2016 or later (64-bit)", SERVER, None),
        ("Windows Server", SERVER, None),
        ("Windows", "Windows", None),
        ("Windows 10", "Windows", "10"),
        ("Windows 11 Pro 23H2", "Windows", "11 23H2"),
        ("Microsoft Windows 10 Enterprise 10.0.19045", "Windows", "10 22H2"),
        ("Windows 10 Enterprise LTSC 2019", "Windows", "10 1809"),
        ("Microsoft Windows 7 Professional SP1", "Windows", "7 SP1"),
        ("Windows 8.1", "Windows", "8.1"),
        ("Windows XP Professional", "Windows", "XP"),
        ("Microsoft Hyper-V Server 2016", "Hyper-V Server", "2016"),
        ("RHEL 7.9", RHEL, "7.9"),
        ("Red Hat Enterprise Linux 7 (64-bit)", RHEL, "7"),
        ("Red Hat Enterprise Linux Server release 7.9 (Maipo)", RHEL, "7.9"),
        ("Linux Red Hat", RHEL, None),
        ("RedHat 6 Update 5", RHEL, "6.5"),
        ("rhel8", RHEL, "8"),
        ("Red Hat Fedora (32-bit)", "Fedora", None),
        ("CentOS 4/5 or later", "CentOS", None),
        ("CentOS 4/5/6/7 (64-bit)", "CentOS", None),
        ("CentOS Linux release 7.6.1810 (Core)", "CentOS", "7.6.1810"),
        ("CentOS Stream 9", "CentOS Stream", "9"),
        ("Ubuntu Linux (64-bit)", "Ubuntu", None),
        ("Ubuntu 22.04.3 LTS", "Ubuntu", "22.04.3"),
        ("Ubuntu focal", "Ubuntu", "20.04"),
        ("Debian GNU/Linux 11 (bullseye)", "Debian", "11"),
        ("SLES 12 SP5", SLES, "12.5"),
        ("SUSE Linux Enterprise Server 15 SP4", SLES, "15.4"),
        ("SUSE Linux Enterprise 12 (64-bit)", SLES, "12"),
        ("openSUSE Leap 15.3", "openSUSE", "15.3"),
        ("Oracle Linux Server release 7.9", "Oracle Linux", "7.9"),
        ("Rocky Linux 8.8", "Rocky Linux", "8.8"),
        ("AlmaLinux 9.2", "AlmaLinux", "9.2"),
        ("Amazon Linux 2 (64-bit)", "Amazon Linux", "2"),
        ("Amazon Linux AMI 2018.03", "Amazon Linux", "2018.03"),
        ("Other 3.x or later Linux (64-bit)", "Linux", None),
        ("SunOS 5.10", "Solaris", "10"),
        ("Oracle Solaris 11.4", "Solaris", "11.4"),
        ("AIX 7.2 TL5 SP3", "AIX", "7.2.5"),
        ("AIX 7.2", "AIX", "7.2"),
        ("HP-UX B.11.31", "HP-UX", "11.31"),
        ("HP-UX 11i v3", "HP-UX", "11.31"),
        ("IBM i V7R4", "IBM i", "7.4"),
        ("macOS 12 Monterey", "macOS", "12"),
        ("Apple macOS 10.15.7", "macOS", "10.15.7"),
        ("VMware ESXi 6.7.0 build-14320388", "VMware ESXi", "6.7.0"),
        ("ESX", "VMware ESXi", None),
        ("Cisco IOS XE 17.9", "Cisco IOS XE", "17.9"),
        ("IOS 15.2(7)E3", "Cisco IOS", "15.2(7)E3"),
        ("ONTAP 9.8P4", "NetApp ONTAP", "9.8P4"),
    ],
)
def test_product_and_release(raw, name, version):
    values = cleanse("os_name", raw).values
    assert (values.get("os_name"), values.get("os_version")) == (name, version)


@pytest.mark.parametrize(
    ("raw", "edition"),
    [
        ("Windows Server 2019 Standard", "Standard"),
        ("MS Windows 2012 R2 Std", "Standard"),
        ("Windows 2016 Datacenter", "Datacenter"),
        ("Windows 10 Enterprise LTSC 2019", "Enterprise LTSC"),
        ("Windows Server 2019", None),
    ],
)
def test_the_edition(raw, edition):
    assert cleanse("os_name", raw).values.get("os_edition") == edition


def test_the_build_is_kept():
    raw = "VMware ESXi 6.7.0 build-14320388"
    assert cleanse("os_name", raw).values["os_build"] == "14320388"


def test_an_unknown_system_keeps_its_name_and_says_so():
    cleansed = cleanse("os_name", "TempleOS 5.03")
    assert cleansed.values == {"os_name": "TempleOS 5.03"}
    assert cleansed.issue.code == "OPERATING_SYSTEM_NOT_RECOGNISED"


def test_a_version_column_that_names_the_product_tells_the_system():
    assert cleanse("os_version", "VMware ESXi 7.0.3").values == {
        "os_name": "VMware ESXi",
        "os_version": "7.0.3",
    }
    assert cleanse("os_version", "10.0.17763").values == {"os_version": "10.0.17763"}
