"""What spreadsheet programs would run is guarded, and comes back exactly as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from landbridge.discovery.imports.guard import ROW, guard, unguard
from landbridge.discovery.imports.reading import read_file
from tests.support.formulas import FORMULAS, PLAIN, RUN_FROM

VALUES = [*FORMULAS, *PLAIN]


@pytest.mark.parametrize("text", VALUES)
def test_the_guard_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text
    assert unguard(unguard(guard(guard(text)))) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_is_left(text: str) -> None:
    assert guard(text)[0] not in RUN_FROM


@pytest.mark.parametrize("text", PLAIN)
def test_plain_values_stay_what_they_are(text: str) -> None:
    assert guard(text) == text


def test_a_file_of_ours_gives_every_value_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", guard("=Header"), "Note", ROW])
        for number, text in enumerate(VALUES):
            writer.writerow([f"srv{number}", guard(text), guard(text + ","), number])
    (table,) = read_file(path)
    assert table.columns[1] == "=Header"
    assert [r.cells[:3] for r in table.rows] == [
        [f"srv{n}", text, text + ","] for n, text in enumerate(VALUES)
    ]


def test_a_file_of_others_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("Name,Note\nsrv1,'=1+1\nsrv2,''-x\n", encoding="utf-8")
    (table,) = read_file(path)
    assert [r.cells[1] for r in table.rows] == ["'=1+1", "''-x"]
