"""Templates hold only columns that are recognised as what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.cli.imports import template as command
from landbridge.discovery.imports.reading import read_file
from landbridge.discovery.imports.templates import Template, template_columns, template_csv
from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.discovery.vocabulary import TableRole


@pytest.mark.parametrize("template", Template)
def test_every_column_is_recognised(template: Template) -> None:
    columns = template_columns(template)
    suggestion = suggest_table(columns, [])
    assert [c.attribute for c in suggestion.columns] == columns
    assert suggestion.role is TableRole.ASSETS
    assert min(c.confidence for c in suggestion.columns) >= 0.85


def test_the_command_writes_a_file_that_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert command(columns="required", out=path, json=True) == 0
    (table,) = read_file(path)
    assert table.header == template_columns(Template.REQUIRED)
    assert path.read_text("utf-8") == template_csv(Template.REQUIRED).replace("\r\n", "\n")
