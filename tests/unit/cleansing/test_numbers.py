"""Numbers, sizes, clock speeds and shares are read as people and locales write them."""

import pytest

from landbridge.discovery.cleansing.evidence import work_out
from landbridge.discovery.cleansing.hints import Basis, ColumnHints, SizeUnit
from landbridge.discovery.cleansing.rules import cleanse
from landbridge.discovery.cleansing.rules.numbers import parse
from landbridge.discovery.cleansing.size_evidence import header_unit


def value(attribute, raw, **hints):
    return cleanse(attribute, raw, ColumnHints(**hints)).values.get(attribute)


def code(attribute, raw, **hints):
    issue = cleanse(attribute, raw, ColumnHints(**hints)).issue
    return issue.code if issue else None


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1024", None, 1024),
        ("16,5", None, 16.5),
        ("1.024,5", None, 1024.5),
        ("1,024.5", None, 1024.5),
        ("1 024", None, 1024),
        ("1’024", None, 1024),
        ("1,048,576", None, 1_048_576),
        ("1.048.576", None, 1_048_576),
        ("102,400", None, 102_400),
        ("102,400", ".", 102_400),
        ("102,400", ",", 102.4),
        ("1.024", None, 1.024),
        ("1.024", ",", 1024),
        ("0,125", None, 0.125),
        ("0.125", ",", 0.125),
        ("1.5E+3", None, 1500),
        ("-1", None, -1),
        ("1,2,3", None, None),
        ("1.2.3", None, None),
        ("1,024,5", None, None),
        ("abc", None, None),
        ("", None, None),
        ("9e999", None, None),
    ],
)
def test_a_number_is_read_in_its_locale(text, decimal, number):
    assert parse(text, decimal) == number


@pytest.mark.parametrize(
    ("raw", "cores"),
    [
        ("8", 8),
        ("8.0", 8),
        ("8,0", 8),
        ("2 x 4", 8),
        ("2x4", 8),
        ("8 vCPU", 8),
        ("4 Kerne", 4),
        ("16 cœurs", 16),
        ("2 sockets, 8 cores", 8),
        ("1,024", 1024),
    ],
)
def test_cores_are_counted(raw, cores):
    assert value("cpu_cores", raw) == cores


def test_sockets_times_cores_also_tells_the_sockets():
    assert cleanse("cpu_cores", "2 x 4").values == {"cpu_cores": 8, "cpu_sockets": 2}
    assert value("cpu_sockets", "2 x 4") == 2


@pytest.mark.parametrize("raw", ["0", "-1", "0.0"])
def test_zero_cores_and_zero_memory_mean_unknown(raw):
    for attribute in ("cpu_cores", "memory_gb"):
        cleansed = cleanse(attribute, raw)
        assert not cleansed.values
        assert cleansed.issue is None


@pytest.mark.parametrize("raw", ["2.5", "eight", "4 or 8", "Intel Xeon"])
def test_what_is_no_whole_number_is_reported_not_guessed(raw):
    assert value("cpu_cores", raw) is None
    assert code("cpu_cores", raw) == "VALUE_NOT_A_NUMBER"


@pytest.mark.parametrize(
    ("raw", "gib"),
    [
        ("16 GB", 16),
        ("16GB", 16),
        ("16384 MB", 16),
        ("16 384 MB", 16),
        ("16384MiB", 16),
        ("16777216 KB", 16),
        ("17179869184 bytes", 16),
        ("0.5 TB", 512),
        ("2,5 TB", 2560),
        ("32 Go", 32),
        ("8 GB RAM", 8),
        ("16 GB (DDR4)", 16),
        ("~16 GB", 16),
        ("8192M", 8),
        ("61.2 GiB / 127 GiB", 127),
        ("61,2 von 127 GB", 127),
        ("2 x 4 GB", 8),
        ("4x16GB + 2x8GB", 80),
    ],
)
def test_memory_sizes_come_out_in_gib(raw, gib):
    assert value("memory_gb", raw) == gib


def test_used_and_total_are_told_apart_by_the_attribute():
    raw = "61.2 GiB / 127 GiB"
    assert value("component_used_gb", raw) == 61.2
    assert value("component_capacity_gb", raw) == 127
    assert value("component_free_gb", raw) == pytest.approx(65.8)


def test_no_used_space_is_a_value_but_no_memory_is_not():
    assert value("storage_used_gb", "0") == 0
    assert value("memory_gb", "0") is None


@pytest.mark.parametrize("raw", ["lots", "16 apples", "GB", "1,2,3 GB"])
def test_what_is_no_size_is_reported(raw):
    assert code("memory_gb", raw) == "VALUE_NOT_A_SIZE"


