"""Exports that break readers, generated: each with the grid of cells that must come out, or the
error that must be named, and the issues that must be flagged.
"""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = ["Name", "IP Address", "Operating System", "RAM", "Owner", "Serial"]
GERMAN = "Jürgen Groß"
POLISH = "Łukasz Żółć"


GUESSED = frozenset({("ENCODING_GUESSED", 0)})


@dataclass(frozen=True)
class Export:
    """One generated file.

    Attributes:
        name: file name, unique among all.
        content: its bytes.
        grid: every record of its first table.
        error: code of the error instead of a grid.
        issues: (code, record number) of every issue of the first table.
        header_row: index of the header.
    """

    name: str
    content: bytes
    grid: list[list[str]] = field(default_factory=list)
    error: str | None = None
    issues: frozenset[tuple[str, int]] = frozenset()
    header_row: int = 0


def servers(owner: str = "Jane Doe", count: int = 40) -> list[list[str]]:
    """A header and rows of an ordinary server list."""
    systems = ("RHEL 7.9", "Windows Server 2016", "Ubuntu 20.04")
    rows = [
        [f"srv{i:04}", f"10.0.0.{i}", systems[i % 3], f"{8 << i % 3} GB", owner, f"SN{4711 + i}"]
        for i in range(count)
    ]
    return [list(HEADER), *rows]


def plain(grid: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """A grid as text, nothing quoted."""
    return "".join(delimiter.join(row) + end for row in grid)


def exports() -> list[Export]:
    """All of them."""
    return [
        *_encodings(),
        *_delimiters(),
        *_unusual(),
        *_line_ends(),
        *_quotes(),
        *_frames(),
        *_cells(),
        *_unreadable(),
        *_others(),
    ]


def _encodings() -> Iterator[Export]:
    grid = servers(GERMAN)
    text = plain(grid, ";")
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"):
        yield Export(f"encoding_{codec}.csv", text.encode(codec), grid)
    for codec in ("utf-32-le", "utf-32-be"):
        yield Export(f"encoding_{codec}.csv", text.encode(codec), grid)
    for codec in ("latin-1", "cp1252", "mac-roman", "cp850"):
        yield Export(f"encoding_{codec}.csv", text.encode(codec), grid, issues=GUESSED)
    euro = servers("Jürgen – 5 €/h “x”")
    yield Export("encoding_cp1252_signs.csv", plain(euro).encode("cp1252"), euro, issues=GUESSED)
    euro = servers("Jürgen 5 €")
    yield Export("encoding_latin9.csv", plain(euro).encode("iso8859-15"), euro, issues=GUESSED)
    polish = servers(POLISH)
    yield Export("encoding_cp1250.csv", plain(polish).encode("cp1250"), polish, issues=GUESSED)
    yield Export("encoding_latin2.csv", plain(polish).encode("iso8859-2"), polish, issues=GUESSED)
    for codec, owner in (
        ("cp932", "田中サーバー"),
        ("euc_jp", "サーバー管理者"),
        ("gb18030", "服务器管理员张伟"),
        ("cp1251", "Иванов Сервер"),
        ("koi8-r", "Иванов Сервер"),
    ):
        foreign = servers(owner)
        yield Export(f"encoding_{codec}.csv", plain(foreign).encode(codec), foreign, issues=GUESSED)
    japanese = servers("田中サーバー")
    yield Export("encoding_utf-16-le_ja.csv", plain(japanese).encode("utf-16-le"), japanese)
    lines = plain(grid).splitlines(keepends=True)
    mixed = [r.encode("cp1252" if i % 7 == 3 else "utf-8") for i, r in enumerate(lines)]
    flagged = frozenset(("MIXED_ENCODING", i + 1) for i in range(len(lines)) if i % 7 == 3)
    yield Export("encoding_mixed.csv", b"".join(mixed), grid, issues=flagged)
    late = servers(count=9_000)
    last = ["srvX", "10.0.0.1", "RHEL", "8", GERMAN, "SN1"]
    content = plain([*late, last]).encode("latin-1")
    yield Export("encoding_late.csv", content, [*late, last], issues=GUESSED)


def _delimiters() -> Iterator[Export]:
    grid = servers()
    named = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "caret": "^"}
    named |= {"tilde": "~", "unit": "\x1f", "soh": "\x01", "pipes": "||", "colon": ":"}
    for name, delimiter in named.items():
        yield Export(f"delimiter_{name}.csv", plain(grid, delimiter).encode(), grid)
    decimals = [[c.replace("GB", "GB,5") for c in row] for row in grid]
    yield Export("delimiter_decimal_comma.csv", plain(decimals, ";").encode(), decimals)
    told = [["sep=;"], *grid]
    content = ("sep=;\r\n" + plain(grid, ";")).encode()
    line = frozenset({("PREAMBLE_LINE", 1)})
    yield Export("delimiter_told.csv", content, told, issues=line, header_row=1)
    single = [["Hostname"], *([f"srv{i}"] for i in range(20))]
    yield Export("delimiter_none.csv", plain(single).encode(), single)
    wide = [[f"c{i}" for i in range(2_000)], [f"v{i}" for i in range(2_000)]]
    yield Export("wide.csv", plain(wide).encode(), wide)


