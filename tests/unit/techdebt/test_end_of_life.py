"""Releases are matched to the end-of-life data; what cannot be told stays unknown."""

import csv
from datetime import date
from pathlib import Path

import pytest

from landbridge.discovery.techdebt import eol
from landbridge.discovery.techdebt.databases import database_product
from landbridge.discovery.techdebt.eol import COLUMNS, Confidence, EolData, shipped
from landbridge.discovery.techdebt.errors import EndOfLifeDataInvalid, EndOfLifeDataMissing
from landbridge.discovery.techdebt.products import SYSTEMS, candidates
from landbridge.discovery.techdebt.support import Support, judge
from landbridge.kit.settings import Settings

TODAY = date(2026, 11, 22)
ORIGINAL = Path(__file__).parents[4] / "shared" / "data" / "eol.csv"


def verdict(name, version, edition=None, today=TODAY):
    return judge(shipped(), SYSTEMS.get(name, name), version, edition, today)


@pytest.mark.parametrize(
    ("name", "version", "cycles"),
    [
        ("Windows Server", "2012 R2", ["2012-r2"]),
        ("Windows Server", "2012", ["2012"]),
        ("Windows Server", "2008 R2", ["2008-r2-sp1"]),
        ("Windows Server", "2008 R2 SP1", ["2008-r2-sp1"]),
        ("Windows Server", "2008", ["2008-sp2"]),
        ("Windows Server", "2008 SP1", ["2008-sp2"]),
        ("Windows Server", "2003", ["2003-sp2", "2003-sp1", "2003"]),
        ("Windows Server", "2003 R2 SP2", ["2003-r2"]),
        ("Windows Server", "1909", ["1909-sac"]),
        ("Windows Server", "23H2", ["23h2-ac"]),
        ("Windows", "7", ["7-sp1"]),
        ("Windows", "XP", ["5-sp3"]),
        ("Windows", "10 22H2", ["10-22h2"]),
        ("Windows", "11 23H2", ["11-23h2-e", "11-23h2-w"]),
        ("Red Hat Enterprise Linux", "7.9", ["7"]),
        ("Red Hat Enterprise Linux", "8", ["8"]),
        ("CentOS", "7.6.1810", ["7"]),
        ("Ubuntu", "20.04.6", ["20.04"]),
        ("Debian", "9.13", ["9"]),
        ("SUSE Linux Enterprise Server", "12.5", ["12.5"]),
        ("AIX", "7.2.5", ["7.2.5"]),
        ("Solaris", "10", ["10"]),
        ("HP-UX", "11.31", ["11.31"]),
        ("VMware ESXi", "6.7.0", ["6.7"]),
        ("IBM i", "7.4", ["7.4"]),
        ("Amazon Linux", "2", ["2"]),
        ("NetApp ONTAP", "9.8P4", []),
        ("oracle-database", "19.3.0.0", ["19"]),
        ("oracle-database", "12.1.0.2", ["12.1"]),
        ("oracle-database", "11g", ["11.2", "11.1"]),
        ("oracle-database", "12c Release 2", ["12.2"]),
        ("mssqlserver", "13.0.5026", ["13.0-sp2"]),
        ("mssqlserver", "Microsoft SQL Server 2016 (SP2)", ["13.0-sp2"]),
        ("mssqlserver", "15.0.4123", ["15.0"]),
        ("mssqlserver", "10.50.6000.34", ["10.50-sp3"]),
        ("postgresql", "9.6.24", ["9.6"]),
        ("postgresql", "14.2", ["14"]),
        ("mysql", "5.7.38", ["5.7"]),
        ("mariadb", "10.5.8-MariaDB", ["10.5"]),
        ("ibm-db2", "v11.1.4", ["11.1"]),
    ],
)
def test_a_release_finds_its_cycles(name, version, cycles):
    product = SYSTEMS.get(name, name)
    found = candidates(product, shipped().products[product], version)
    assert sorted(c.cycle for c in found) == sorted(cycles)


def test_the_edition_chooses_the_servicing_channel():
    assert verdict("Windows", "11 23H2", "Pro").cycle.cycle == "11-23h2-w"
    assert verdict("Windows", "11 23H2", "Enterprise").cycle.cycle == "11-23h2-e"
    assert verdict("Windows", "10 1809", "Enterprise LTSC").cycle.cycle == "10-1809-e-lts"
    assert verdict("Windows", "10", None).cycle.cycle == "10-22h2"


@pytest.mark.parametrize(
    ("name", "version", "support"),
    [
        ("Windows Server", "2008 R2", Support.OVER),
        ("Windows Server", "2016", Support.ENDS_WITHIN_12_MONTHS),
        ("Windows Server", "2019", Support.SUPPORTED),
        ("Windows Server", None, Support.VERSION_MISSING),
        ("Red Hat Enterprise Linux", "7", Support.EXTENDED_ONLY),
        ("CentOS", None, Support.OVER),
        ("SUSE Linux Enterprise Server", "12", Support.EXTENDED_ONLY),
        ("SUSE Linux Enterprise Server", "15", Support.VERSION_COARSE),
        ("AIX", "7.2", Support.VERSION_COARSE),
        ("AIX", "7.2.5", Support.SUPPORTED),
        ("Solaris", "11", Support.VERSION_COARSE),
        ("VMware ESXi", "7.0.3", Support.OVER),
        ("TempleOS", "5.03", Support.NOT_LISTED),
        ("Windows Server", "2077", Support.NOT_LISTED),
        ("iis", "10.0", Support.NO_DATES),
        ("jboss-as", "4-7", Support.OVER),
    ],
)
def test_support_is_judged_or_stays_unknown(name, version, support):
    assert verdict(name, version).support is support


