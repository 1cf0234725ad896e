"""Records unite the columns of a row; nothing that is not used is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.discovery.cleansing.assembly import Assembler, trust
from landbridge.discovery.cleansing.columns import Column, Outcomes
from landbridge.discovery.cleansing.hints import ColumnHints, SizeUnit
from landbridge.discovery.cleansing.rules.os.join import refines


def assembler(*columns, hints=None, many=False):
    made = []
    for index, (name, attribute) in enumerate(columns):
        own = (hints or {}).get(name, ColumnHints())
        outcomes = Outcomes(attribute, own) if attribute else None
        made.append(Column(index, name, attribute, outcomes, many))
    return OneByOne(made)


class OneByOne(Assembler):
    def record(self, number, cells):
        return self.batch([(number, cells)]).record(0)


def test_values_are_typed_and_customs_kept():
    record = assembler(("VM", "hostname"), ("RAM", "memory_gb"), ("Annotation", None)).record(
        7, ["srv01", "16 GB", " keep me "]
    )
    assert record.row_number == 7
    assert record.values == {"hostname": "srv01", "memory_gb": 16}
    assert record.custom == {"Annotation": " keep me "}


def test_columns_with_many_texts_give_the_same_records():
    columns = (
        *(("VM", "hostname"), ("FQDN", "fqdn"), ("IP", "ip_address"), ("MAC", "mac_address")),
        *(("UUID", "uuid"), ("Seen", "last_seen"), ("OS", "os_name"), ("Note", None)),
    )
    rows = [
        ["srv01", "srv01.example.com", "10.0.0.1", "00:50:56:9A:4F:1C", "", "2024-03-14", "", "x"],
        ["", "srv2.example.com", "10.0.0.1, 10.0.0.2", "0050569a4f1c", "x", "31.2.2020", "AIX", ""],
        ["n/a", "SRV3", "DHCP", "", "42237A0C-1D90-BC7E-77AA-30D1F0A3E2B1", "", "RHEL 7", ""],
    ]
    slow, fast = assembler(*columns), assembler(*columns, many=True)
    for row in rows:
        assert fast.record(1, row) == slow.record(1, row)


_TEXTS = st.sampled_from(
    (
        *("", " ", "n/a", "srv01", "srv01.example.com", "10.0.0.1", "10.0.0.2, 10.0.0.1"),
        *("Windows Server 2019", "RHEL 7", "7.9", "10.0.17763", "8 GB", "16", "4096 MB", "x y"),
        *("42237a0c-1d90-bc7e-77aa-30d1f0a3e2b1", "on", "31.2.2020", "2024-03-14", "yes"),
    )
)
_ATTRIBUTES = st.sampled_from(
    (
        *("hostname", "fqdn", "ip_address", "os_name", "os_version", "memory_gb", "uuid"),
        *("memory_utilization", "last_seen", "is_virtual", None, None),
    )
)


@given(
    st.lists(_ATTRIBUTES, min_size=1, max_size=7),
    st.lists(st.lists(_TEXTS, max_size=7), max_size=6),
    st.booleans(),
)
def test_a_batch_gives_the_records_of_its_rows(attributes, rows, many):
    columns = [(f"C{n}", a) for n, a in enumerate(attributes)]
    numbered = list(enumerate(rows, 1))
    together = list(assembler(*columns, many=many).batch(numbered))
    assert together == [assembler(*columns, many=many).record(n, row) for n, row in numbered]


def test_short_rows_and_empty_cells_have_no_values():
    record = assembler(("VM", "hostname"), ("RAM", "memory_gb")).record(1, ["srv01"])
    assert record.values == {"hostname": "srv01"}
    record = assembler(("VM", "hostname"), ("Note", None)).record(1, ["", "  "])
    assert (record.values, record.custom) == ({}, {})


def test_lists_of_several_columns_are_united():
    record = assembler(("IP", "ip_address"), ("All IPs", "ip_address")).record(
        1, ["10.0.0.1", "10.0.0.2, 10.0.0.1"]
    )
    assert record.values == {"ip_address": ["10.0.0.1", "10.0.0.2"]}


def test_the_first_scalar_wins_and_the_others_are_kept():
    record = assembler(("RAM", "memory_gb"), ("Memory", "memory_gb"), ("Mem", "memory_gb")).record(
        1, ["", "16 GB", "32 GB"]
    )
    assert record.values == {"memory_gb": 16}
    assert record.custom == {"Mem": "32 GB"}
    assert record.also == {"memory_gb": [32]}


def test_the_text_of_an_unusable_value_is_kept():
    record = assembler(("RAM", "memory_gb")).record(1, ["lots"])
    assert (record.values, record.custom) == ({}, {"RAM": "lots"})


def test_what_a_text_says_beside_its_attribute_fills_gaps_only():
    columns = (("Name", "hostname"), ("FQDN", "fqdn"))
    record = assembler(*columns).record(1, ["srv01.corp.example.com", ""])
    assert record.values == {"hostname": "srv01", "fqdn": "srv01.corp.example.com"}
    record = assembler(*columns).record(1, ["SRV01", "srv01.dmz.example.com"])
    assert record.values == {"hostname": "SRV01", "fqdn": "srv01.dmz.example.com"}


def test_used_and_total_memory_give_the_share():
    mib = ColumnHints("MB", SizeUnit.MIB)
    made = assembler(
        ("RAM", "memory_gb"),
        ("Used", "memory_utilization"),
        hints={"RAM": mib, "Used": mib},
    )
    assert made.record(1, ["16384", "4096"]).values == {"memory_gb": 16, "memory_utilization": 25}
    assert made.record(1, ["", "4096"]).values == {}


OS_AND_VERSION = (("OS", "os_name"), ("Version", "os_version"))


@pytest.mark.parametrize(
    ("name", "version", "product", "release", "kept"),
    [
        ("Linux Red Hat", "7.9", "Red Hat Enterprise Linux", "7.9", False),
        ("Red Hat Enterprise Linux 7 (64-bit)", "7.9", "Red Hat Enterprise Linux", "7.9", False),
        ("RHEL 7.9", "7", "Red Hat Enterprise Linux", "7.9", False),
        ("RHEL 7.9", "8.1", "Red Hat Enterprise Linux", "7.9", True),
        ("Windows 2016 Standard", "10.0.14393", "Windows Server", "2016", False),
        ("Windows Server", "10.0.17763", "Windows Server", "2019", False),
        ("Windows Server 2012", "6.3.9600", "Windows Server", "2012 R2", False),
        ("Windows 2008 R2 Standard", "6.1.7601", "Windows Server", "2008 R2 SP1", False),
        ("Windows 2008 R2", "SP1", "Windows Server", "2008 R2 SP1", False),
        ("Windows", "2016", "Windows Server", "2016", False),
        ("Windows", "2012 R2", "Windows Server", "2012 R2", False),
        ("Windows 10", "10.0.19045", "Windows", "10 22H2", False),
        ("Windows 10", "22H2", "Windows", "10 22H2", False),
        ("Windows", "10.0.17763", "Windows", None, False),
        ("SLES 12", "SP5", "SUSE Linux Enterprise Server", "12.5", False),
        (
            "SUSE Linux Enterprise 12 (64-bit)",
            "12.5",
            "SUSE Linux Enterprise Server",
            "12.5",
            False,
        ),
        ("AIX", "7200-05-03-2148", "AIX", "7.2.5", False),
        ("AIX", "7.2", "AIX", "7.2", False),
        ("HP-UX", "B.11.31", "HP-UX", "11.31", False),
        ("Solaris", "5.10", "Solaris", "10", False),
        ("Linux", "Ubuntu 20.04.6 LTS", "Ubuntu", "20.04.6", False),
        ("ESX", "VMware ESXi 6.7.0 build-14320388", "VMware ESXi", "6.7.0", False),
        ("", "7.9", None, "7.9", False),
        ("TempleOS", "5.03", "TempleOS", "5.03", False),
    ],
)
def test_name_and_version_columns_make_one_system(name, version, product, release, kept):
    record = assembler(*OS_AND_VERSION).record(1, [name, version])
    assert record.values.get("os_name") == product
    assert record.values.get("os_version") == release
    assert ("Version" in record.custom) is kept


def test_a_build_is_kept_beside_the_release():
    record = assembler(*OS_AND_VERSION).record(1, ["Windows 10", "10.0.19045"])
    assert record.values["os_build"] == "19045"


def test_what_runs_inside_beats_what_is_configured():
    tools = ("OS according to the VMware Tools", "os_name")
    config = ("OS according to the configuration file", "os_name")
    assert trust("os_name", config[0], 990, 0) > trust("os_name", tools[0], 980, 1)
    record = assembler(tools, config).record(
        1, ["Debian GNU/Linux 9 (64-bit)", "Debian GNU/Linux 7 (64-bit)"]
    )
    assert record.values == {"os_name": "Debian", "os_version": "9"}
    assert record.custom == {config[0]: "Debian GNU/Linux 7 (64-bit)"}


def test_a_second_column_tells_the_release_the_first_leaves_open():
    columns = (("Tools", "os_name"), ("Config", "os_name"))
    record = assembler(*columns).record(1, ["CentOS 4/5/6/7 (64-bit)", "CentOS 7 (64-bit)"])
    assert record.values == {"os_name": "CentOS", "os_version": "7"}


@pytest.mark.parametrize(
    ("version", "other", "more"),
    [
        ("7.9", "7", True),
        ("7", "7", True),
        ("7.10", "7.1", False),
        ("2012 R2", "2012", True),
        ("12", "1", False),
        ("7", "7.9", False),
    ],
)
def test_precision_of_versions(version, other, more):
    assert refines(version, other) is more