def test_an_impossible_size_is_reported():
    assert code("memory_gb", "-16 GB") == "VALUE_OUT_OF_RANGE"
    assert code("memory_gb", "99999999", size_unit=SizeUnit.GIB) == "VALUE_OUT_OF_RANGE"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Capacity MiB", SizeUnit.MIB),
        ("RAM (GB)", SizeUnit.GIB),
        ("Speicher [MB]", SizeUnit.MIB),
        ("*Memory (In MB)", SizeUnit.MIB),
        ("MemoryMB", SizeUnit.MIB),
        ("MemoryGiB", SizeUnit.GIB),
        ("RAM.TotalSizeInMB", SizeUnit.MIB),
        ("memory_gb", SizeUnit.GIB),
        ("Mémoire (Go)", SizeUnit.GIB),
        ("Usable Capacity TB", SizeUnit.TIB),
        ("Total Size (Bytes)", SizeUnit.BYTE),
        ("sizeBytes", SizeUnit.BYTE),
        ("Video Ram KiB", SizeUnit.KIB),
        ("Memory", None),
        ("ram", None),
    ],
)
def test_the_header_names_the_unit(header, unit):
    assert header_unit(header) is unit


@pytest.mark.parametrize(
    ("header", "samples", "source", "unit", "basis"),
    [
        ("Memory", ["2,224", "4,096"], "rvtools_vinfo", SizeUnit.MIB, Basis.SOURCE),
        ("Memory", ["1024"], "rvtools_vinfo", SizeUnit.MIB, Basis.SOURCE),
        ("ram", ["16384", "32768", "8192"], "device42", SizeUnit.MIB, Basis.VALUES),
        ("ram", ["8", "16", "64"], None, SizeUnit.GIB, Basis.DEFAULT),
        ("ram", ["512", "768", "64"], None, SizeUnit.GIB, Basis.DEFAULT),
        ("TotalPhysicalMemory0", ["33554432", "4193780"], "sccm", SizeUnit.KIB, Basis.VALUES),
        ("mem", ["17179869184", "8589934592"], None, SizeUnit.BYTE, Basis.VALUES),
        ("RAM (GB)", ["16384"], None, SizeUnit.GIB, Basis.HEADER),
    ],
)
def test_a_column_without_units_is_measured_by_source_and_magnitude(
    header, samples, source, unit, basis
):
    hints = work_out("memory_gb", header, samples, source)
    assert (hints.size_unit, hints.size_basis) == (unit, basis)


def test_disks_of_an_rvtools_sheet_are_mib():
    hints = work_out("storage_gb", "Provisioned MiB", ["102,400", "1,048,576"], "rvtools_vinfo")
    assert cleanse("storage_gb", "102,400", hints).values == {"storage_gb": 100}


def test_german_thousands_of_megabytes_are_not_decimals():
    hints = work_out("memory_gb", "Speicher [MB]", ["16.384", "8.192"])
    assert cleanse("memory_gb", "16.384", hints).values == {"memory_gb": 16}


@pytest.mark.parametrize(
    ("raw", "mhz"),
    [
        ("2400", 2400),
        ("2.4 GHz", 2400),
        ("2,4GHz", 2400),
        ("2.4", 2400),
        ("2295 MHz", 2295),
        ("2400000000", 2400),
        ("Intel(R) Xeon(R) Gold 5218 CPU @ 2.30GHz", 2300),
    ],
)
def test_clock_speeds_come_out_in_mhz(raw, mhz):
    assert value("cpu_speed", raw) == mhz


@pytest.mark.parametrize(("raw", "share"), [("35 %", 35), ("35", 35), ("12,5 %", 12.5), ("0", 0)])
def test_shares_are_of_a_hundred(raw, share):
    assert value("cpu_utilization", raw) == share


def test_a_column_of_fractions_is_multiplied():
    hints = work_out("cpu_utilization", "Avg CPU %", ["0.67", "0.12", "0.45"])
    assert cleanse("cpu_utilization", "0.67", hints).values == {"cpu_utilization": 67}
    hints = work_out("cpu_utilization", "Avg CPU %", ["0.67", "12", "45"])
    assert cleanse("cpu_utilization", "0.67", hints).values == {"cpu_utilization": 0.67}


def test_a_share_above_a_hundred_is_reported():
    assert code("memory_utilization", "4096") == "VALUE_NOT_A_PERCENTAGE"


def test_used_memory_in_a_column_of_shares_is_told_apart():
    hints = work_out("memory_utilization", "RAM.UsedSizeInMB.Avg", ["4096"])
    assert cleanse("memory_utilization", "4096", hints).values == {"memory_used_gb": 4}
