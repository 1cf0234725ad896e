"""Files that attack whoever reads them, each with what the reader must say."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.support.workbookfiles import ods, rows, xlsx

CSV = b"Name,IP\r\nsrv1,10.0.0.1\r\nsrv2,10.0.0.2\r\n"
MIB = 1 << 20
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/passwd">]>'
PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/strings.xml",
    "xl/worksheets/s1.xml",
)


@dataclass(frozen=True, slots=True)
class Attack:
    """A file, the code it must be refused with, and that of its parts; None where it is read."""

    name: str
    content: bytes
    code: str | None
    part: str | None = None


@cache
def attacks() -> tuple[Attack, ...]:
    """All of them; no two have the same name."""
    return (*_archives(), *_workbooks(), *_entities(), *_texts(), *_disguises())


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def entry(name: bytes, *, offset: int, packed_size: int, size: int, crc: int) -> bytes:
    """An entry of a ZIP's table of contents."""
    fields = (20, 20, 0, 8, 0, 0, crc, packed_size, size, len(name), 0, 0, 0, 0, 0, offset)
    return b"PK\x01\x02" + struct.pack("<6H3L5H2L", *fields) + name


def overlapping(count: int, *, quoted: bool) -> bytes:
    """Entries that share one kernel of packed zeros; when quoted, each begins a little later, with
    the headers of those behind it as its first bytes.
    """
    plain = bytes(MIB)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = deflater.compress(plain) + deflater.flush()
    names = [b"%04d.csv" % n for n in range(count if quoted else 1)]
    heads = [_local(n, len(kernel), len(plain), zlib.crc32(plain)) for n in names]
    body = b"".join(heads) + kernel
    directory = b""
    for n in range(count):
        at = sum(map(len, heads[:n])) if quoted else 0
        inside = len(body) - at - len(heads[n if quoted else 0])
        claimed = {"packed_size": inside if quoted else len(kernel), "size": len(plain)}
        name = names[n if quoted else 0]
        directory += entry(name, offset=at, crc=zlib.crc32(plain), **claimed)
    return body + directory + _end(count, len(directory), len(body))


def _local(name: bytes, packed_size: int, size: int, crc: int) -> bytes:
    fields = (20, 0, 8, 0, 0, crc, packed_size, size, len(name), 0)
    return b"PK\x03\x04" + struct.pack("<5H3L2H", *fields) + name


def _end(count: int, size: int, offset: int) -> bytes:
    return b"PK\x05\x06" + struct.pack(
        "<4H2LH", 0, 0, count % 65536, count % 65536, size, offset, 0
    )