def _unusual() -> Iterator[Export]:
    grid = servers()
    for name, mark in (("pipes", "||"), ("arrows", "=>"), ("waves", "~|~"), ("colons", "::")):
        yield Export(f"long_{name}.csv", plain(grid, mark).encode(), grid)
    whole = frozenset({("LINES_QUOTED", 0)})
    quoted = "".join(f'"{line}"\r\n' for line in plain(grid).splitlines())
    yield Export("lines_quoted.csv", quoted.encode(), grid, issues=whole)
    people = [["Owner"], *(["Doe, Jane"] for _ in range(9))]
    yield Export("one_column_quoted.csv", "".join(f'"{r[0]}"\n' for r in people).encode(), people)
    unsplit = frozenset({("CELLS_UNSPLIT", 0)})
    lines = ["".join(c.ljust(22) for c in row) for row in grid]
    yield Export(
        "columns_fixed.txt", "\n".join(lines).encode(), [[s] for s in lines], issues=unsplit
    )
    below = [["Application", "Owner"], ["SAP", "Jane"]]
    content = plain(grid) + "\r\n" + plain(below)
    flagged = {("SECOND_TABLE", 43), ("ROW_SHORT", 43), ("ROW_SHORT", 44)}
    yield Export(
        "two_tables.csv", content.encode(), [*grid, [""], *below], issues=frozenset(flagged)
    )


def _line_ends() -> Iterator[Export]:
    grid = servers()
    for name, end in (("lf", "\n"), ("cr", "\r"), ("crlf", "\r\n")):
        yield Export(f"lines_{name}.csv", plain(grid, end=end).encode(), grid)
    mixed = "".join(",".join(r) + ("\n", "\r\n", "\r")[i % 3] for i, r in enumerate(grid))
    yield Export("lines_mixed.csv", mixed.encode(), grid)
    yield Export("lines_unended.csv", plain(grid).rstrip("\r\n").encode(), grid)
    cells = [list(r) for r in grid]
    cells[5][4] = "line1\nline2\r\nline3"
    cells[7][4] = 'a,"b"\n,c'
    text = plain(cells[:5]) + 'srv0004,10.0.0.4,Windows Server 2016,16 GB,"line1\nline2\r\nline3",'
    text += "SN4715\r\n" + plain(cells[6:7])
    text += ",".join(cells[7][:4]) + ',"a,""b""\n,c",' + cells[7][5] + "\r\n" + plain(cells[8:])
    yield Export("lines_inside_cells.csv", text.encode(), cells)
    gaps = [*grid[:4], [""], [""], [" "], *grid[4:]]
    yield Export("lines_blank.csv", plain(gaps).encode(), gaps)


