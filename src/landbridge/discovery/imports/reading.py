"""Reading a file, whatever it is, into tables of text: streamed, nothing guessed away.

The format is told by the content, not by the ending. Cells are texts; no value is changed
because it looks like a number, a date or nothing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from landbridge.discovery.imports.errors import (
    ArchiveNested,
    FileDamaged,
    FileEmpty,
    FileUnreadable,
)
from landbridge.discovery.imports.formats.archives import (
    members,
    opened_zip,
    shown_name,
    unpacked_gzip,
    unpacked_member,
)
from landbridge.discovery.imports.formats.bounds import Bound, few_enough
from landbridge.discovery.imports.formats.filekinds import FileKind, kind_of
from landbridge.discovery.imports.formats.htmltables import read_html
from landbridge.discovery.imports.formats.jsonfiles import read_json
from landbridge.discovery.imports.formats.textfiles import read_delimited
from landbridge.discovery.imports.formats.workbooks import read_workbook
from landbridge.discovery.imports.tables import (
    NO_HEADER,
    CellIssue,
    ReadOptions,
    RecordKind,
    SourceRow,
    SourceTable,
)
from landbridge.errors.catalogue import LandbridgeError

__all__ = [
    "CellIssue",
    "ReadOptions",
    "RecordKind",
    "SourceRow",
    "SourceTable",
    "read_file",
]

_WORKBOOKS = {
    FileKind.XLSX,
    FileKind.XLSB,
    FileKind.XLS,
    FileKind.ODS,
    FileKind.XML_SPREADSHEET,
    FileKind.PARQUET,
}


def read_file(
    path: Path, name: str | None = None, options: ReadOptions | None = None
) -> Iterator[SourceTable]:
    """Read all tables of a file, one after the other.

    The records of a table are read while they are iterated, and must be before the next table
    is asked for; what is left of them then is skipped.

    Args:
        path: where the bytes are.
        name: what the file is called; the path's last part if None.
        options: what a person decided instead of the reader.

    Raises:
        LandbridgeError: the file cannot be read as a whole. A part of an archive that cannot be
            read is a table with a `problem` instead.
    """
    name = name or path.name
    options = options or ReadOptions()
    try:
        size = path.stat().st_size
        if not size:
            raise FileEmpty(name=name)
        bound = Bound(name, size)
        yield from few_enough(_tables(path, name, options, bound, nested=False), name)
    except OSError as e:
        raise FileUnreadable(name=name, reason=e.strerror or type(e).__name__) from None


def _tables(
    path: Path, name: str, options: ReadOptions, bound: Bound, *, nested: bool
) -> Iterator[SourceTable]:
    kind = kind_of(path, name)
    title = PurePosixPath(name).stem
    if kind in {FileKind.ZIP, FileKind.GZIP} and nested:
        raise ArchiveNested(name=name)
    if kind is FileKind.ZIP:
        yield from _archive(path, name, options, bound)
    elif kind is FileKind.GZIP:
        inner = name.removesuffix(".gz") if name.endswith(".gz") else name
        with unpacked_gzip(path, name, bound) as unpacked:
            if not unpacked.stat().st_size:
                raise FileEmpty(name=name)
            yield from _tables(unpacked, inner, options, bound, nested=True)
    elif kind in _WORKBOOKS:
        yield from read_workbook(path, name, kind, title, options, bound)
    elif kind is FileKind.HTML:
        yield from read_html(path, name, title, options, bound)
    elif kind is FileKind.JSON:
        yield from read_json(path, name, title, options, bound)
    else:
        yield read_delimited(path, name, title, options)


def _archive(path: Path, name: str, options: ReadOptions, bound: Bound) -> Iterator[SourceTable]:
    try:
        with opened_zip(path, name, bound) as archive:
            for info in members(archive, name):
                yield from _member(archive, info, options, bound)
    except zipfile.BadZipFile as e:
        raise FileDamaged(name=name, reason=str(e)) from None


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, options: ReadOptions, bound: Bound
) -> Iterator[SourceTable]:
    """The tables of one member; its failure does not end the others."""
    shown = shown_name(info)
    folder = shown.rpartition("/")[0]
    try:
        if not info.file_size:
            raise FileEmpty(name=shown)
        with unpacked_member(archive, info, shown) as path:
            for table in _tables(path, shown, options, bound, nested=True):
                single = table.name == PurePosixPath(shown).stem
                prefix = folder if single else shown
                table.name = f"{prefix}/{table.name}" if prefix else table.name
                table.records = _until_problem(table)
                yield table
    except LandbridgeError as e:
        yield _failed(shown, e)


def _until_problem(table: SourceTable) -> Iterator[SourceRow]:
    """The records of a table; a failure while reading them becomes its problem."""
    records = table.records

    def guarded() -> Iterator[SourceRow]:
        try:
            yield from records
        except LandbridgeError as e:
            table.problem = e

    return guarded()


def _failed(name: str, problem: LandbridgeError) -> SourceTable:
    return SourceTable(name, None, None, NO_HEADER, [], [], iter(()), problem=problem)
