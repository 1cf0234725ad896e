"""How a delimited text is written: its delimiter, and how quotation marks are escaped.

The delimiter is the candidate under which the records of a sample agree best on their width.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from landbridge.discovery.imports.formats.marks import are_wrapped, long_delimiter, unwrapped

# Delimiter → how far to trust it; marks that also occur inside plain text count less.
_CANDIDATES: Final = {
    ",": 1.0, ";": 1.0, "\t": 1.02, "|": 1.0, "^": 0.95, "~": 0.95, "\x1f": 1.0, "\x01": 1.0,
    "¦": 0.95, "§": 0.9, "!": 0.8, "#": 0.75, ":": 0.75,
}  # fmt: skip
_RECORDS: Final = 400
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_SEP_LINE = re.compile(r'"?sep=(.|\\t)"?[;,\t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_MARK = re.compile("^\ufeff?")
# csv refuses longer cells by default; there is no reason to.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is written.

    Attributes:
        delimiter: between cells; may be longer than one character.
        width: cells that most records of the sample have.
        backslash: whether quotation marks inside cells are escaped by a backslash instead of
            being doubled.
        spaced: whether blanks stand between a delimiter and an opening quotation mark.
        sep_line: whether the first line only names the delimiter.
        quote: the quotation mark.
        wrapped: whether whole lines stand in quotation marks, which are to be taken off.
    """

    delimiter: str
    width: int = 1
    backslash: bool = False
    spaced: bool = False
    sep_line: bool = False
    quote: str = '"'
    wrapped: bool = False


def lines_of(text: str) -> Iterator[str]:
    """The physical lines of a text, each with its line end: CR LF, LF or CR."""
    for match in _LINE.finditer(text):
        if match.group():
            yield match.group()


def detect_dialect(text: str, *, delimiter: str | None = None, complete: bool = True) -> Dialect:
    """The dialect of a text.

    Args:
        text: the beginning of the file.
        delimiter: the delimiter, when it is known.
        complete: whether `text` is the whole file; else its last record is not trusted.
    """
    sep = _SEP_LINE.match(text)
    if sep:
        text = text[sep.end() :]
        delimiter = delimiter or sep.group(1).replace("\\t", "\t")
    lines = list(lines_of(text))
    wrapped = are_wrapped(lines)
    if wrapped:
        lines = [unwrapped(line) for line in lines]
        text = "".join(lines)
    if delimiter is None:
        delimiter = _best_delimiter(lines, complete=complete)
    plain = Dialect(delimiter, sep_line=sep is not None, quote=_quote(lines), wrapped=wrapped)
    variants = [plain]
    if "\\" + plain.quote in text:
        variants.append(replace(plain, backslash=True))
    if re.search(f"{re.escape(delimiter)} +{plain.quote}", text):
        variants += [replace(v, spaced=True) for v in variants]
    scored = [(_agreement(lines, v), -i, v) for i, v in enumerate(variants)]
    (_, width), _, best = max(scored, key=lambda s: (round(s[0][0], 6), s[1]))
    return replace(best, width=max(width, 1))


def _best_delimiter(lines: list[str], *, complete: bool) -> str:
    if (long := long_delimiter(lines)) is not None:
        return long
    best, best_score = ",", 0.0
    sample = "".join(lines)
    for candidate, trust in _CANDIDATES.items():
        if candidate not in sample:
            continue
        widths = _widths(lines, candidate)
        if not complete and len(widths) > 1:
            widths.pop()
        if not widths:
            continue
        counts = Counter(widths)
        width, agreeing = max(counts.items(), key=lambda kv: (kv[1] * (kv[1] > 1), kv[0]))
        if width < 2:
            continue
        score = agreeing / len(widths) * (1 - 1 / width) ** 0.5 * trust
        if widths[0] != width:
            score *= 0.85
        if score > best_score:
            best, best_score = candidate, score
    return best


def _widths(lines: list[str], delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter, quotechar=_quote(lines)):
            if any(c.strip() for c in cells):
                widths.append(len(cells))
            if len(widths) >= _RECORDS:
                break
    except csv.Error:
        pass
    return widths


def _quote(lines: list[str]) -> str:
    """The quotation mark: an apostrophe where lines begin and end with one."""
    sample = [line.strip() for line in lines[:_RECORDS] if line.strip()]
    single = sum(1 for s in sample if len(s) > 1 and s[0] == s[-1] == "'")
    return "'" if single > 0.8 * len(sample) else '"'


def _agreement(lines: list[str], dialect: Dialect) -> tuple[float, int]:
    """Share of the sample's records that strict parsing gives the common width, and it."""
    mark = one_character(dialect.delimiter)
    prepared = [prepare_line(line, dialect, mark) for line in lines]
    widths: list[int] = []
    failed = 0
    reader = strict_parser(prepared, dialect, mark)
    while len(widths) < _RECORDS:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            failed += 1
            if failed > _RECORDS:
                break
            continue
        if any(c.strip() for c in cells):
            widths.append(len(cells))
    if not widths:
        return 0.0, 1
    width, agreeing = max(Counter(widths).items(), key=lambda kv: (kv[1], kv[0]))
    return agreeing / (len(widths) + failed), width


def one_character(delimiter: str) -> str:
    """What stands for the delimiter while parsing: csv takes single characters only."""
    return delimiter if len(delimiter) == 1 else "\ue0f1"


def strict_parser(lines: Iterable[str], dialect: Dialect, mark: str) -> Iterator[list[str]]:
    """The strict parser for prepared lines of a dialect."""
    return csv.reader(
        lines,
        strict=True,
        delimiter=mark,
        doublequote=not dialect.backslash,
        escapechar="\\" if dialect.backslash else None,
        quotechar=dialect.quote,
    )


_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def prepare_line(line: str, dialect: Dialect, mark: str) -> str:
    """A line in the form that `csv` reads right.

    A backslash escapes a quotation mark, a backslash, the delimiter or a line end; before
    anything else, as in `C:\\temp` or `\\N`, it is itself.
    """
    if dialect.delimiter != mark:
        line = line.replace(dialect.delimiter, mark)
    if dialect.spaced:
        line = re.sub(f"(?<={re.escape(mark)}) +(?={dialect.quote})", "", line)
    if dialect.backslash and "\\" in line:
        specials = dialect.quote + "\\\r\n" + mark
        line = _ESCAPE.sub(lambda m: m[0] if m[1] in specials and m[1] else "\\" + m[0], line)
    return line
