"""Old binary workbooks: XLS through xlrd, XLSB through calamine."""

from __future__ import annotations

import datetime
import struct
from pathlib import Path
from typing import Any, Final

import python_calamine
import xlrd
from xlrd.biffh import (
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
)
from xlrd.compdoc import CompDocError

from landbridge.discovery.imports.formats.numberformats import decimal_text, plain_number, renderer
from landbridge.discovery.imports.formats.sheetsink import Note, SheetFault, SheetSink

_FAULTS: Final = (xlrd.XLRDError, CompDocError, struct.error)


class WorkbookLocked(Exception):
    """The workbook is encrypted."""


class XlsReader:
    """One XLS workbook, BIFF 2 to 8."""

    def __init__(self, path: Path) -> None:
        try:
            self._book = xlrd.open_workbook(
                str(path), formatting_info=True, on_demand=True, ragged_rows=True
            )
        except NotImplementedError:
            self._book = xlrd.open_workbook(str(path), on_demand=True, ragged_rows=True)
        except _FAULTS as e:
            if "encrypt" in str(e).lower():
                raise WorkbookLocked from None
            raise SheetFault(str(e)) from None

    def sheet_names(self) -> list[str]:
        """Names of all sheets."""
        return list(self._book.sheet_names())

    def read(self, sink: SheetSink) -> None:
        """Read all sheets that the sink wants."""
        for index, name in enumerate(self._book.sheet_names()):
            hidden = bool(self._book._sheet_visibility[index : index + 1] not in ([], [0]))
            if not sink.begin(name, hidden=hidden):
                continue
            try:
                sheet = self._book.sheet_by_index(index)
            except _FAULTS as e:
                raise SheetFault(f"{name}: {e}") from None
            for number in range(sheet.nrows):
                self._row(sheet, number, sink)
            for top, bottom, left, right in sheet.merged_cells:
                detail = f"{right - left} columns, {bottom - top} rows"
                sink.remark("MERGED_CELLS", row=top + 1, column=left, detail=detail)
            sink.end()
            self._book.unload_sheet(index)

    def _row(self, sheet: Any, number: int, sink: SheetSink) -> None:
        cells: list[str] = []
        notes: list[Note] = []
        for index, cell in enumerate(sheet.row(number)):
            text, code = self._text(cell)
            if code:
                notes.append((index, code, text, None))
            cells.append(text)
        while cells and not cells[-1]:
            cells.pop()
        if cells or notes:
            sink.row(number + 1, cells, notes)

    def _text(self, cell: Any) -> tuple[str, str | None]:
        if cell.ctype == XL_CELL_TEXT:
            return str(cell.value), None
        if cell.ctype in {XL_CELL_NUMBER, XL_CELL_DATE}:
            return self._number(cell)
        if cell.ctype == XL_CELL_BOOLEAN:
            return ("True" if cell.value else "False"), None
        if cell.ctype == XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#ERROR"), "CELL_ERROR"
        return "", None

    def _number(self, cell: Any) -> tuple[str, str | None]:
        raw = repr(cell.value)
        epoch_1904 = bool(self._book.datemode)
        if cell.xf_index is not None and self._book.formatting_info:
            style = self._book.xf_list[cell.xf_index]
            form = self._book.format_map.get(style.format_key)
            return renderer(form.format_str if form else "", epoch_1904=epoch_1904)(raw)
        if cell.ctype == XL_CELL_DATE:
            return renderer("yyyy-mm-dd", epoch_1904=epoch_1904)(raw)
        return plain_number(raw)


class XlsbReader:
    """One XLSB workbook. Cell errors cannot be told from empty cells; each sheet says so."""

    def __init__(self, path: Path) -> None:
        try:
            self._book = python_calamine.load_workbook(path)
        except python_calamine.PasswordError:
            raise WorkbookLocked from None
        except python_calamine.CalamineError as e:
            raise SheetFault(str(e)) from None

    def sheet_names(self) -> list[str]:
        """Names of all sheets."""
        return list(self._book.sheet_names)

    def read(self, sink: SheetSink) -> None:
        """Read all sheets that the sink wants."""
        for meta in self._book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            if not sink.begin(meta.name, hidden=hidden):
                continue
            try:
                sheet = self._book.get_sheet_by_name(meta.name)
            except python_calamine.CalamineError as e:
                raise SheetFault(f"{meta.name}: {e}") from None
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = [_calamine_text(v) for v in row]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    sink.row(number, cells)
            sink.remark("FORMAT_LIMITED")
            sink.end()


def _calamine_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return decimal_text(float(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)
