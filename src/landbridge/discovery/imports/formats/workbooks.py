"""Workbooks, read by a child process: this side starts it and takes its messages."""

from __future__ import annotations

import contextlib
import os
import select
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.errors import (
    FileDamaged,
    FileEncrypted,
    ParquetNotInstalled,
    ReaderStopped,
    SheetNotFound,
    XmlDeclaresTypes,
)
from landbridge.discovery.imports.formats.archives import opened_zip
from landbridge.discovery.imports.formats.bounds import Bound
from landbridge.discovery.imports.formats.filekinds import FileKind
from landbridge.discovery.imports.formats.sheetsink import LONGEST_MESSAGE
from landbridge.discovery.imports.formats.textfaults import flag_faults
from landbridge.discovery.imports.framing import Shape, frame
from landbridge.discovery.imports.tables import (
    CellIssue,
    RawRecord,
    ReadOptions,
    SourceTable,
)
from landbridge.discovery.issues import ISSUE_KINDS

SILENCE_LIMIT: Final = 300.0  # seconds
_READ_SIZE: Final = 1 << 18
_MODULE: Final = "landbridge.discovery.imports.formats.workbookchild"
_ZIPPED: Final = {FileKind.XLSX, FileKind.XLSB, FileKind.ODS}


def read_workbook(
    path: Path, name: str, kind: FileKind, title: str, options: ReadOptions, bound: Bound
) -> Iterator[SourceTable]:
    """Read the sheets of a workbook, or a Parquet file, one after the other.

    Raises:
        FileDamaged, FileEncrypted, ReaderStopped, SheetNotFound, ContentTooLarge,
            XmlDeclaresTypes, ParquetNotInstalled: it cannot be read; also while records are
            iterated.
    """
    if kind in _ZIPPED:
        try:
            with opened_zip(path, name, bound):
                pass
        except zipfile.BadZipFile as e:
            raise FileDamaged(name=name, reason=str(e)) from None
    named = kind is FileKind.PARQUET
    if named and find_spec("arro3.io") is None:
        raise ParquetNotInstalled(name=name)
    with _messages(path, name, kind, title, options) as messages:
        for message in messages:
            if message[0] == "sheet":
                yield from _sheet(messages, message, options, bound, named=named)


def _sheet(
    messages: Iterator[list[Any]],
    message: list[Any],
    options: ReadOptions,
    bound: Bound,
    *,
    named: bool,
) -> Iterator[SourceTable]:
    """One sheet; `named` when its first row are the names for sure."""
    _, sheet_name, hidden = message
    sheet = _Sheet(messages, bound)
    records, header = sheet.records(), None
    if named:
        first = next(records)
        records, header = chain([first], records), first.cells
    table = frame(
        flag_faults(records, mixed=False),
        name=sheet_name,
        options=options,
        shape=Shape(header=header, even=True),
        bound=bound,
    )
    if hidden:
        table.issues.append(CellIssue(kinds.HIDDEN_SHEET, 0))
    sheet.table = table
    table.records = sheet.with_remarks(table.records)
    yield table
    for _ in table.records:
        pass


class _Sheet:
    """One sheet's part of the messages."""

    def __init__(self, messages: Iterator[list[Any]], bound: Bound) -> None:
        self._messages = messages
        self._bound = bound
        self._remarks: list[list[Any]] = []
        self.table: SourceTable | None = None

    def records(self) -> Iterator[RawRecord]:
        """Every row up to the last one that has content; those left out come as empty ones."""
        expected = 1
        for message in self._messages:
            if message[0] == "end of sheet":
                self._remarks = message[1]
                return
            _, first, rows, notes, cost = message
            self._bound.spend(cost)
            while expected < first:
                yield RawRecord([""])
                expected += 1
            by_row: dict[int, list[Any]] = {}
            for number, index, code, value, detail in notes:
                by_row.setdefault(number, []).append((ISSUE_KINDS[code], index, value, detail))
            for cells in rows:
                yield RawRecord(cells or [""], by_row.get(expected) if by_row else None)
                expected += 1

    def with_remarks(self, records: Iterator[Any]) -> Iterator[Any]:
        yield from records
        table = self.table
        if table is None:
            return
        for code, row, index, value, detail in self._remarks:
            above = code == "MERGED_CELLS" and row <= table.header_row
            if not above:
                column = None
                if index is not None:
                    column = table.columns[index] if index < len(table.columns) else None
                table.issues.append(CellIssue(ISSUE_KINDS[code], row, column, value, detail))


@contextlib.contextmanager
def _messages(
    path: Path, name: str, kind: FileKind, title: str, options: ReadOptions
) -> Iterator[Iterator[list[Any]]]:
    wanted = None if options.sheets is None else list(options.sheets)
    command = [sys.executable, "-m", _MODULE, str(path.resolve()), kind.value]
    child = subprocess.Popen(
        [*command, orjson.dumps(wanted).decode(), title],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        bufsize=0,
        stderr=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is for us to answer
    )
    try:
        yield _receive(child, name)
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _receive(child: subprocess.Popen[bytes], name: str) -> Iterator[list[Any]]:
    if child.stdout is None:
        raise ReaderStopped(name=name, reason="it could not be started")
    pipe = _Pipe(child.stdout.fileno(), name)
    while True:
        size = pipe.exactly(4)
        length = struct.unpack(">I", size)[0] if size else 0
        if length > LONGEST_MESSAGE:
            raise ReaderStopped(name=name, reason="it answered with too much at once")
        data = pipe.exactly(length)
        if not data:
            raise ReaderStopped(name=name, reason=_ending(child.wait()))
        message: list[Any] = orjson.loads(data)
        match message[0]:
            case "end":
                return
            case "damaged":
                raise FileDamaged(name=name, reason=message[1])
            case "locked":
                raise FileEncrypted(name=name)
            case "types":
                raise XmlDeclaresTypes(name=name)
            case "memory":
                raise ReaderStopped(name=name, reason="it needs too much memory")
            case "no sheet":
                sheets = ", ".join(message[2])
                raise SheetNotFound(name=name, sheet=message[1], sheets=sheets)
        yield message


class _Pipe:
    """The reading end of a pipe whose other end may fall silent."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        self._buffer = bytearray()

    def exactly(self, size: int) -> bytes:
        """That many bytes; none when the other end was closed before.

        Raises:
            ReaderStopped: nothing came for `SILENCE_LIMIT` seconds.
        """
        while len(self._buffer) < size:
            if not select.select([self._descriptor], [], [], SILENCE_LIMIT)[0]:
                raise ReaderStopped(name=self._name, reason="it stopped answering")
            part = os.read(self._descriptor, _READ_SIZE)
            if not part:
                return b""
            self._buffer += part
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


def _ending(code: int) -> str:
    return f"the process ended with signal {-code}" if code < 0 else "the process failed"
