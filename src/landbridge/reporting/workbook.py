"""The report as a workbook: a sheet for each part, with native charts beside the tables."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from landbridge.discovery.imports.guard import guard
from landbridge.reporting.model import Cell, ChartKind, Report, Section, Table

_LONGEST_CELL: Final = 32_767
_CHART_ROWS: Final = 15
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_ACCENT: Final = "#1f5fa8"


class _Book:
    """A workbook and its styles."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(str(path), _OPTIONS)
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16})
        self.subtitle = add({"bold": True, "font_size": 12, "font_color": _ACCENT})
        self.words = add({"font_color": "#555555"})
        self.head = add({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = add({"text_wrap": True, "valign": "top"})
        self.whole = add({"num_format": "#,##0", "valign": "top"})
        self.real = add({"num_format": "#,##0.0##", "valign": "top"})


def write_workbook(report: Report, path: Path) -> None:
    """Write the workbook."""
    styles = _Book(path)
    with styles.book as book:
        book.set_properties(
            {
                "title": f"{report.engagement}: report",
                "company": report.client_account,
                "comments": report.dated,
                "created": datetime.combine(report.made_on, time(), UTC).replace(tzinfo=None),
            }
        )
        for section in report.sections:
            _Sheet(styles, section).write(report)


class _Sheet:
    """A sheet, written from the top down."""

    def __init__(self, styles: _Book, section: Section) -> None:
        self.styles, self.section, self.row = styles, section, 0
        self.sheet: Any = styles.book.add_worksheet(section.name)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        widths: dict[int, int] = {}
        for table in section.tables:
            for index, column in enumerate(table.columns):
                widths[index] = max(widths.get(index, 0), column.width)
        for index, width in widths.items():
            self.sheet.set_column(index, index, width)
        self.beside = max(widths, default=0) + 2
        self.free = 0

    def write(self, report: Report) -> None:
        """Write everything of the section."""
        self._line(self.section.name, self.styles.title)
        self._line(f"{report.client_account} · {report.engagement} · {report.dated}")
        for words in self.section.words:
            self._line(words)
        for table in self.section.tables:
            self.row += 1
            self._table(table)

    def _line(self, words: str, style: Any = None) -> None:
        self.sheet.write_string(self.row, 0, guard(words), style or self.styles.words)
        self.row += 1

    def _table(self, table: Table) -> None:
        self._line(table.title, self.styles.subtitle)
        if table.left_out:
            self._line(f"The first {len(table.rows):,} of {table.total:,} rows.")
        for index, column in enumerate(table.columns):
            self.sheet.write_string(self.row, index, guard(column.title), self.styles.head)
        first = self.row + 1
        for values in table.rows:
            self.row += 1
            for index, value in enumerate(values):
                self._cell(index, value)
        if table.chart and table.rows:
            self._draw(table, first, self.row)
        self.row += 1

    def _cell(self, column: int, value: Cell) -> None:
        if isinstance(value, str):
            text = guard(value)[:_LONGEST_CELL]
            self.sheet.write_string(self.row, column, text, self.styles.text)
        elif value is not None:
            style = self.styles.whole if value == int(value) else self.styles.real
            self.sheet.write_number(self.row, column, value, style)

    def _draw(self, table: Table, first: int, last: int) -> None:
        """A chart with the values in it, so that viewers draw it that calculate nothing."""
        standing = table.chart is ChartKind.COLUMNS
        chart = self.styles.book.add_chart({"type": "column" if standing else "bar"})
        name = self.section.name
        chart.add_series(
            {
                "name": table.columns[table.drawn].title,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, table.drawn, last, table.drawn],
                "categories_data": [guard(str(r[0])) for r in table.rows],
                "values_data": [r[table.drawn] for r in table.rows],
                "fill": {"color": _ACCENT},
                "gap": 40,
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": table.title, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        if not standing:
            chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "max": table.whole} if table.whole else {})
        chart.set_size({"width": 620, "height": max(_CHART_ROWS, len(table.rows) + 5) * 20})
        at = max(first - 2, self.free)
        self.sheet.insert_chart(at, self.beside, chart, {"description": table.title})
        self.free = at + max(_CHART_ROWS, len(table.rows) + 5) + 2
