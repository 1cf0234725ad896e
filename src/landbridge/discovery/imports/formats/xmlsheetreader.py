"""XML spreadsheets of 2003 (SpreadsheetML), which many systems still export as `.xls`."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from landbridge.discovery.imports.formats.numberformats import plain_number
from landbridge.discovery.imports.formats.sheetsink import MAX_COLUMN, Note, SheetFault, SheetSink
from landbridge.discovery.imports.formats.xlsxreader import new_parser


class XmlSheetReader:
    """One document."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sheet_names(self) -> list[str]:
        """Names of all sheets."""
        names: list[str] = []

        def start(name: str, a: dict[str, str]) -> None:
            if _local(name) == "Worksheet":
                names.append(_attribute(a, "Name") or "")

        parser = new_parser()
        parser.StartElementHandler = start
        self._parse(parser)
        return names

    def read(self, sink: SheetSink) -> None:
        """Read all sheets that the sink wants.

        Raises:
            SheetFault: the document is not valid XML.
        """
        content = _Content(sink)
        parser = new_parser()
        parser.StartElementHandler = content.start
        parser.EndElementHandler = content.end
        parser.CharacterDataHandler = content.text
        self._parse(parser)

    def _parse(self, parser: expat.XMLParserType) -> None:
        try:
            with self._path.open("rb") as file:
                parser.ParseFile(file)
        except expat.ExpatError as e:
            raise SheetFault(str(e)) from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(a: dict[str, str], local: str) -> str | None:
    return next((v for k, v in a.items() if _local(k) == local), None)


class _Content:
    def __init__(self, sink: SheetSink) -> None:
        self._sink = sink
        self._wanted = False
        self._number = 0
        self._index = -1
        self._row: list[str] = []
        self._notes: list[Note] = []
        self._formula: str | None = None
        self._type = ""
        self._data: list[str] | None = None
        self._text = ""

    def start(self, name: str, a: dict[str, str]) -> None:
        local = _local(name)
        if local == "Worksheet":
            self._wanted = self._sink.begin(_attribute(a, "Name") or "")
            self._number = 0
        elif not self._wanted:
            return
        elif local == "Row":
            index = _attribute(a, "Index")
            self._number = int(index) if index else self._number + 1
            self._row, self._notes, self._index = [], [], -1
        elif local == "Cell":
            index = _attribute(a, "Index")
            self._index = int(index) - 1 if index else self._index + 1
            if not 0 <= self._index < MAX_COLUMN:
                raise SheetFault("a cell is in a column that does not exist")
            self._formula = _attribute(a, "Formula")
            self._text = ""
            self._merge(a)
        elif local == "Data":
            self._type = _attribute(a, "Type") or "String"
            self._data = []

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "Worksheet" and self._wanted:
            self._sink.end()
            self._wanted = False
        elif not self._wanted:
            return
        elif local == "Data" and self._data is not None:
            self._text = self._value("".join(self._data))
            self._data = None
        elif local == "Cell":
            if self._text:
                self._row += [""] * (self._index - len(self._row))
                self._row.append(self._text)
            elif self._formula:
                note = (self._index, "FORMULA_WITHOUT_VALUE", self._formula, None)
                self._notes.append(note)
        elif local == "Row" and (self._row or self._notes):
            self._sink.row(self._number, self._row, self._notes)

    def text(self, data: str) -> None:
        if self._data is not None:
            self._data.append(data)

    def _value(self, raw: str) -> str:
        if self._type == "Number":
            text, code = plain_number(raw.strip())
            if code:
                self._notes.append((self._index, code, text, None))
            return text
        if self._type == "Boolean":
            return "True" if raw.strip() == "1" else "False"
        if self._type == "DateTime":
            return raw.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00")
        if self._type == "Error":
            self._notes.append((self._index, "CELL_ERROR", raw, None))
        return raw

    def _merge(self, a: dict[str, str]) -> None:
        across, down = _attribute(a, "MergeAcross"), _attribute(a, "MergeDown")
        if across or down:
            detail = f"{int(across or 0) + 1} columns, {int(down or 0) + 1} rows"
            self._sink.remark("MERGED_CELLS", row=self._number, column=self._index, detail=detail)
