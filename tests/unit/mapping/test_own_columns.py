"""Columns that we add to a file of failed rows never become attributes of assets."""

from __future__ import annotations

from landbridge.discovery.imports.guard import ANNOTATIONS
from landbridge.discovery.mapping.suggest import suggest_table


def test_annotations_of_failed_rows_are_ignored() -> None:
    columns = ["Name", "IP Address", *ANNOTATIONS]
    samples = [["a"], ["10.0.0.1"], ["3"], ["servers"], ["ROW_SHORT"], ["Check the row."]]
    found = suggest_table(columns, samples, "failed-rows").columns
    assert [c.target for c in found] == ["attribute", "attribute", *["ignore"] * len(ANNOTATIONS)]