def _archives() -> Iterator[Attack]:
    flat = packed({"bomb.csv": bytes(101 * MIB)})
    yield Attack("flat.zip", flat, "CONTENT_TOO_LARGE")
    many = {f"{n}.csv": bytes(MIB) for n in range(150)}
    yield Attack("many-flat.zip", packed(many), "CONTENT_TOO_LARGE")
    nested = packed({"3.zip": packed({"2.zip": packed({"1.zip": flat})})})
    yield Attack("nested.zip", nested, "ARCHIVE_PARTS_UNREADABLE", "ARCHIVE_NESTED")
    yield Attack("overlap.zip", overlapping(64, quoted=False), "ARCHIVE_CONTRADICTORY")
    yield Attack("quoted.zip", overlapping(64, quoted=True), "ARCHIVE_CONTRADICTORY")
    listing = entry(b"", offset=0, packed_size=0, size=0, crc=0) * 200_000
    directory = _local(b"", 0, 0, 0) + listing + _end(200_000, len(listing), 30)
    yield Attack("directory.zip", directory, "ARCHIVE_DIRECTORY_TOO_LARGE")
    small = bytearray(packed({"a.csv": CSV * 500}))
    at = small.index(b"PK\x01\x02") + 24
    small[at : at + 4] = (100).to_bytes(4, "little")
    yield Attack("size-lie.zip", bytes(small), "ARCHIVE_PARTS_UNREADABLE", "FILE_DAMAGED")
    local = bytearray(packed({"a.csv": CSV}))
    local[18:26] = b"\xff" * 8
    yield Attack("local-size-lie.zip", bytes(local), None)
    claims = bytearray(packed({"a.csv": CSV}))
    at = claims.index(b"PK\x01\x02") + 20
    claims[at : at + 4] = (1 << 30).to_bytes(4, "little")
    yield Attack("packed-lie.zip", bytes(claims), "ARCHIVE_CONTRADICTORY")
    yield Attack("bomb.csv.gz", gzip.compress(bytes(101 * MIB)), "CONTENT_TOO_LARGE")
    yield Attack("twice.csv.gz", gzip.compress(gzip.compress(CSV)), "ARCHIVE_NESTED")
    yield Attack("zip.gz", gzip.compress(packed({"a.csv": CSV})), "ARCHIVE_NESTED")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("passwords.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    yield Attack("link.zip", made.getvalue(), "ARCHIVE_PARTS_UNREADABLE", "FILE_UNSUPPORTED")
    yield Attack("paths.zip", packed({"../../up.csv": CSV, "/etc/cron.d/x.csv": CSV}), None)
    lzma_packed = packed({"a.csv": CSV}, zipfile.ZIP_LZMA)
    yield Attack("method.zip", lzma_packed, "ARCHIVE_PARTS_UNREADABLE", "FILE_UNSUPPORTED")


def _workbooks() -> Iterator[Attack]:
    one = rows(["Name"], ["srv1"])
    item = "<si><t>" + "A" * 1000 + "</t></si>"
    yield Attack("strings.xlsx", xlsx({"S": one}, strings=item * 105_000), "CONTENT_TOO_LARGE")
    yield Attack("empty-strings.xlsx", xlsx({"S": one}, strings="<si/>" * 2_000_000), None)
    line = '<row><c t="s"><v>0</v></c></row>'
    references = f"<sheetData>{line * 20_000}</sheetData>"
    long_text = "<si><t>" + "A" * 30_000 + "</t></si>"
    again = xlsx({"S": references}, strings=long_text)
    yield Attack("references.xlsx", again, "CONTENT_TOO_LARGE")
    lie = '<dimension ref="A1:XFD1048576"/>' + one
    yield Attack("dimension.xlsx", xlsx({"S": lie}), None)
    last = '<sheetData><row r="1048576"><c><v>1</v></c></row></sheetData>'
    yield Attack("gaps.xlsx", xlsx({f"S{n}": last for n in range(12)}), "CONTENT_TOO_LARGE")
    far = '<sheetData><row r="99999999"><c><v>1</v></c></row></sheetData>'
    yield Attack("row.xlsx", xlsx({"S": far}), "FILE_DAMAGED")
    column = '<sheetData><row r="1"><c r="ZZZ1"><v>1</v></c></row></sheetData>'
    yield Attack("column.xlsx", xlsx({"S": column}), "FILE_DAMAGED")
    yield Attack("cell.xlsx", xlsx({"S": rows(["A" * (2 * MIB)])}), "FILE_DAMAGED")
    merged = one + "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 200_000 + "</mergeCells>"
    yield Attack("merged.xlsx", xlsx({"S": merged}), "FILE_DAMAGED")
    cell = '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="99999">{cell}</table:table-cell>'
    sheet = f'<table:table table:name="S">{row}</table:table-row></table:table>'
    yield Attack("repeat.ods", ods(sheet), "CONTENT_TOO_LARGE")
    spaces = '<table:table table:name="S"><table:table-row><table:table-cell><text:p>'
    spaces += '<text:s text:c="2000000000"/></text:p></table:table-cell></table:table-row>'
    yield Attack("spaces.ods", ods(spaces + "</table:table>"), "WORKBOOK_READER_STOPPED")
    wide = "".join(f"<c><v>{n}</v></c>" for n in range(16_000))
    sparse = f'<sheetData><row r="1">{wide}</row>' + "<row><c><v>1</v></c></row>" * 20_000
    yield Attack("sparse.xlsx", xlsx({"S": sparse + "</sheetData>"}), "CONTENT_TOO_LARGE")


def _entities() -> Iterator[Attack]:
    whole = xlsx({"S": rows(["Name"], ["srv1"])})
    for kind, declared in (("laughs", LAUGHS), ("outside", OUTSIDE)):
        for part in PARTS:
            content = _replaced(whole, part, declared)
            yield Attack(f"{kind}-{part.rpartition('/')[2]}.xlsx", content, "XML_DECLARES_TYPES")
        body = f"{declared}<x>&d;</x>"
        book = packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                       "content.xml": body.encode()})  # fmt: skip
        yield Attack(f"{kind}.ods", book, "XML_DECLARES_TYPES")
        space = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        old = f'<?xml version="1.0"?>{declared}<Workbook {space}><a>&d;</a></Workbook>'
        yield Attack(f"{kind}.xml", old.encode(), "XML_DECLARES_TYPES")
        wide = f'<?xml version="1.0" encoding="UTF-16"?>{declared}<Workbook {space}/>'
        yield Attack(f"{kind}-wide.xml", wide.encode("utf-16"), "XML_DECLARES_TYPES")
        yield Attack(f"{kind}-plain.csv", f"{declared}<x>&d;</x>".encode(), "FILE_UNSUPPORTED")