def test_the_day_decides():
    last_day = date(2027, 1, 12)
    assert verdict("Windows Server", "2016", today=last_day).support is not Support.OVER
    after = verdict("Windows Server", "2016", today=date(2027, 1, 13))
    assert after.support is Support.EXTENDED_ONLY
    assert verdict("Windows Server", "2016", today=date(2030, 1, 13)).support is Support.OVER


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Microsoft SQL Server", "mssqlserver"),
        ("MSFT SQL Instance", "mssqlserver"),
        ("MySQL", "mysql"),
        ("Oracle", "oracle-database"),
        ("Oracle MySQL", "mysql"),
        ("PostgreSQL", "postgresql"),
        ("IBM DB2", "ibm-db2"),
        ("SAP HANA", "sap-hana"),
        ("Filemaker", None),
        (None, None),
    ],
)
def test_database_engines_are_recognised(text, product):
    assert database_product(text) == product


def test_every_system_name_has_data():
    assert set(SYSTEMS.values()) <= set(shipped().products)


def test_the_data_names_its_day_and_where_it_comes_from():
    data = shipped()
    assert data.as_of == date(2026, 8, 22)
    cycles = [c for product in data.products.values() for c in product]
    assert all(c.source and c.provenance and c.as_of for c in cycles)
    assert {c.confidence for c in cycles} == set(Confidence)
    assert len({(c.product, c.cycle) for c in cycles}) == len(cycles)


def test_the_newest_supported_release_is_named():
    assert shipped().newest_supported("windows-server", TODAY).cycle == "2025"
    assert shipped().newest_supported("windows-server", date(2001, 1, 1)).cycle == "2000"
    assert shipped().newest_supported("nothing", TODAY) is None


def test_newer_data_is_loaded_from_a_file(tmp_path):
    path = tmp_path / "eol.csv"
    row = ["x", "X", "1", "", "2020-01-01", "", "2021-01-01", "", "", "os", "s", "p", "high"]
    path.write_text("\n".join([",".join(COLUMNS), ",".join([*row, "2030-01-01"])]))
    data = EolData.from_file(path)
    assert data.as_of == date(2030, 1, 1)
    assert judge(data, "x", "1.4", None, TODAY).support is Support.OVER


def test_the_setting_replaces_the_shipped_data(tmp_path, monkeypatch):
    path = tmp_path / "mine.csv"
    monkeypatch.setattr(eol, "settings", lambda: Settings(end_of_life_data=path))
    with pytest.raises(EndOfLifeDataMissing):
        eol.current()
    line = "x,X,1,,2020-01-01,,2021-01-01,,,os,s,p,high,2030-01-01"
    path.write_text(",".join(COLUMNS) + "\n" + line + "\n")
    assert eol.current().as_of == date(2030, 1, 1)
    monkeypatch.setattr(eol, "settings", Settings)
    assert eol.current() is shipped()


@pytest.mark.parametrize(
    ("header", "line", "reason"),
    [
        (COLUMNS[:-1], "", "as_of"),
        (COLUMNS, "x,X,1,,,,soon,,,os,s,p,high,2030-01-01", "soon"),
        (COLUMNS, "x,X,1,,,,2021-01-01,,,os,s,p,sure,2030-01-01", "sure"),
        (COLUMNS, "x,X", "too few cells"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path, header, line, reason):
    path = tmp_path / "mine.csv"
    path.write_text(",".join(header) + "\n" + line + "\n")
    with pytest.raises(EndOfLifeDataInvalid, match=reason) as caught:
        EolData.from_file(path)
    assert caught.value.fields["file"] == "mine.csv"


@pytest.mark.skipif(
    not ORIGINAL.exists(), reason="the data the shipped file derives from is absent"
)
def test_the_shipped_dates_are_those_of_the_original():
    dates = ("release", "end_of_active_support", "eol", "extended_support_end", "latest")
    with ORIGINAL.open(encoding="utf-8") as file:
        original = {(r["product"], r["cycle"]): [r[d] for d in dates] for r in csv.DictReader(file)}
    original["windows-server", "2003-r2"] = original.pop(("windows-server-legacy", "2003 R2"))
    own = Path(__file__).parents[3] / "src/landbridge/discovery/techdebt/data/eol.csv"
    with own.open(encoding="utf-8") as file:
        shipped_rows = {
            (r["product"], r["cycle"]): [r[d] for d in dates] for r in csv.DictReader(file)
        }
    assert shipped_rows == original