def _quotes() -> Iterator[Export]:
    def with_owner(cell: str, shown: str) -> tuple[bytes, list[list[str]]]:
        grid = servers()
        grid[3][4] = shown
        return plain([*grid[:3], [*grid[3][:4], cell, grid[3][5]], *grid[4:]]).encode(), grid

    for name, cell, shown, code in (
        ("unclosed", '"Jane Doe', '"Jane Doe', "QUOTE_UNCLOSED"),
        ("text_after", '"Jane" Doe', '"Jane" Doe', "QUOTE_MISPLACED"),
        ("inside", '"say "hi" now"', 'say "hi" now', "QUOTE_MISPLACED"),
        ("inside_delimiter", '"a "b", c"', 'a "b", c', "QUOTE_MISPLACED"),
    ):
        content, grid = with_owner(cell, shown)
        yield Export(f"quote_{name}.csv", content, grid, issues=frozenset({(code, 4)}))
    for name, cell, shown in (
        ("inch", '19" rack', '19" rack'),
        ("doubled", '"a ""b"" c"', 'a "b" c'),
        ("formula", '"=HYPERLINK(""http://x"",""y"")"', '=HYPERLINK("http://x","y")'),
        ("empty", '""', ""),
    ):
        content, grid = with_owner(cell, shown)
        yield Export(f"quote_{name}.csv", content, grid)
    grid = servers()
    grid[3][4], grid[4][4], grid[5][4] = 'He said "hi"', r"C:\temp\new", "a, b"
    text = plain(grid[:3]) + ",".join(grid[3][:4]) + r',"He said \"hi\"",' + grid[3][5] + "\r\n"
    text += plain(grid[4:5]) + ",".join(grid[5][:4]) + ',"a, b",' + grid[5][5] + "\r\n"
    yield Export("quote_backslash.csv", (text + plain(grid[6:])).encode(), grid)
    single = [["Name", "IP", "OS"], *([f"srv{i}", f"10.0.0.{i}", "a, b"] for i in range(9))]
    text = "".join(",".join(f"'{c}'" for c in row) + "\r\n" for row in single)
    yield Export("quote_apostrophe.csv", text.encode(), single)
    spaced = [["Name", " IP", " Owner"], *([f"srv{i}", " 10.0.0.1", "Doe, J"] for i in range(9))]
    text = "Name, IP, Owner\r\n" + "".join(f'{r[0]},{r[1]}, "{r[2]}"\r\n' for r in spaced[1:])
    yield Export("quote_spaced.csv", text.encode(), spaced)
    two = servers()
    two[2][4], two[4][4] = '"Jane', '"Joe'
    flagged = frozenset({("QUOTE_UNCLOSED", 3), ("QUOTE_UNCLOSED", 5)})
    yield Export("quote_unclosed_twice.csv", plain(two).encode(), two, issues=flagged)
    end = servers()
    end[-1][4] = '"Jane'
    flagged = frozenset({("QUOTE_UNCLOSED", len(end))})
    yield Export("quote_unclosed_last.csv", plain(end).encode(), end, issues=flagged)


def _frames() -> Iterator[Export]:
    grid = servers()
    framed = [["Report: All Servers"], ["Generated 2024-05-01", " v2"], [""], *grid, ["Total: 40"]]
    lines = {("PREAMBLE_LINE", 1), ("PREAMBLE_LINE", 2), ("FOOTER_LINE", len(framed))}
    content = plain(framed).encode()
    yield Export("frame_lines.csv", content, framed, issues=frozenset(lines), header_row=3)
    groups = [["Server", "", "", "Hardware", "", ""], *grid]
    line = frozenset({("PREAMBLE_LINE", 1)})
    yield Export("frame_groups.csv", plain(groups).encode(), groups, issues=line, header_row=1)
    headless = grid[1:]
    missing = frozenset({("HEADER_MISSING", 1)})
    content = plain(headless).encode()
    yield Export("frame_no_header.csv", content, headless, issues=missing, header_row=-1)
    twice = [["Name", "IP", "IP", ""], *([f"s{i}", "10.0.0.1", "b", "c"] for i in range(5))]
    odd = frozenset({("HEADER_DUPLICATE", 1), ("HEADER_BLANK", 1)})
    yield Export("frame_duplicate_names.csv", plain(twice).encode(), twice, issues=odd)
    invisible = [["\xa0Name\u200b", "IP\nAddress"], ["a", "10.0.0.1"]]
    content = '\xa0Name\u200b,"IP\nAddress"\r\na,10.0.0.1\r\n'.encode()
    yield Export("frame_invisible.csv", content, invisible)
    only = [list(HEADER)]
    rows = frozenset({("NO_ROWS", 0)})
    yield Export("frame_header_only.csv", plain(only).encode(), only, issues=rows)
    ragged = servers()
    ragged[3] = ragged[3][:4]
    ragged[5] = [*ragged[5], "extra", "more"]
    ragged[7] = [*ragged[7], "", ""]
    flagged = frozenset({("ROW_SHORT", 4), ("ROW_LONG", 6)})
    yield Export("frame_ragged.csv", plain(ragged).encode(), ragged, issues=flagged)
    limit = [["Name", "IP"], *([f"s{i}", "10.0.0.1"] for i in range(10_000))]
    cut = frozenset({("EXPORT_LIMIT", 10_001)})
    yield Export("frame_export_limit.csv", plain(limit).encode(), limit, issues=cut)


