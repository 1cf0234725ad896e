"""Workbooks: what a person sees in them is what is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from landbridge.discovery.imports.formats import workbooks
from landbridge.discovery.imports.reading import ReadOptions, SourceTable, read_file
from landbridge.errors.catalogue import LandbridgeError
from tests.support.workbookfiles import ods, rows, xls, xlsb, xlsx


class Sheets:
    """What was read of a file."""

    def __init__(self, path: Path, options: ReadOptions | None = None) -> None:
        self.tables: list[SourceTable] = []
        self.grids: dict[str, list[list[str]]] = {}
        self.issues: list[tuple[str, int, str | None, str | None]] = []
        for table in read_file(path, options=options):
            records = list(table.records)
            self.tables.append(table)
            self.grids[table.name] = [r.cells for r in records]
            found = [i for r in records for i in r.issues] + table.issues
            self.issues += [(i.kind.code, i.row, i.column, i.value) for i in found]


def read(
    folder: Path, content: bytes, name: str = "book.xlsx", sheets: tuple[str, ...] | None = None
) -> Sheets:
    path = folder / name
    path.write_bytes(content)
    return Sheets(path, ReadOptions(sheets=sheets))


def cell(value: str, *, style: int = 0, kind: str = "n") -> str:
    return f'<c s="{style}" t="{kind}"><v>{value}</v></c>'


def one_column(*cells: str, formats: tuple[str, ...] = (), epoch_1904: bool = False) -> bytes:
    """A sheet with the header `Name`, `Value`, and a cell of raw XML in each row below."""
    name, value, server = (
        f'<c t="inlineStr"><is><t>{t}</t></is></c>' for t in ("Name", "Value", "srv")
    )
    body = f"<row>{name}{value}</row>" + "".join(f"<row>{server}{c}</row>" for c in cells)
    sheet = f'<dimension ref="A1"/><sheetData>{body}</sheetData>'
    return xlsx({"S": sheet}, formats=formats, epoch_1904=epoch_1904)


NUMBERS = [
    ("General", "16", "16"),
    ("General", "4.5999999999999996", "4.6"),
    ("General", "0.30000000000000004", "0.3"),
    ("General", "33.333333333333336", "33.333333333333336"),
    ("General", "1E-3", "0.001"),
    ("General", "-0", "-0"),
    ("General", "6.37702E+15", "6377020000000000"),
    ("#,##0.00", "1234.5", "1234.5"),
    ("00000", "42", "00042"),
    ('"SRV-"0000', "7", "SRV-0007"),
    ('0" GB"', "16", "16 GB"),
    ("[$€-407] #,##0", "5", "5"),
    ("@", "7", "7"),
    ("0%", "0.254", "25.4%"),
    ("0.00%", "1", "100%"),
    ("yyyy-mm-dd", "45413", "2024-05-01"),
    ("dd.mm.yyyy", "45413.5", "2024-05-01 12:00:00"),
    ("m/d/yy h:mm", "45413", "2024-05-01 00:00:00"),
    ('yyyy"年"m"月"d"日"', "45413", "2024-05-01"),
    ("[$-407]mmmm yyyy;@", "45413", "2024-05-01"),
    ("[Red]0", "5", "5"),
    ("h:mm:ss", "0.4243055555555555", "10:11:00"),
    ("[hh]:mm:ss", "1.25", "30:00:00"),
    ("h:mm", "1.25", "1900-01-01 06:00:00"),
    ("yyyy-mm-dd", "60", "1900-02-29"),
    ("yyyy-mm-dd", "1", "1900-01-01"),
    ("yyyy-mm-dd", "-5", "-5"),
    ("yyyy-mm-dd", "99999999", "99999999"),
    ("0.00E+00", "12", "12"),
]


def test_numbers_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    formats = tuple(code for code, _, _ in NUMBERS)
    cells = [cell(raw, style=i) for i, (_, raw, _) in enumerate(NUMBERS, 1)]
    sheets = read(tmp_path, one_column(*cells, formats=formats))
    assert [r[1] for r in sheets.grids["S"][1:]] == [text for _, _, text in NUMBERS]
    flagged = {(code, NUMBERS[row - 2][1]) for code, row, _, _ in sheets.issues}
    assert flagged == {
        ("NUMBER_PRECISION", "6.37702E+15"),
        ("PERCENT_FORMAT", "0.254"),
        ("DATE_INVALID", "60"),
        ("DATE_INVALID", "-5"),
        ("DATE_INVALID", "99999999"),
    }


def test_days_can_be_counted_from_1904(tmp_path: Path) -> None:
    content = one_column(cell("42369", style=1), formats=("yyyy-mm-dd",), epoch_1904=True)
    assert read(tmp_path, content).grids["S"][1] == ["srv", "2020-01-01"]


def test_errors_formulas_and_faulty_cells_are_flagged_and_kept(tmp_path: Path) -> None:
    sheets = read(
        tmp_path,
        one_column(
            cell("#N/A", kind="e"),
            "<c><f>8*2</f><v></v></c>",
            '<c t="str"><f>A1</f><v></v></c>',
            "<c><f>8*2</f><v>16</v></c>",
            cell("99", kind="s"),
            cell("1", kind="b"),
            cell("2024-05-01T00:00:00", kind="d"),
            '<c r="B9"><v>1</v></c><c r="B9"><v>2</v></c>',
        ),
    )
    assert [r[1] for r in sheets.grids["S"][1:]] == [
        "#N/A", "", "", "16", "99", "True", "2024-05-01", "2",
    ]  # fmt: skip
    assert sheets.issues == [
        ("CELL_ERROR", 2, "Value", "#N/A"),
        ("FORMULA_WITHOUT_VALUE", 3, "Value", "=8*2"),
        ("CELL_ERROR", 6, "Value", "99"),
        ("CELL_CONFLICT", 9, "Value", "1"),
    ]


def test_shared_strings_with_rich_text_phonetics_and_escapes(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>10.</t></r><r><rPr/><t>0.1</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='1'><t>トウキョウ</t></rPh></si>"
        "<si><t>a_x000D_&#10;b_x005F_x0041_</t></si><si><t xml:space='preserve'>  pad </t></si>"
    )
    body = "<row>" + "".join(cell(str(i), kind="s") for i in range(4)) + "</row>"
    sheet = f"<sheetData><row>{cell('3', kind='s') * 4}</row>{body}</sheetData>"
    grid = read(tmp_path, xlsx({"S": sheet}, strings=strings)).grids["S"]
    assert grid[1] == ["10.0.1", "東京", "a\r\nb_x0041_", "  pad "]


def test_cells_stand_where_their_references_say(tmp_path: Path) -> None:
    sheet = (
        '<dimension ref="A1:A1"/><sheetData><row r="2"><c r="C2" t="inlineStr"><is><t>Name</t></is>'
        '</c><c r="D2" t="inlineStr"><is><t>IP</t></is></c></row><row r="5"><c r="D5"><v>7</v></c>'
        '<c r="C5"><v>6</v></c></row><row r="1048576" spans="1:9"/></sheetData>'
    )
    grid = read(tmp_path, xlsx({"S": sheet})).grids["S"]
    assert grid == [
        ["", "", "", ""],
        ["", "", "Name", "IP"],
        [""] * 4,
        [""] * 4,
        ["", "", "6", "7"],
    ]


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    sheet = "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>"
    assert read(tmp_path, xlsx({"S": sheet}, prefix="x:")).grids["S"] == [["1"]]


def test_merged_cells_hidden_rows_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    body = rows(["x"], ["Name", "IP", "OS"], ["a", "1", "x"], ["b", "2", "y"])
    body = body.replace('<row r="1">', '<row r="1" hidden="0">').replace(
        '<row r="4">', '<row r="4" hidden="1">'
    )
    merged = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="C3:C4"/></mergeCells>'
    sheets = read(tmp_path, xlsx({"S": body + merged}, hidden=("S",)))
    assert ("MERGED_CELLS", 3, "OS", "C3:C4") in sheets.issues
    assert [i[:2] for i in sheets.issues] == [
        ("PREAMBLE_LINE", 1),
        ("HIDDEN_SHEET", 0),
        ("MERGED_CELLS", 3),
        ("HIDDEN_ROWS", 0),
    ]


def test_every_sheet_is_accounted_for_and_can_be_chosen(tmp_path: Path) -> None:
    content = xlsx({"vInfo": rows(["Name"], ["a"]), "Empty": "<sheetData/>", "Last": rows(["N"])})
    sheets = read(tmp_path, content)
    assert list(sheets.grids) == ["vInfo", "Empty", "Last"]
    assert sheets.grids["Empty"] == []
    assert [i[0] for i in sheets.issues] == ["NO_ROWS", "NO_ROWS"]
    assert list(read(tmp_path, content, sheets=("Last",)).grids) == ["Last"]
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, content, sheets=("last",))
    assert caught.value.code == "SHEET_NOT_FOUND"
    assert "vInfo, Empty, Last" in caught.value.advice


def test_records_not_read_are_skipped(tmp_path: Path) -> None:
    many = rows(["Name"], *([f"srv{i}"] for i in range(5_000)))
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx({"A": many, "B": rows(["Name"], ["x"])}))
    assert [(t.name, t.columns) for t in read_file(path)] == [("A", ["Name"]), ("B", ["Name"])]


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("<sheetData><row>", "mismatched tag"),
        ('<sheetData><row r="9999999"><c><v>1</v></c></row></sheetData>', "number 9999999"),
        ('<sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData>', "'ZZZZ'"),
        ('<sheetData><row r="x"/></sheetData>', "invalid literal"),
    ],
)
def test_a_contradictory_sheet_is_a_damaged_file(tmp_path: Path, sheet: str, reason: str) -> None:
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, xlsx({"S": sheet}))
    assert caught.value.code == "FILE_DAMAGED"
    assert reason in caught.value.detail


def test_entities_of_the_document_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx({"S": rows(["Name"])}))
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">]><sst><si><t>&a;</t></si></sst>'
    with zipfile.ZipFile(path, "a") as archive:
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/strings.xml", bomb)
    with pytest.raises(LandbridgeError) as caught:
        Sheets(path)
    assert caught.value.code == "XML_DECLARES_TYPES"


def test_a_reader_that_dies_is_an_error_of_this_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_MODULE", "no.such.module")
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, xlsx({"S": rows(["Name"])}))
    assert caught.value.code == "WORKBOOK_READER_STOPPED"


def test_a_reader_that_falls_silent_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_MODULE", "tests.support.silent")
    monkeypatch.setattr(workbooks, "SILENCE_LIMIT", 0.2)
    monkeypatch.chdir(Path(__file__).parents[3])
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, xlsx({"S": rows(["Name"])}))
    assert "stopped answering" in caught.value.detail


def test_opendocument_sheets(tmp_path: Path) -> None:
    def value(kind: str, text: str, **attributes: str) -> str:
        named = "".join(f' {k.replace("_", ":", 1)}="{v}"' for k, v in attributes.items())
        return (
            f'<table:table-cell office:value-type="{kind}"{named}><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    table = (
        '<table:table table:name="S1"><table:table-row>'
        + "".join(value("string", t) for t in ("Name", "RAM", "Date", "Load"))
        + '</table:table-row><table:table-row table:number-rows-repeated="2"/><table:table-row>'
        + value("string", "a<text:s text:c='2'/>b</text:p><text:p>c")
        + value("float", "16,0", office_value="16")
        + '<table:table-cell office:value-type="date" office:date-value="2024-05-01"/>'
        + value("percentage", "25%", office_value="0.25")
        + '</table:table-row><table:table-row table:number-rows-repeated="2">'
        + value("string", "#N/A", table_formula="of:=NA()")
        + "<table:table-cell/>"
        + value("boolean", "WAHR", **{"office_boolean-value": "true"})
        + value("float", "0042", office_value="42")
        + '</table:table-row><table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
        '<table:table table:name="Empty"/>'
    )
    sheets = read(tmp_path, ods(table), "book.ods")
    assert sheets.grids == {
        "S1": [
            ["Name", "RAM", "Date", "Load"],
            [""] * 4,
            [""] * 4,
            ["a  b\nc", "16", "2024-05-01", "25%"],
            ["#N/A", "", "True", "0042"],
            ["#N/A", "", "True", "0042"],
        ],
        "Empty": [],
    }
    assert [(c, r) for c, r, _, _ in sheets.issues if c != "NO_ROWS"] == [
        ("PERCENT_FORMAT", 4),
        ("CELL_ERROR", 5),
        ("CELL_ERROR", 6),
    ]
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, ods(table, encrypted=True), "book.ods")
    assert caught.value.code == "FILE_ENCRYPTED"


def test_old_binary_workbooks(tmp_path: Path) -> None:
    content = xls(
        [(0, 0, "Name"), (0, 1, "RAM"), (2, 0, "Größe"), (2, 1, 16.0), (3, 0, True), (3, 1, (42,))]
    )
    sheets = read(tmp_path, content, "book.xls")
    ((_, grid),) = sheets.grids.items()
    assert grid == [["Name", "RAM"], ["", ""], ["Größe", "16"], ["True", "#N/A"]]
    assert sheets.issues == [("CELL_ERROR", 4, "RAM", "#N/A")]


def test_new_binary_workbooks_say_what_cannot_be_seen_in_them(tmp_path: Path) -> None:
    content = xlsb([(0, 0, "Name"), (0, 1, "RAM"), (2, 0, "Größe"), (2, 1, 16.0), (3, 1, None)])
    sheets = read(tmp_path, content, "book.xlsb")
    assert sheets.grids["S"][:3] == [["Name", "RAM"], ["", ""], ["Größe", "16"]]
    assert sheets.issues == [("FORMAT_LIMITED", 0, None, None)]


def test_xml_spreadsheets(tmp_path: Path) -> None:
    content = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S1"><Table>
     <Row><Cell><Data ss:Type="String">Name</Data></Cell><Cell ss:Index="3">
     <Data ss:Type="String">Date</Data></Cell></Row><Row ss:Index="3"><Cell>
     <Data ss:Type="Number">16</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell><Cell>
     <Data ss:Type="DateTime">2024-05-01T00:00:00.000</Data></Cell></Row></Table></Worksheet>
     <Worksheet ss:Name="S2"><Table/></Worksheet></Workbook>"""
    sheets = read(tmp_path, content.encode(), "export.xls")
    assert sheets.grids == {
        "S1": [["Name", "", "Date"], ["", "", ""], ["16", "#N/A", "2024-05-01"]],
        "S2": [],
    }
    assert ("CELL_ERROR", 3, "Column 2", "#N/A") in sheets.issues
