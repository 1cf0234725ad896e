"""`landbridge mapping`: suggestions for a file, and their score on files with known truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from landbridge.cli.output import FOUND_WRONG, OK, console, print_json, show_error
from landbridge.discovery.imports.reading import read_file
from landbridge.discovery.mapping import evaluate as scoring
from landbridge.discovery.mapping.distinct import distinct_values
from landbridge.discovery.mapping.errors import NotALabelledSet
from landbridge.discovery.mapping.suggest import TableSuggestion, suggest_table
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.tracing import current_trace_id

_SURE: Final = 0.9
_ROWS: Final = 2_000
_SHOWN_WRONG: Final = 40


def suggest(file: Path, *, json: bool = False) -> int:
    """Suggest an attribute for each column of each table in a file.

    Nothing is stored and no database is needed. Files are recognised by their content as with
    `landbridge inspect`; a labelled set for `landbridge mapping evaluate` is taken as well.

    Example: landbridge mapping suggest servers.xlsx --json

    Args:
        file: The file to look into.
        json: Print JSON instead of tables for people.

    Returns:
        Exit code: 0 when the file was read, 1 when it could not be.
    """
    try:
        found = list(_labelled(file) or _tables(file))
    except LandbridgeError as e:
        show_error(e, current_trace_id(), as_json=json)
        return FOUND_WRONG
    if json:
        print_json({"tables": [_table_json(name, s) for name, s in found]})
    else:
        for name, suggestion in found:
            _print_suggestion(name, suggestion)
    return OK


def evaluate(
    directory: Path, *, json: bool = False, names_only: bool = False, leave_one_out: bool = False
) -> int:
    """Score the suggestions on labelled sets of columns.

    Each JSON file of the directory is one set: `{"source", "lang", "columns": [{"name",
    "samples", "truth", "alt"}]}`. `truth` null means that the column fits no attribute; `alt`
    lists what is right as well. Files whose names begin with `_` are left out. Beside the run
    that is asked for, the score names the four runs with and without values and without the
    sets' own vendors.

    Example: landbridge mapping evaluate sets/ --names-only

    Args:
        directory: The directory with the sets.
        json: Print JSON instead of a table for people.
        names_only: Hide the sample values.
        leave_one_out: Do not use what is known of the set's own vendor.

    Returns:
        Exit code: 0 when there was something to score, 1 otherwise.
    """
    try:
        result = scoring.evaluate(directory, names_only=names_only, leave_one_out=leave_one_out)
    except LandbridgeError as e:
        show_error(e, current_trace_id(), as_json=json)
        return FOUND_WRONG
    if json:
        print_json(result)
    else:
        _print_score(result)
    return OK


def _labelled(file: Path) -> list[tuple[str, TableSuggestion]] | None:
    """The suggestion for a labelled set, if the file is one."""
    if file.suffix.lower() != ".json" or not file.is_file():
        return None
    try:
        labelled = scoring.read_set(file)
    except NotALabelledSet:
        return None
    return [(labelled.source, suggest_table(labelled.header, labelled.samples))]


def _tables(file: Path) -> Iterator[tuple[str, TableSuggestion]]:
    for table in read_file(file):
        if table.problem is not None:
            raise table.problem
        rows = (row.cells for number, row in zip(range(_ROWS), table.rows, strict=False))
        samples = distinct_values(rows, len(table.columns))
        yield table.name, suggest_table(table.columns, samples, table.name)


def _table_json(name: str, suggestion: TableSuggestion) -> dict[str, Any]:
    return {
        "name": name,
        "source": suggestion.source,
        "role": suggestion.role.value,
        "columns": [
            {
                "column": c.column,
                "target": c.target,
                "attribute": c.attribute,
                "confidence": c.confidence,
                "evidence": c.evidence,
                "alternatives": [
                    {"attribute": a.attribute, "confidence": a.confidence} for a in c.alternatives
                ],
            }
            for c in suggestion.columns
        ],
    }


def _print_suggestion(name: str, suggestion: TableSuggestion) -> None:
    out = console()
    out.rule(Text(name, style="bold"), align="left")
    if suggestion.source:
        out.print(f"Source: {suggestion.source}")
    out.print(f"Rows are: {suggestion.role.value}")
    grid = Table("Column", "Becomes", "Sure", "Why", box=None, pad_edge=False)
    for column in suggestion.columns:
        style = "" if column.confidence >= _SURE else "yellow"
        grid.add_row(
            column.column.replace("\n", "⏎"),
            column.attribute or column.target,
            f"{column.confidence:.0%}",
            " ".join(column.evidence),
            style=style,
        )
    out.print(grid)


def _print_score(result: dict[str, Any]) -> None:
    out = console()
    out.print(f"Columns: {result['columns']:,}; right: {result['top1']:.2%}")
    out.print(
        f"Approved automatically and wrong: {result['wrong_auto_approved']:.2%} "
        f"(at most {result['auto_approved']['wrong_at_most']:.2%} with 95 % confidence); "
        f"left custom: {result['abstention']:.1%}; "
        f"calibration error: {result['calibration_error']:.3f}; "
        f"{result['ms_per_column']:.2f} ms a column"
    )
    levels = Table("Confidence", "Right", "Reached", box=None, pad_edge=False)
    for level, share in result["precision_at"].items():
        levels.add_row(f"≥ {level}", f"{share:.2%}", f"{result['coverage_at'][level]:.2%}")
    out.print(levels)
    languages = Table("Language", "Columns", "Right", box=None, pad_edge=False)
    for language, found in result["per_language"].items():
        languages.add_row(language, f"{found['columns']:,}", f"{found['top1']:.2%}")
    out.print(languages)
    runs = Table("Run", "Right", "Approved and wrong", box=None, pad_edge=False)
    for run, found in result["runs"].items():
        runs.add_row(
            run.replace("_", " "), f"{found['top1']:.2%}", f"{found['wrong_auto_approved']:.2%}"
        )
    out.print(runs)
    sources = Table("Set", "Right", box=None, pad_edge=False)
    for source, share in result["per_source"].items():
        sources.add_row(source, f"{share:.2%}")
    out.print(sources)
    for wrong in result["wrong"][:_SHOWN_WRONG]:
        out.print(
            f"{wrong['source']}: {wrong['column']} → "
            f"{wrong['suggested'] or 'custom'}, should be {wrong['truth'] or 'custom'}"
        )
