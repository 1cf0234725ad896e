"""The report as one HTML page that needs nothing else, and prints well."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from landbridge.reporting.model import Cell, Report, Table

SHOWN: Final = 100
"""Rows of a table on the page; the workbook has the others."""
_TEMPLATES: Final = Path(__file__).parent / "templates"


def write_page(report: Report, path: Path) -> None:
    """Write the page. It holds neither scripts nor addresses of anything outside itself."""
    stream = _environment().get_template("report.html").stream(report=report, shown=SHOWN)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stream)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"cell": told, "drawn": drawn}
    return made


def told(value: Cell) -> str:
    """A value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def drawn(table: Table) -> list[dict[str, Any]]:
    """The bars of a table: label, value, and length from 0 to 1."""
    values = [(str(row[0]), _number(row[table.drawn])) for row in table.rows]
    top = table.whole or max((v for _, v in values), default=0.0) or 1.0
    return [{"label": label, "value": v, "part": round(v / top, 4)} for label, v in values]


def _number(value: Cell) -> float:
    return 0.0 if value is None or isinstance(value, str) else float(value)