def _cells() -> Iterator[Export]:
    traps = ["00123", "1E10", "0x1F", "1_000", "TRUE", "NA", "null", "6.10", "-0", " x ", "nan"]
    grid = [["Name", "Asset Tag"], *([f"srv{i}", t] for i, t in enumerate(traps))]
    yield Export("cells_types.csv", plain(grid).encode(), grid)
    huge = servers()
    huge[3][4] = "x" * 200_000
    yield Export("cells_huge.csv", plain(huge).encode(), huge)
    odd = servers()
    odd[3][4], odd[5][4] = "a\x0bb\x0cc\x1ad\u2028e\x85f", "a\0b"
    flagged = frozenset({("CONTROL_CHARACTER", 4), ("NUL_CHARACTER", 6)})
    yield Export("cells_control.csv", plain(odd).encode(), odd, issues=flagged)


def _unreadable() -> Iterator[Export]:
    garbage = random.Random(7).randbytes(5_000)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", bytes(200 << 20))
    for name, content, error in (
        ("empty.csv", b"", "FILE_EMPTY"),
        ("mark_only.csv", b"\xef\xbb\xbf", "FILE_EMPTY"),
        ("white.csv", b" \r\n\r\n", "FILE_EMPTY"),
        ("zeros.csv", bytes(5_000), "FILE_EMPTY"),
        ("garbage.csv", garbage, "FILE_UNSUPPORTED"),
        ("garbage.xlsx", garbage, "FILE_UNSUPPORTED"),
        ("document.csv", b"%PDF-1.7\n", "FILE_UNSUPPORTED"),
        ("letter.doc", ole + "WordDocument".encode("utf-16-le"), "FILE_UNSUPPORTED"),
        ("locked.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "FILE_ENCRYPTED"),
        ("broken.xls", ole + "Workbook".encode("utf-16-le"), "FILE_DAMAGED"),
        ("cut.gz", gzip.compress(b"Name,IP\n" * 999)[:-9], "FILE_DAMAGED"),
        ("cut.xlsx", b"PK\x03\x04" + garbage, "FILE_DAMAGED"),
        ("bomb.zip", made.getvalue(), "CONTENT_TOO_LARGE"),
        ("cut.json", b'[{"a": 1}, {"a": ', "JSON_MALFORMED"),
        ("deep.json", b"[" * 5_000 + b"]" * 5_000, "JSON_MALFORMED"),
        ("nothing.json", b"{}", "JSON_WITHOUT_RECORDS"),
        ("signin.xls", b"<html><body>Please sign in</body></html>", "HTML_WITHOUT_TABLE"),
        ("feed.xml", b"<?xml version='1.0'?><feed/>", "FILE_UNSUPPORTED"),
    ):
        yield Export("unreadable_" + name, content, error=error)


def _others() -> Iterator[Export]:
    grid = servers()
    yield Export("packed.csv.gz", gzip.compress(plain(grid).encode()), grid)
    html = (
        '<html><meta charset="windows-1252"><table><tr><th colspan=2>Näme</th><th>B</th></tr>'
        "<tr><td rowspan=2>a<td>1<br>2<td>x&amp;y<tr><td>2<td><b>z</b></table></html>"
    )
    cells = [["Näme", "", "B"], ["a", "1\n2", "x&y"], ["", "2", "z"]]
    blank = frozenset({("HEADER_BLANK", 1)})
    yield Export("page.xls", html.encode("cp1252"), cells, issues=blank)
    records = b'[{"n":"a","ram":6.10,"d":[{"gb":1},{"gb":2}],"os":{"v":null}},{"n":"b","up":true}]'
    cells = [["n", "ram", "d.gb", "os.v", "up"], ["a", "6.10", "1, 2", "", ""]]
    cells.append(["b", "", "", "", "true"])
    yield Export("records.json", records, cells)
    lines = b'{"a":1,"b":"x"}\n{"a":2.50,"a":3}\nnot json\n{"c":[1,2]}\n'
    cells = [["a", "b", "value", "c"], ["1", "x", "", ""], ["2.50, 3", "", "", ""]]
    cells += [["", "", "not json", ""], ["", "", "", "1, 2"]]
    bad = frozenset({("JSON_LINE_MALFORMED", 3)})
    yield Export("records.ndjson", lines, cells, issues=bad)
    nested = b'{"count":2,"data":{"items":[{"n":1},{"n":2}]}}'
    outside = frozenset({("JSON_OUTSIDE_TABLE", 0)})
    yield Export("nested.json", nested, [["n"], ["1"], ["2"]], issues=outside)
    grid_json = b'[["Name","IP"],["a","10.0.0.1"]]'
    yield Export("grid.json", grid_json, [["Name", "IP"], ["a", "10.0.0.1"]])