def _replaced(content: bytes, part: str, declared: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, declared.encode() + text if name == part else text)
    return made.getvalue()


def _texts() -> Iterator[Attack]:
    yield Attack("wide.csv", b"," * (3 * MIB) + b"\r\na,b\r\n", "TABLE_TOO_WIDE")
    yield Attack("wide-later.csv", CSV + b"x," * 20_000 + b"\r\n", "TABLE_TOO_WIDE")
    yield Attack("line.csv", b"A" * (65 * MIB), "LINE_TOO_LONG")
    keys = b"[" + b",".join(b'{"k%d":1}' % n for n in range(20_000)) + b"]"
    yield Attack("keys.json", keys, "TABLE_TOO_WIDE")
    yield Attack("key-lines.json", keys[1:-1].replace(b"},", b"}\n"), "TABLE_TOO_WIDE")
    beside = b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}"
    yield Attack("beside.json", beside, "TABLE_TOO_WIDE")
    full = b"{" + b",".join(b'"k%d":1' % n for n in range(16_000)) + b"}"
    sparse = b"[" + full + b",{}" * 10_000 + b"]"
    yield Attack("sparse.json", sparse, "CONTENT_TOO_LARGE")
    yield Attack("deep.json", b"[" * 1_000_000, "JSON_MALFORMED")
    yield Attack("deep-objects.json", b'{"a":' * 1_000_000, "JSON_MALFORMED")
    large = b'[\n{"a":[' + b"0,\n" * (6 * MIB) + b"0]}]"
    yield Attack("entry.json", large, "JSON_MALFORMED")
    span = b"<table><tr>" + b'<td colspan="1000" rowspan="1000">x</td>' * 40 + b"</tr></table>"
    yield Attack("span.html", span, "TABLE_TOO_WIDE")
    flood = b"<html><body>" + b"<table><tr><td>x</td></tr></table>" * 2_001
    yield Attack("tables.html", flood, "FILE_TOO_MANY_TABLES")


def _disguises() -> Iterator[Attack]:
    archive = packed({"a.csv": CSV})
    zeros = bytes(200)
    for name, content, code in (
        ("page.csv", b"<!doctype html><html><body>Sign in</body></html>", "HTML_WITHOUT_TABLE"),
        ("program.csv", b"MZ\x90\0\x03\0\0\0" + zeros, "FILE_UNSUPPORTED"),
        ("other-program.csv", b"MZ" + zeros + archive, "FILE_UNSUPPORTED"),
        ("elf.csv", b"\x7fELF\x02\x01\x01" + zeros, "FILE_UNSUPPORTED"),
        ("mach.csv", b"\xcf\xfa\xed\xfe" + zeros, "FILE_UNSUPPORTED"),
        ("class.csv", b"\xca\xfe\xba\xbe" + zeros, "FILE_UNSUPPORTED"),
        ("document.csv", b"%PDF-1.7\n" + CSV, "FILE_UNSUPPORTED"),
        ("picture.csv", b"GIF89a" + archive, "FILE_UNSUPPORTED"),
        ("drawing.csv", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "FILE_UNSUPPORTED"),
        ("archive.csv", b"7z\xbc\xaf\x27\x1c" + zeros, "FILE_UNSUPPORTED"),
        ("rar.csv", b"Rar!\x1a\x07" + zeros, "FILE_UNSUPPORTED"),
        ("xz.csv", lzma.compress(CSV), "FILE_UNSUPPORTED"),
        ("bz2.csv", bz2.compress(CSV), "FILE_UNSUPPORTED"),
        ("tar.csv", _tar(), "FILE_UNSUPPORTED"),
        ("noise.csv", bytes(range(256)) * 40, "FILE_UNSUPPORTED"),
        ("locked.xlsx", _ole("EncryptedPackage"), "FILE_ENCRYPTED"),
        ("letter.xls", _ole("WordDocument"), "FILE_UNSUPPORTED"),
        ("old.xls", _ole("Workbook"), "FILE_DAMAGED"),
        ("locked.ods", ods("", encrypted=True), "FILE_ENCRYPTED"),
    ):
        yield Attack(name, content, code)


def _ole(stream: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)
    )


def _tar() -> bytes:
    import tarfile

    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        info.size = len(CSV)
        archive.addfile(info, io.BytesIO(CSV))
    return made.getvalue()
