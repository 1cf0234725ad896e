"""Every family of broken export gives its cells back, or says what is wrong."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from landbridge.discovery.imports.reading import CellIssue, SourceTable, read_file
from landbridge.errors.catalogue import LandbridgeError
from tests.support.exports import Export, exports

EXPORTS = exports()


def read_to_the_end(path: Path) -> None:
    for table in read_file(path):
        for _ in table.records:
            pass


def first_table(path: Path) -> tuple[SourceTable, list[list[str]], list[CellIssue]]:
    table = next(iter(read_file(path)))
    records = list(table.records)
    issues = [i for r in records for i in r.issues] + table.issues
    return table, [r.cells for r in records], issues


@pytest.mark.parametrize("export", [e for e in EXPORTS if not e.error], ids=lambda e: e.name)
def test_every_cell_comes_out_as_it_stands(export: Export, tmp_path: Path) -> None:
    path = tmp_path / export.name
    path.write_bytes(export.content)
    table, grid, issues = first_table(path)
    assert grid == export.grid
    assert table.header_row == export.header_row
    assert {(i.kind.code, i.row) for i in issues} == export.issues


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.error], ids=lambda e: e.name)
def test_what_cannot_be_read_is_named_with_a_remedy(export: Export, tmp_path: Path) -> None:
    path = tmp_path / export.name
    path.write_bytes(export.content)
    with pytest.raises(LandbridgeError) as caught:
        read_to_the_end(path)
    assert caught.value.code == export.error
    assert caught.value.advice
    assert export.name in caught.value.detail


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)
def test_half_a_file_never_crashes(export: Export, tmp_path: Path) -> None:
    path = tmp_path / export.name
    path.write_bytes(export.content[: len(export.content) // 2])
    with contextlib.suppress(LandbridgeError):
        read_to_the_end(path)


def test_names_in_use_are_clean_and_unique(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\xa0Name\u200b,"IP\nAddress",Name,,Name (2),\nsrv1,10.0.0.1,b,c,d,e\n')
    table, grid, _ = first_table(path)
    assert table.columns == ["Name", "IP Address", "Name (3)", "Column 4", "Name (2)", "Column 6"]
    assert table.header == grid[0]


def test_a_file_that_does_not_exist_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LandbridgeError) as caught:
        list(read_file(tmp_path / "none.csv"))
    assert caught.value.code == "FILE_UNREADABLE"
