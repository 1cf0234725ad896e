"""The process that opens workbooks: `python -m landbridge.discovery.imports.formats.workbookchild`.

It is given a path, a kind, as JSON the sheets that are wanted, and a title, and writes messages
to its standard output (see `SheetSink`). A hostile or broken workbook can at worst end this
process.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from landbridge.discovery.imports.formats.filekinds import FileKind
from landbridge.discovery.imports.formats.odsreader import OdsLocked, OdsReader
from landbridge.discovery.imports.formats.sheetsink import SheetFault, SheetSink, TypesDeclared
from landbridge.discovery.imports.formats.xlsxreader import XlsxReader
from landbridge.discovery.imports.formats.xmlsheetreader import XmlSheetReader

MEMORY_LIMIT: Final = 3 << 29


class _Reader(Protocol):
    def read(self, sink: SheetSink) -> None: ...


def main(arguments: list[str]) -> int:
    """Read one workbook; the exit code is 0 unless the process itself failed."""
    path, kind = Path(arguments[0]), FileKind(arguments[1])
    wanted: list[str] | None = orjson.loads(arguments[2])
    _limit_memory()
    _go_first()
    # Libraries may print: their words go to standard error, messages alone to standard output.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sink = SheetSink(out, wanted)
    try:
        reader, names = _open(path, kind, arguments[3])
        missing = [w for w in wanted or () if w not in names]
        if missing:
            sink.send("no sheet", missing[0], names)
        else:
            reader.read(sink)
            sink.send("end")
    except (OdsLocked, _locked()):
        sink.send("locked")
    except TypesDeclared:
        sink.send("types")
    except MemoryError:
        sink.send("memory")
    except BrokenPipeError:
        return 0
    except _FAULTS as e:
        sink.send("damaged", str(e) or type(e).__name__)
    out.flush()
    return 0


# What the format libraries raise on content that contradicts the format.
_FAULTS: Final = (
    SheetFault, zipfile.BadZipFile, ValueError, KeyError, IndexError, AssertionError,
    AttributeError, TypeError, ArithmeticError, EOFError, RecursionError, StopIteration,
    NotImplementedError,
)  # fmt: skip


def _open(path: Path, kind: FileKind, title: str) -> tuple[_Reader, list[str]]:
    if kind is FileKind.XLSX:
        xlsx = XlsxReader(zipfile.ZipFile(path))
        return xlsx, xlsx.sheet_names
    reader: Any
    if kind is FileKind.ODS:
        reader = OdsReader(zipfile.ZipFile(path))
    elif kind is FileKind.XML_SPREADSHEET:
        reader = XmlSheetReader(path)
    elif kind is FileKind.PARQUET:
        from landbridge.discovery.imports.formats.parquetreader import ParquetReader

        reader = ParquetReader(path, title)
    else:
        from landbridge.discovery.imports.formats.binarysheets import XlsbReader, XlsReader

        reader = XlsReader(path) if kind is FileKind.XLS else XlsbReader(path)
    return reader, reader.sheet_names()


def _locked() -> type[Exception]:
    from landbridge.discovery.imports.formats.binarysheets import WorkbookLocked

    return WorkbookLocked


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _go_first() -> None:
    """Where the whole machine runs out of memory, this process ends before any other."""
    with contextlib.suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
