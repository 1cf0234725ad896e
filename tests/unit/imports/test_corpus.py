"""The corpus of files that broke other readers; absent outside our own machines."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from landbridge.discovery.imports.reading import read_file
from landbridge.errors.catalogue import LandbridgeError

DATA = Path(__file__).parents[4] / "shared" / "data"
NASTY = DATA / "nasty"
MANIFEST: dict[str, dict[str, Any] | None] = (
    json.loads((NASTY / "manifest.json").read_text()) if NASTY.is_dir() else {}
)
REAL = DATA / "real"

pytestmark = pytest.mark.skipif(not MANIFEST, reason="the corpus is not here")


def read_all(path: Path) -> dict[str, list[list[str]]]:
    return {t.name: [r.cells for r in t.records] for t in read_file(path)}


@pytest.mark.parametrize("name", [n for n, e in MANIFEST.items() if e])
def test_every_text_file_gives_the_cells_of_the_manifest(name: str) -> None:
    entry = MANIFEST[name]
    assert entry is not None
    (table,) = read_file(NASTY / name)
    records = list(table.records)
    alternatives = entry.get("alt", {})
    assert len(records) == len(entry["grid"])
    for i, (record, wanted) in enumerate(zip(records, entry["grid"], strict=True)):
        assert len(record.cells) == len(wanted), i
        for j, (cell, want) in enumerate(zip(record.cells, wanted, strict=True)):
            assert cell == want or cell in alternatives.get(f"{i},{j}", []), (i, j)
    assert table.header_row == entry["header_row"]
    assert table.delimiter == entry["delim"]


HEAD = ["Name", "IP Address", "RAM", "Installed"]
WORKBOOKS: dict[str, tuple[int, list[str], list[str]]] = {
    "x01_dates_bools.xlsx": (
        21,
        ["Name", "IP Address", "RAM", "Installed", "Flag", "Ratio", "Dur"],
        ["srv19", "10.0.0.19", "16", "2020-01-20 10:11:12", "True", "0.25", "30:00:00"],
    ),
    "x02_1904.xlsx": (21, HEAD, ["srv19", "10.0.0.19", "16", "2020-01-20 00:00:00"]),
    "x04_formula_cached.xlsx": (21, HEAD, ["srv20", "10.0.0.20", "16", "textval"]),
    "x05_formula_uncached.xlsx": (21, HEAD, ["srv19", "10.0.0.19", "", ""]),
    "x07_numbers.xlsx": (
        21,
        ["Text", "Fmt", "Big", "Int", "Ver"],
        ["00019", "00019", "1234567890123457000", "8", "6.10"],
    ),
    "x08_offset_hidden.xlsx": (
        27,
        ["CMDB Export", "", "", "", "", ""],
        ["", "", "srv19", "10.0.0.19", "16", "x"],
    ),
    "x10_rich_inline.xlsx": (
        21,
        HEAD,
        ["srv20", "10.0.0.1\n10.0.0.2", "a\r\nb\x07c", "  pad  "],
    ),
    "x11_rich_shared.xlsx": (21, HEAD, ["srv20", "10.0.0.1", "16 GB", "x"]),
    "x13_phantom_rows.xlsx": (21, HEAD, ["srv19", "10.0.0.19", "16", "x"]),
    "x14_html_as.xls": (11, ["Name", "IP"], ["srv9", "10.0.0.9"]),
    "x16_mixed_dates.xlsx": (10, ["Name", "Mixed date"], ["srv", ""]),
    "x19_late_type_change.xlsx": (3002, ["Name", "CPU"], ["srvX", "8 vCPU"]),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_workbook_gives_the_cells_worked_out_by_hand(name: str) -> None:
    count, first, last = WORKBOOKS[name]
    ((_, grid),) = read_all(NASTY / name).items()
    assert (len(grid), grid[0], grid[-1]) == (count, first, last)


def test_dates_of_all_kinds_in_one_column() -> None:
    ((_, grid),) = read_all(NASTY / "x16_mixed_dates.xlsx").items()
    assert [r[1] for r in grid[1:]] == [
        "2020-01-02 00:00:00", "03.04.2021", "2021-04-03", "43831", "10:11:00", "1900-01-01",
        "1900-03-01", "n/a", "",
    ]  # fmt: skip


def test_formulas_without_a_result_are_flagged() -> None:
    tables = read_file(NASTY / "x05_formula_uncached.xlsx")
    issues = [i for t in tables for r in t.records for i in r.issues]
    assert {(i.column, i.value) for i in issues} == {
        ("RAM", "=8*2"),
        ("Installed", '=CONCATENATE("a","b")'),
    }
    assert len(issues) == 40


def test_a_truncated_workbook_is_named_as_such() -> None:
    with pytest.raises(LandbridgeError) as caught:
        read_all(NASTY / "x17_truncated.xlsx")
    assert caught.value.code == "FILE_DAMAGED"


@pytest.mark.parametrize(
    "name",
    ["rvtools_kubev2v_example1/example1.xlsx", "rvtools_ibm_small/rvtools-small-complete.xlsx"],
)
def test_real_workbooks_equal_the_sheets_extracted_from_them(name: str) -> None:
    path = REAL / name
    sheets = read_all(path)
    compared = 0
    for sheet, grid in sheets.items():
        extracted = path.parent / f"{sheet}.csv"
        if extracted.exists():
            with extracted.open(newline="", encoding="utf-8") as file:
                assert grid == list(csv.reader(file)), sheet
            compared += 1
    assert compared == len(list(path.parent.glob("*.csv")))


def test_a_sheet_that_claims_a_million_rows_has_nine() -> None:
    sheets = read_all(REAL / "rvtools_kubev2v_example1" / "example1.xlsx")
    assert {n: len(g) for n, g in sheets.items()} == {
        "vInfo": 10, "vCPU": 10, "vMemory": 10, "vDisk": 10, "vPartition": 10, "vHost": 8,
    }  # fmt: skip
