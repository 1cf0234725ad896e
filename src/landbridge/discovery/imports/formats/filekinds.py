"""What a file is, told by its content."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from landbridge.discovery.imports.errors import FileDamaged, FileEncrypted, FileUnsupported
from landbridge.discovery.imports.formats.archives import opened_zip


class FileKind(StrEnum):
    """The kinds that can be read."""

    DELIMITED = "delimited text"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    XML_SPREADSHEET = "xml spreadsheet"
    PARQUET = "parquet"
    ZIP = "zip"
    GZIP = "gzip"


_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_UNSUPPORTED: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"PARE", "an encrypted Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a program"),
    (b"MSCF\0", "a cabinet archive"),
    (b"\x1f\x9d", "a compressed file"),
    (b"\x04\x22\x4d\x18", "an LZ4 archive"),
    (b"LZIP\x01", "a lzip archive"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"{\\rtf", "a rich text document"),
    (b"\x00\x01\x00\x00Standard ", "an Access database"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|title|thead|tr)\b", re.I)
_XML = re.compile(rb"<(?:\?xml|!doctype|!entity|svg\b|[\w:-]+\s+xmlns)", re.I)
_MARKS = (b"\xef\xbb\xbf",)


def kind_of(path: Path, name: str) -> FileKind:
    """Look at the first bytes, and into a ZIP's list of members.

    Raises:
        FileUnsupported: it is something else.
        FileEncrypted: it is a workbook with a password.
        FileDamaged: it begins as a ZIP but is not one.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(8192)
    for magic, kind in _UNSUPPORTED:
        if head.startswith(magic):
            raise FileUnsupported(name=name, kind=kind)
    if head.startswith(b"MZ") and b"\0" in head[2:64]:
        raise FileUnsupported(name=name, kind="a program")
    if head[257:262] == b"ustar":
        raise FileUnsupported(name=name, kind="a tar archive")
    if head.startswith((_ZIP, b"PK\x05\x06")):
        return _zip_kind(path, name)
    if head.startswith(_OLE):
        return _ole_kind(path, name)
    if head[:2] in _BIFF and head[3:4] == b"\x00":
        return FileKind.XLS
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    if head.startswith(b"\x1f\x8b"):
        return FileKind.GZIP
    return _text_kind(head, name)


def _text_kind(head: bytes, name: str) -> FileKind:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    text = _squeezed(head).lstrip()
    if text[:1] == b"<":
        if b"urn:schemas-microsoft-com:office:spreadsheet" in text and b"<html" not in text.lower():
            return FileKind.XML_SPREADSHEET
        if _HTML.search(text):
            return FileKind.HTML
        if _XML.match(text):
            raise FileUnsupported(name=name, kind="an XML document")
    if text[:1] in {b"{", b"["} and _opens_json(text):
        return FileKind.JSON
    if text.lower().startswith(b"mime-version:") and b"multipart/related" in text.lower():
        raise FileUnsupported(name=name, kind="a web archive (MHTML)")
    return FileKind.DELIMITED


def _squeezed(head: bytes) -> bytes:
    """The ASCII of a text in UTF-16 or UTF-32, else the text."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
    if wide or head[:64].count(0) > 20:
        return head.lstrip(b"\xff\xfe\0").replace(b"\0", b"")
    return head


def _opens_json(text: bytes) -> bool:
    """Whether `{` or `[` begins a document rather than a cell such as `[WARN] disk`."""
    after = text[1:].lstrip()
    if text[:1] == b"{":
        return after[:1] in {b'"', b"}"} or not after
    return (
        after[:1] in {b"{", b"[", b'"', b"]", b"-"}
        or after[:1].isdigit()
        or after[:4] in {b"true", b"null"}
        or after[:5] == b"false"
        or not after
    )


def _zip_kind(path: Path, name: str) -> FileKind:
    try:
        with opened_zip(path, name) as archive:
            names = set(archive.namelist())
            locked = any(i.flag_bits & 1 for i in archive.infolist())
            mimetype = b""
            if "mimetype" in names and not locked:
                with archive.open("mimetype") as file:
                    mimetype = file.read(200)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as e:
        raise FileDamaged(name=name, reason=_reason(e)) from None
    if "xl/workbook.bin" in names:
        return FileKind.XLSB
    if "xl/workbook.xml" in names or any(
        n.lower().endswith("xl/workbook.xml") for n in names if "[Content_Types].xml" in names
    ):
        return FileKind.XLSX
    if b"opendocument.spreadsheet" in mimetype:
        return FileKind.ODS
    if mimetype.startswith(b"application/") or "word/document.xml" in names:
        raise FileUnsupported(name=name, kind="a document without sheets")
    if "ppt/presentation.xml" in names:
        raise FileUnsupported(name=name, kind="a presentation")
    if any(n.startswith("Index/") and n.endswith(".iwa") for n in names):
        raise FileUnsupported(name=name, kind="an Apple Numbers or Pages document")
    if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
        return FileKind.XLSX
    return FileKind.ZIP


def _ole_kind(path: Path, name: str) -> FileKind:
    """OLE files hold old workbooks, encrypted new ones, and much else; the directory tells."""
    with path.open("rb") as file:
        content = file.read(64 << 20)
    if _utf16("EncryptedPackage") in content:
        raise FileEncrypted(name=name)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return FileKind.XLS
    if _utf16("WordDocument") in content:
        raise FileUnsupported(name=name, kind="a Word document")
    if _utf16("PowerPoint Document") in content:
        raise FileUnsupported(name=name, kind="a presentation")
    raise FileUnsupported(name=name, kind="an OLE file without a workbook")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    if "not a zip file" in text or "central directory" in text.lower():
        return "its end is missing"
    return text[0].lower() + text[1:]
