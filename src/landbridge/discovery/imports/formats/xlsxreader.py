"""XLSX and XLSM, streamed straight from their XML.

The sheet's own `<dimension>` is not believed, so sheets that claim a million rows end where
their content does; error values, formulas without a result and number formats are seen.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final
from xml.parsers import expat

from landbridge.discovery.imports.formats.numberformats import (
    BUILT_IN,
    Rendered,
    Renderer,
    plain_number,
    renderer,
)
from landbridge.discovery.imports.formats.sheetsink import (
    MAX_COLUMN,
    Note,
    SheetFault,
    SheetSink,
    TypesDeclared,
)

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)")
_FORMULA_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


class XlsxReader:
    """One workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {n.lower().lstrip("/").replace("\\", "/"): n for n in archive.namelist()}
        self._workbook = next(n for n in self._names if n.endswith("xl/workbook.xml"))
        self._relations = self._read_relations()
        self._epoch_1904 = False
        self._sheets = self._read_workbook()
        self._strings = self._read_strings()
        self._renderers = self._read_styles()

    @property
    def sheet_names(self) -> list[str]:
        """Names of the sheets that hold cells, in the order of the workbook."""
        return [s.name for s in self._sheets]

    def read(self, sink: SheetSink) -> None:
        """Read all sheets that the sink wants."""
        for sheet in self._sheets:
            if sink.begin(sheet.name, hidden=sheet.hidden):
                self._read_sheet(sheet, sink)
                sink.end()

    def _open(self, part: str) -> IO[bytes] | None:
        name = self._names.get(part.lower().lstrip("/"))
        return self._archive.open(name) if name else None

    def _parse(self, part: str, handlers: Callable[[expat.XMLParserType], None]) -> bool:
        """Parse a part of the package; False when it does not exist.

        Raises:
            SheetFault: it is not valid XML, or cannot be unpacked.
        """
        try:
            file = self._open(part)
            if file is None:
                return False
            with file:
                parser = new_parser()
                handlers(parser)
                parser.ParseFile(file)
        except expat.ExpatError as e:
            raise SheetFault(f"{part}: {e}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as e:
            raise SheetFault(f"{part}: {e or type(e).__name__}") from None
        return True

    def _elements(self, part: str, wanted: set[str]) -> list[tuple[str, dict[str, str]]]:
        """Name (without prefix) and attributes of some elements of a small part."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local = name.rpartition(":")[2]
            if local in wanted:
                found.append((local, attributes))

        def handlers(parser: expat.XMLParserType) -> None:
            parser.StartElementHandler = start

        self._parse(part, handlers)
        return found

    def _read_relations(self) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(self._workbook)
        part = f"{folder}/_rels/{file}.rels"
        relations: dict[str, tuple[str, str]] = {}
        for _, a in self._elements(part, {"Relationship"}):
            target = a.get("Target", "").replace("\\", "/")
            path = target if target.startswith("/") else f"{folder}/{target}"
            kind = a.get("Type", "").rpartition("/")[2]
            relations[a.get("Id", "")] = (kind, posixpath.normpath(path).lstrip("/"))
        return relations

    def _part(self, kind: str, usual: str) -> str:
        found = next((p for k, p in self._relations.values() if k == kind), None)
        return found or posixpath.join(posixpath.dirname(self._workbook), usual)

    def _read_workbook(self) -> list[_Sheet]:
        sheets: list[_Sheet] = []
        for element, a in self._elements(self._workbook, {"workbookPr", "sheet"}):
            if element == "workbookPr":
                self._epoch_1904 = a.get("date1904") in {"1", "true", "on"}
                continue
            relation = next((v for k, v in a.items() if k.rpartition(":")[2] == "id"), "")
            kind, part = self._relations.get(relation, ("", ""))
            if kind in {"chartsheet", "dialogsheet"}:
                continue
            part = part or f"xl/worksheets/sheet{len(sheets) + 1}.xml"
            hidden = a.get("state", "visible") != "visible"
            sheets.append(_Sheet(unescape(a.get("name", "")), part, hidden))
        if not sheets:
            raise SheetFault("the workbook has no sheets")
        return sheets

    def _read_strings(self) -> list[str]:
        strings: list[str] = []
        pieces: list[str] = []
        skip = 0
        inside = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal inside, skip
            local = name.rpartition(":")[2]
            if local == "t":
                inside = not skip
            elif local == "rPh":
                skip += 1
            elif local == "si":
                pieces.clear()

        def end(name: str) -> None:
            nonlocal inside, skip
            local = name.rpartition(":")[2]
            if local == "t":
                inside = False
            elif local == "rPh":
                skip -= 1
            elif local == "si":
                strings.append(unescape("".join(pieces)))

        def text(data: str) -> None:
            if inside:
                pieces.append(data)

        def handlers(parser: expat.XMLParserType) -> None:
            parser.StartElementHandler, parser.EndElementHandler = start, end
            parser.CharacterDataHandler = text

        self._parse(self._part("sharedStrings", "sharedStrings.xml"), handlers)
        return strings

    def _read_styles(self) -> list[Renderer]:
        codes: dict[int, str] = dict(BUILT_IN)
        ids: list[int] = []
        inside = False

        def start(name: str, a: dict[str, str]) -> None:
            nonlocal inside
            local = name.rpartition(":")[2]
            if local == "numFmt":
                codes[int(a.get("numFmtId", "0"))] = a.get("formatCode", "")
            elif local == "cellXfs":
                inside = True
            elif local == "xf" and inside:
                ids.append(int(a.get("numFmtId", "0")))

        def end(name: str) -> None:
            nonlocal inside
            if name.rpartition(":")[2] == "cellXfs":
                inside = False

        def handlers(parser: expat.XMLParserType) -> None:
            parser.StartElementHandler, parser.EndElementHandler = start, end

        self._parse(self._part("styles", "styles.xml"), handlers)
        return [renderer(codes.get(i, ""), epoch_1904=self._epoch_1904) for i in ids]

    def _read_sheet(self, sheet: _Sheet, sink: SheetSink) -> None:
        cells = _Cells(self._strings, self._renderers, sink)
        if not self._parse(sheet.part, cells.attach):
            raise SheetFault(f"the sheet {sheet.name!r} is missing")
        cells.finish()


class _Cells:
    """The state of parsing one sheet. Its methods run once for each tag."""

    __slots__ = (
        "_c", "_columns", "_f", "_formula", "_hidden", "_index", "_merge", "_notes", "_number",
        "_ph", "_phonetic", "_r", "_renderers", "_row", "_sink", "_strings", "_style", "_t",
        "_target", "_type", "_v", "_value",
    )  # fmt: skip

    def __init__(self, strings: list[str], renderers: list[Renderer], sink: SheetSink) -> None:
        self._strings = strings
        self._renderers = {str(i): r for i, r in enumerate(renderers)}
        self._sink = sink
        self._columns: dict[str, int] = {}
        self._number = 0
        self._hidden = 0
        self._row: list[str] = []
        self._notes: list[Note] = []
        self._index = -1
        self._type: str | None = None
        self._style: str = "0"
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._target: list[str] | None = None
        self._phonetic = 0

    def attach(self, parser: expat.XMLParserType) -> None:
        def root(name: str, _: dict[str, str]) -> None:
            prefix = name.rpartition(":")[0]
            self._name_elements(prefix + ":" if prefix else "")
            parser.StartElementHandler = self._start
            parser.EndElementHandler = self._end

        parser.StartElementHandler = root
        parser.CharacterDataHandler = self._text

    def finish(self) -> None:
        if self._hidden:
            self._sink.remark("HIDDEN_ROWS", detail=f"{self._hidden} rows")

    def _name_elements(self, prefix: str) -> None:
        names = ("c", "v", "row", "f", "t", "rPh", "mergeCell")
        self._c, self._v, self._r, self._f, self._t, self._ph, self._merge = (
            prefix + n for n in names
        )

    def _start(self, name: str, a: dict[str, str]) -> None:
        if name == self._v:
            self._target = self._value
        elif name == self._c:
            reference = a.get("r")
            self._index = self._column(reference) if reference else self._index + 1
            self._type = a.get("t")
            self._style = a.get("s", "0")
            self._value = []
            self._formula = None
        elif name == self._t:
            self._target = None if self._phonetic else self._value
        elif name == self._f:
            self._formula = self._target = []
        elif name == self._r:
            number = a.get("r")
            self._number = int(number) if number else self._number + 1
            self._row, self._notes, self._index = [], [], -1
            if a.get("hidden") in {"1", "true"}:
                self._hidden += 1
        elif name == self._ph:
            self._phonetic += 1
        elif name == self._merge:
            self._merged(a.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == self._v:
            self._target = None
        elif name == self._c:
            self._cell()
        elif name == self._r:
            row = self._row
            while row and not row[-1]:
                row.pop()
            if row or self._notes:
                self._sink.row(self._number, row, self._notes)
        elif name in {self._t, self._f}:
            self._target = None
        elif name == self._ph:
            self._phonetic -= 1

    def _text(self, data: str) -> None:
        if self._target is not None:
            self._target.append(data)

    def _cell(self) -> None:
        value = self._value
        raw = value[0] if len(value) == 1 else "".join(value)
        index, row = self._index, self._row
        if not raw:
            if self._formula is not None and self._type != "str":
                formula = "=" + "".join(self._formula)[:_FORMULA_LIMIT]
                self._notes.append((index, "FORMULA_WITHOUT_VALUE", formula, None))
            return
        text, code = self._rendered(raw)
        if code is not None:
            self._notes.append((index, code, text, None))
        if index == len(row):
            row.append(text)
        elif index > len(row):
            row += [""] * (index - len(row))
            row.append(text)
        else:
            if row[index]:
                self._notes.append((index, "CELL_CONFLICT", row[index], None))
            row[index] = text

    def _rendered(self, raw: str) -> Rendered:
        match self._type:
            case "s":
                try:
                    return self._strings[int(raw)], None
                except (ValueError, IndexError):
                    return raw, "CELL_ERROR"
            case None | "n":
                return self._renderers.get(self._style, plain_number)(raw.strip())
            case "b":
                return ("True" if raw.strip() in {"1", "true"} else "False"), None
            case "e":
                return raw, "CELL_ERROR"
            case "d":
                return raw.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00"), None
        return unescape(raw), None

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789").replace("$", "")
        index = self._columns.get(letters)
        if index is None:
            index = self._columns[letters] = column_index(letters)
        return index

    def _merged(self, reference: str) -> None:
        match = _REFERENCE.match(reference)
        if match and ":" in reference:
            row, column = int(match[2]), column_index(match[1])
            self._sink.remark("MERGED_CELLS", row=row, column=column, value=reference)


def column_index(letters: str) -> int:
    """Index of a column from its letters: A is 0.

    Raises:
        SheetFault: no sheet has such a column.
    """
    index = 0
    for char in letters.upper():
        if not "A" <= char <= "Z":
            raise SheetFault(f"a cell is in the column {letters!r}")
        index = index * 26 + ord(char) - 64
    if not 1 <= index <= MAX_COLUMN:
        raise SheetFault(f"a cell is in the column {letters!r}")
    return index - 1


def new_parser() -> expat.XMLParserType:
    """An XML parser that refuses document types, and so entities of the document's own."""

    def refuse(*_: object) -> None:
        raise TypesDeclared

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = refuse
    return parser


def unescape(text: str) -> str:
    """Undo `_x000D_`: how workbooks write characters that XML cannot hold."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    try:
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text
