"""OpenDocument spreadsheets (ODS), streamed from their XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.parsers import expat

from landbridge.discovery.imports.formats.numberformats import plain_number
from landbridge.discovery.imports.formats.sheetsink import (
    MAX_COLUMN,
    MAX_ROW,
    Note,
    SheetFault,
    SheetSink,
)
from landbridge.discovery.imports.formats.xlsxreader import new_parser

_ERROR = re.compile(r"(#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:\d+)$")
_SILENT: Final = {"office:annotation", "text:note", "text:ruby-text"}
_CELLS: Final = {"table:table-cell", "table:covered-table-cell"}
_MAX_COPIES: Final = 100_000


class OdsLocked(Exception):
    """The document is encrypted."""


class OdsReader:
    """One document."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._sheets: list[str] = []

    def sheet_names(self) -> list[str]:
        """Names of all sheets."""
        names: list[str] = []

        def start(name: str, a: dict[str, str]) -> None:
            if name == "table:table":
                names.append(a.get("table:name", ""))

        parser = new_parser()
        parser.StartElementHandler = start
        self._parse(parser)
        return names

    def read(self, sink: SheetSink) -> None:
        """Read all sheets that the sink wants.

        Raises:
            SheetFault: the content cannot be read.
        """
        content = _Content(sink)
        parser = new_parser()
        parser.StartElementHandler = content.start
        parser.EndElementHandler = content.end
        parser.CharacterDataHandler = content.text
        self._parse(parser)

    def _parse(self, parser: expat.XMLParserType) -> None:
        try:
            if b"encryption-data" in self._archive.read("META-INF/manifest.xml"):
                raise OdsLocked
        except KeyError:
            pass  # a manifest is required by the format, but not needed to read it
        try:
            with self._archive.open("content.xml") as file:
                parser.ParseFile(file)
        except KeyError:
            raise SheetFault("its content is missing") from None
        except expat.ExpatError as e:
            raise SheetFault(f"content.xml: {e}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError) as e:
            raise SheetFault(f"content.xml: {e or type(e).__name__}") from None


class _Content:
    """The state of parsing: sheet, row, cell, text."""

    def __init__(self, sink: SheetSink) -> None:
        self._sink = sink
        self._wanted = False
        self._depth = 0
        self._number = 1
        self._repeat_row = 1
        self._hidden = 0
        self._row: list[str] = []
        self._notes: list[Note] = []
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._pieces: list[str] | None = None
        self._silent = 0

    def start(self, name: str, a: dict[str, str]) -> None:
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._wanted = self._sink.begin(a.get("table:name", ""))
                self._number, self._hidden = 1, 0
        elif not self._wanted or self._depth != 1:
            return
        elif name == "table:table-row":
            self._row, self._notes = [], []
            self._repeat_row = int(a.get("table:number-rows-repeated", 1))
            if a.get("table:visibility") in {"collapse", "filter"}:
                self._hidden += self._repeat_row
        elif name in _CELLS:
            self._cell, self._paragraphs, self._pieces = a, [], None
        elif name in _SILENT:
            self._silent += 1
        elif self._cell is None or self._silent:
            return
        elif name in {"text:p", "text:h"}:
            self._pieces = []
        elif self._pieces is not None:
            if name == "text:s":
                self._pieces.append(" " * int(a.get("text:c", 1)))
            elif name == "text:tab":
                self._pieces.append("\t")
            elif name == "text:line-break":
                self._pieces.append("\n")

    def end(self, name: str) -> None:
        if name == "table:table":
            self._depth -= 1
            if self._depth == 0 and self._wanted:
                if self._hidden:
                    self._sink.remark("HIDDEN_ROWS", detail=f"{self._hidden} rows")
                self._sink.end()
                self._wanted = False
        elif not self._wanted or self._depth != 1:
            return
        elif name in _SILENT:
            self._silent -= 1
        elif name in {"text:p", "text:h"} and self._pieces is not None and not self._silent:
            self._paragraphs.append("".join(self._pieces))
            self._pieces = None
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table:table-row":
            self._end_row()

    def text(self, data: str) -> None:
        if self._pieces is not None and not self._silent:
            self._pieces.append(data)

    def _end_cell(self, a: dict[str, str]) -> None:
        copies = int(a.get("table:number-columns-repeated", 1))
        text, code = self._value(a)
        index = len(self._row)
        if code:
            self._notes.append((index, code, text, None))
        if text and index + copies > MAX_COLUMN:
            raise SheetFault("a row has too many columns")
        spans = (
            a.get("table:number-columns-spanned", "1"),
            a.get("table:number-rows-spanned", "1"),
        )
        if text and spans != ("1", "1"):
            detail = f"{spans[0]} columns, {spans[1]} rows"
            self._sink.remark(
                "MERGED_CELLS", row=self._number, column=index, value=text, detail=detail
            )
        self._row += [text] * min(copies, MAX_COLUMN - index)

    def _end_row(self) -> None:
        row = self._row
        while row and not row[-1]:
            row.pop()
        if row or self._notes:
            if self._repeat_row > _MAX_COPIES or self._number + self._repeat_row > MAX_ROW + 1:
                raise SheetFault("a row is repeated too often")
            for i in range(self._repeat_row):
                self._sink.row(self._number + i, list(row), self._notes)
        self._number += self._repeat_row

    def _value(self, a: dict[str, str]) -> tuple[str, str | None]:
        shown = "\n".join(self._paragraphs)
        kind = a.get("office:value-type") or a.get("calcext:value-type", "")
        value = a.get("office:value", "")
        if _ERROR.match(shown) and ("table:formula" in a or a.get("calcext:value-type") == "error"):
            return shown, "CELL_ERROR"
        if kind in {"float", "currency"} and value:
            padded = shown.isdigit() and shown.startswith("0") and len(shown) > 1
            return (shown, None) if padded else plain_number(value)
        if kind == "percentage" and value:
            return _percentage(value), "PERCENT_FORMAT"
        if kind == "date":
            date = a.get("office:date-value", shown)
            return date.replace("T", " ").removesuffix(" 00:00:00"), None
        if kind == "boolean":
            return "True" if a.get("office:boolean-value") == "true" else "False", None
        if kind == "string" and not self._paragraphs:
            return a.get("office:string-value", ""), None
        if not kind and not shown and "table:formula" in a:
            self._notes.append((len(self._row), "FORMULA_WITHOUT_VALUE", a["table:formula"], None))
        return shown, None


def _percentage(value: str) -> str:
    try:
        return format((Decimal(value) * 100).normalize(), "f") + "%"
    except InvalidOperation:
        return value
