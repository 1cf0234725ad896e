"""Delimited text files: scan, decode, find the dialect, read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.errors import FileEmpty, FileUnsupported, LineTooLong
from landbridge.discovery.imports.formats.delimited import DelimitedReader
from landbridge.discovery.imports.formats.dialects import Dialect, detect_dialect, lines_of
from landbridge.discovery.imports.formats.encodings import (
    KEEP,
    Encoding,
    detect_encoding,
    named_encoding,
)
from landbridge.discovery.imports.formats.marks import are_unsplit, unwrapped
from landbridge.discovery.imports.formats.textfaults import flag_faults, repaired
from landbridge.discovery.imports.formats.textscan import MAX_LINE, SAMPLE, TextScan, scan_text
from landbridge.discovery.imports.framing import Shape, frame
from landbridge.discovery.imports.tables import CellIssue, RawRecord, ReadOptions, SourceTable

_NOTHING: Final = b" \t\r\n\0\x1a\xef\xbb\xbf\xff\xfe"
_NAMED_DELIMITERS: Final = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def scanned(path: Path, name: str, options: ReadOptions) -> tuple[TextScan, Encoding]:
    """Scan a text file and settle its encoding.

    Raises:
        FileEmpty: there is nothing in it.
        FileUnsupported: it is not text.
        LineTooLong: it is not made of lines.
        UnknownEncoding: the encoding asked for does not exist.
    """
    scan = scan_text(path)
    if scan.size == len(scan.head) and not scan.head.strip(_NOTHING):
        raise FileEmpty(name=name)
    encoding = named_encoding(options.encoding, scan) if options.encoding else detect_encoding(scan)
    if not encoding.name.startswith(("utf-16", "utf-32")) and scan.binary:
        raise FileUnsupported(name=name, kind="binary data")
    if scan.longest_line > MAX_LINE:
        raise LineTooLong(name=name, limit_bytes=MAX_LINE)
    return scan, encoding


def open_text(path: Path, encoding: Encoding) -> io.TextIOWrapper:
    """Open a file for reading lines with their ends; undecodable bytes are kept."""
    # Universal line ends would be lost without newline=""; closed by the caller.
    return path.open("r", encoding=encoding.name, errors=KEEP, newline="", buffering=1 << 20)


def read_delimited(path: Path, name: str, title: str, options: ReadOptions) -> SourceTable:
    """Read one delimited file.

    Args:
        path: where its bytes are.
        name: what to call it in errors.
        title: the name of the table.
        options: what the user decided.
    """
    scan, encoding = scanned(path, name, options)
    mixed = encoding.faulty and encoding.name.startswith("utf-8")
    with open_text(path, encoding) as file:
        sample = file.read(SAMPLE)
        complete = not file.read(1)
    given = options.delimiter and _NAMED_DELIMITERS.get(options.delimiter, options.delimiter)
    dialect = detect_dialect(
        repaired(sample, mixed=mixed).removeprefix("\ufeff"), delimiter=given, complete=complete
    )
    records = _records(path, name, encoding, dialect)
    if encoding.faulty or scan.control:
        records = flag_faults(records, mixed=mixed)
    table = frame(
        records,
        name=title,
        options=options,
        shape=Shape(),
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        expected=scan.line_ends,
        sep_line=dialect.sep_line,
    )
    table.issues += guesses(encoding)
    if dialect.wrapped:
        table.issues.append(CellIssue(kinds.LINES_QUOTED, 0))
    if dialect.width == 1 and given is None and are_unsplit(list(lines_of(sample))):
        table.issues.append(CellIssue(kinds.CELLS_UNSPLIT, 0))
    return table


def guesses(encoding: Encoding) -> list[CellIssue]:
    """What is to be said about an encoding that only likelihood speaks for."""
    return [CellIssue(kinds.ENCODING_GUESSED, 0, value=encoding.name)] if encoding.guessed else []


def _records(path: Path, name: str, encoding: Encoding, dialect: Dialect) -> Iterator[RawRecord]:
    with open_text(path, encoding) as file:
        first = next(file, "").removeprefix("\ufeff")
        if dialect.sep_line:
            yield RawRecord([first.rstrip("\r\n")])
            first = next(file, "")
        lines: Iterable[str] = chain([first], file) if first else file
        if dialect.wrapped:
            lines = map(unwrapped, lines)
        yield from DelimitedReader(lines, dialect, name)
