"""Workbooks written by hand, so that they can hold what writers never write."""

from __future__ import annotations

import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(
    sheets: dict[str, str],
    *,
    strings: str = "",
    formats: tuple[str, ...] = (),
    epoch_1904: bool = False,
    hidden: tuple[str, ...] = (),
    prefix: str = "",
) -> bytes:
    """A workbook of raw sheet XML (what stands inside `<worksheet>`).

    Args:
        sheets: name → XML; style n of a cell is the n-th of `formats`, from 1.
        strings: the `<si>` elements of the shared strings.
        formats: number format codes.
        epoch_1904: whether days are counted from 1904.
        hidden: names of hidden sheets.
        prefix: namespace prefix of the elements of sheets, with its colon.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        listed, relations = "", ""
        for i, (name, body) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            listed += f'<sheet name={quoteattr(name)} sheetId="{i}"{state} r:id="r{i}"/>'
            relations += (
                f'<Relationship Id="r{i}" Type="{REL}/worksheet" Target="worksheets/s{i}.xml"/>'
            )
            space = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
            archive.writestr(
                f"xl/worksheets/s{i}.xml",
                f'<{prefix}worksheet {space}="{MAIN}">{body}</{prefix}worksheet>',
            )
        date = ' date1904="1"' if epoch_1904 else ""
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr{date}/>'
            f"<sheets>{listed}</sheets></workbook>",
        )
        relations += f'<Relationship Id="s" Type="{REL}/sharedStrings" Target="/xl/strings.xml"/>'
        relations += f'<Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        )
        archive.writestr("xl/strings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        codes = "".join(
            f'<numFmt numFmtId="{200 + i}" formatCode={quoteattr(f)}/>'
            for i, f in enumerate(formats)
        )
        styles = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(formats)))
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/>'
            f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        )
    return made.getvalue()


def rows(*lines: list[str]) -> str:
    """Sheet data of rows of texts."""
    body = ""
    for number, cells in enumerate(lines, 1):
        inner = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{escape(c)}</t></is></c>' for c in cells
        )
        body += f'<row r="{number}">{inner}</row>'
    return f"<sheetData>{body}</sheetData>"


def ods(tables: str, *, encrypted: bool = False) -> bytes:
    """An OpenDocument spreadsheet of raw `<table:table>` elements."""
    names = ("office", "table", "text", "calcext")
    spaces = " ".join(f'xmlns:{n}="urn:x:{n}"' for n in names)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", "<m><encryption-data/></m>" if encrypted else "<m/>"
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def xls(cells: list[tuple[int, int, object]]) -> bytes:
    """A BIFF 2 workbook: one sheet, no container. Text, numbers, booleans; an int in a tuple is
    an error code.
    """

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    out = record(0x0009, struct.pack("<HH", 2, 0x10))
    for row, column, value in cells:
        at = struct.pack("<HH", row, column) + bytes(3)
        if isinstance(value, tuple):
            out += record(0x0005, at + bytes([value[0], 1]))
        elif isinstance(value, bool):
            out += record(0x0005, at + bytes([value, 0]))
        elif isinstance(value, (int, float)):
            out += record(0x0003, at + struct.pack("<d", value))
        else:
            text = str(value).encode("cp1252")
            out += record(0x0004, at + bytes([len(text)]) + text)
    return out + record(0x000A, b"")


def xlsb(cells: list[tuple[int, int, object]]) -> bytes:
    """A binary workbook with one sheet `S`. Texts and numbers; None is a cell with #N/A."""

    def record(kind: int, data: bytes = b"") -> bytes:
        code = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size = len(data)
        return (
            code + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + data
        )

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    bundle = struct.pack("<II", 0, 1) + wide("r1") + wide("S")
    book = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
    last_row, last_column = max(c[0] for c in cells), max(c[1] for c in cells)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, last_row, 0, last_column))
    sheet += record(145)
    row = -1
    for at, column, value in sorted(cells, key=lambda c: c[:2]):
        if at != row:
            row = at
            sheet += record(0, struct.pack("<I", row) + bytes(21))
        place = struct.pack("<II", column, 0)
        if value is None:
            sheet += record(3, place + b"\x2a")
        elif isinstance(value, (int, float)):
            sheet += record(5, place + struct.pack("<d", value))
        else:
            sheet += record(6, place + wide(str(value)))
    sheet += record(146) + record(130)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{REL}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return made.getvalue()
