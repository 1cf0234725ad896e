"""Which encoding a text file is in: marks first, then proof, then likelihood.

The ladder: byte order mark → UTF-16/32 by the pattern of zero bytes → UTF-8 if all of it is
valid → UTF-8 with stray Windows-1252 if most of it is → a legacy encoding, judged only by the
lines that have non-ASCII bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

import chardet

from landbridge.discovery.imports.errors import UnknownEncoding
from landbridge.discovery.imports.formats.latin import best_latin
from landbridge.discovery.imports.formats.textscan import TextScan

KEEP: Final = "landbridge-keep"
_MIXED_SHARE: Final = 0.5
_LATIN_RUN: Final = 1.8  # bytes; accented letters mostly stand alone, other scripts do not
_SURE_LATIN: Final = 0.7
_KANA_SHARE: Final = 0.3
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LETTERS = re.compile(r"[^\W\d_]")

USUAL: Final = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp437", "cp850", "cp852", "cp866", "koi8-r", "koi8-u", "mac-roman"),
    *(f"iso-8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
    *("shift-jis", "cp932", "euc-jp", "iso-2022-jp", "gb18030", "gbk", "big5", "euc-kr"),
)
"""What programs are told to choose from; every other name that Python knows is read, too."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What chardet calls an encoding → the superset that real files use.
_SUPERSETS: Final = {
    "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949",
    "iso-8859-8": "cp1255", "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip
_MULTIBYTE: Final = {"cp932", "gb18030", "big5hkscs", "cp949", "euc_jp", "johab", "iso2022_jp"}


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Keep undecodable bytes as lone surrogates, so that their place can be named."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + b) if b >= 0x80 else "\ufffd" for b in bad), error.end


codecs.register_error(KEEP, _keep)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file.

    Attributes:
        name: codec name as Python knows it.
        faulty: whether some bytes do not fit, so that rows have to be looked at.
        guessed: whether only likelihood speaks for it.
    """

    name: str
    faulty: bool = False
    guessed: bool = False


def detect_encoding(scan: TextScan) -> Encoding:
    """The encoding of a scanned file."""
    for mark, name in _MARKS:
        if scan.head.startswith(mark):
            return Encoding(name, faulty=name != "utf-8-sig" or not scan.utf8)
    wide = _without_mark(scan)
    if wide:
        return Encoding(wide, faulty=True)
    if scan.utf8:
        if b"\x1b$" in scan.head and _decodes(scan.head, "iso2022_jp"):
            return Encoding("iso2022_jp", faulty=True)
        return Encoding("utf-8")
    runs = scan.valid_runs + scan.invalid_runs
    if runs and scan.valid_runs / runs >= _MIXED_SHARE:
        return Encoding("utf-8", faulty=True)
    return Encoding(legacy_encoding(b"\n".join(scan.high_lines)), faulty=True, guessed=True)


def named_encoding(name: str, scan: TextScan) -> Encoding:
    """The encoding a person asked for.

    Raises:
        UnknownEncoding: there is no such codec, or it does not make text of bytes.
    """
    known = codec_named(name)
    if known == "utf-8" and scan.head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", faulty=not scan.utf8)
    return Encoding(known, faulty=not (known.startswith("utf-8") and scan.utf8))


def codec_named(name: str) -> str:
    """What Python calls the encoding of this name.

    Raises:
        UnknownEncoding: there is no such codec, or it does not make text of bytes.
    """
    try:
        known = codecs.lookup(name).name
        b"text".decode(known, "replace")
    except (LookupError, ValueError):
        raise UnknownEncoding(encoding=name[:40]) from None
    return known


def legacy_encoding(lines: bytes) -> str:
    """The likeliest encoding that is not Unicode, from lines that have non-ASCII bytes."""
    runs = [len(r) for r in _HIGH_RUN.findall(lines)]
    if not runs:
        return "cp1252"
    for name in ("cp932", "euc_jp"):
        if _decodes(lines, name) and _kana_share(lines, name) > _KANA_SHARE:
            return name
    guess = _chardet(lines)
    latin, score = best_latin(lines, hint=guess)
    fits = guess is not None and _decodes(lines, guess) and _plausible(lines, guess)
    sure = _SURE_LATIN if guess in _MULTIBYTE else 0.0
    if fits and guess and (score < sure or sum(runs) / len(runs) >= _LATIN_RUN):
        return guess
    return latin


def _kana_share(lines: bytes, name: str) -> float:
    """Share of the non-ASCII characters that are kana next to others: only Japanese has them."""
    text = lines.decode(name, "replace")
    high = [i for i, c in enumerate(text) if c > "\x7f"]
    kana = sum(
        1
        for i in high
        if "ぁ" <= text[i] <= "ヿ" and max(text[i - 1 : i], text[i + 1 : i + 2]) > "\x7f"
    )
    return kana / len(high) if high else 0.0


def _chardet(lines: bytes) -> str | None:
    name = chardet.detect(lines)["encoding"]
    if not name:
        return None
    name = _SUPERSETS.get(name.lower(), name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _plausible(lines: bytes, name: str) -> bool:
    text = lines.decode(name, "replace")
    high = [c for c in text if ord(c) > 127]
    letters = sum(1 for c in high if _LETTERS.match(c))
    return bool(high) and letters >= (0.8 if name in _MULTIBYTE else 0.6) * len(high)


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _without_mark(scan: TextScan) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where the zero bytes are."""
    head = scan.head[: len(scan.head) // 4 * 4]
    if len(head) < 8 or b"\0" not in head:
        return None
    quarter = len(head) // 4
    zero = [head[i::4].count(0) for i in range(4)]
    if zero[1] > 0.9 * quarter and zero[2] > 0.9 * quarter and zero[3] > 0.9 * quarter:
        return "utf-32-le"
    if zero[0] > 0.9 * quarter and zero[1] > 0.9 * quarter and zero[2] > 0.9 * quarter:
        return "utf-32-be"
    even, odd, half = zero[0] + zero[2], zero[1] + zero[3], len(head) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    if scan.utf8 and max(even, odd) < 0.1 * half:
        return None
    return next((n for n in ("utf-16-le", "utf-16-be") if _reads_as_lines(head, n)), None)


def _reads_as_lines(head: bytes, name: str) -> bool:
    """Text of a script with few zero bytes (Japanese, Chinese) still has ASCII line ends,
    delimiters and digits, and no character outside assigned letters.
    """
    text = head.decode(name, KEEP)
    plain = sum(1 for c in text if c in "\r\n,;\t|0123456789" or c == " ")
    odd = sum(1 for c in text if 0xD800 <= ord(c) <= 0xF8FF or (ord(c) < 32 and c not in "\t\r\n"))
    return "\n" in text and plain > 0.05 * len(text) and odd <= 0.01 * len(text)
