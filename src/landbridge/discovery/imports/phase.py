"""Phase 1 of Discovery: every row of every file stored verbatim, every problem listed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog
from pydantic import BaseModel
from sqlalchemy.orm import Session

from landbridge.discovery.imports import repository
from landbridge.discovery.imports.errors import ImportWithoutFiles, NothingReadable
from landbridge.discovery.imports.models import ImportFile
from landbridge.discovery.imports.receiving import options_of
from landbridge.discovery.imports.storing import Counts, FileStore
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.phases import PhaseContext, Progress

log = structlog.get_logger(__name__)

_READ: Final = "read"
_FAILED: Final = "failed"


class DataImportOutput(BaseModel):
    """What data_import did.

    Attributes:
        tables: sheets, delimited files, JSON lists and HTML tables read.
        rows_in: records that are neither blank nor a header.
        rows_stored: those kept; always all.
        rows_with_issues: those with at least one issue.
        files: files of the import.
        files_failed: those that could not be read, or not completely.
    """

    tables: int
    rows_in: int
    rows_stored: int
    rows_with_issues: int
    files: int
    files_failed: int


class DataImport:
    """Reads the files of an import. A file that was read before is left as it is, so a second
    flow on the same import repeats nothing and keeps the decisions made on its columns.
    """

    key: ClassVar[str] = "data_import"
    title: ClassVar[str] = "Import data"
    unit: ClassVar[str] = "rows"
    output: ClassVar[type[BaseModel]] = DataImportOutput

    def run(self, context: PhaseContext) -> DataImportOutput:
        """Read every file that was not read yet.

        Raises:
            NotFound: the import does not exist in this client account.
            ImportWithoutFiles: it holds no file.
            NothingReadable: not one file could be read.
        """
        session = context.session
        import_id = UUID(str(context.inputs["import_id"]))
        repository.find_import(session, import_id)
        files = repository.files_of(session, import_id)
        if not files:
            raise ImportWithoutFiles
        meter = _Meter(context.progress, repository.sizes_of(session, import_id), files)
        for file in files:
            meter.begin_file(file)
            if file.status != _READ:
                self._read(context, file, meter)
        readable = [f for f in files if f.status == _READ]
        if not readable:
            raise _nothing_readable(files)
        counts = _stored_counts(session, import_id)
        context.progress(counts.rows_in, counts.rows_in)
        return DataImportOutput(
            tables=counts.tables,
            rows_in=counts.rows_in,
            rows_stored=counts.rows_stored,
            rows_with_issues=counts.rows_with_issues,
            files=len(files),
            files_failed=sum(1 for f in files if f.problem is not None),
        )

    def _read(self, context: PhaseContext, file: ImportFile, meter: _Meter) -> None:
        session = context.session
        store = FileStore(session, file.id, meter.rows_read)
        try:
            with tempfile.TemporaryDirectory(prefix="landbridge-") as folder:
                path = Path(folder) / "original"
                with path.open("wb") as target:
                    target.writelines(repository.content_of(session, file.sha256))
                counts, problem = store.store(path, file.name, options_of(file))
        except LandbridgeError as e:
            file.status, file.problem = _FAILED, e.problem()
            log.warning("file_not_readable", import_file_id=str(file.id), code=e.code)
            text = f"{file.name} could not be read."
            context.notes.append(
                _note(file, "file_not_readable", text, code=e.code, detail=e.detail)
            )
        else:
            file.status, file.problem = _READ, problem
            meter.rows += counts.rows_in
            rows, tables = _count(counts.rows_in, "row"), _count(counts.tables, "table")
            text = f"Read {file.name}: {rows} in {tables}."
            context.notes.append(
                _note(file, "file_read", text, tables=counts.tables, rows=counts.rows_in)
            )
        session.flush()


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _note(file: ImportFile, kind: str, text: str, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "text": text, "file": file.name, "import_file_id": str(file.id), **data}


def _stored_counts(session: Session, import_id: UUID) -> Counts:
    counts = Counts()
    for table in repository.tables_of_import(session, import_id):
        counts.add(Counts(1, table.rows_in, table.rows_stored, table.rows_with_issues))
    return counts


def _nothing_readable(files: list[ImportFile]) -> NothingReadable:
    problems = [{"file": f.name, **(f.problem or {})} for f in files]
    return NothingReadable(
        files=len(files),
        first_problem=problems[0].get("detail", ""),
        first_remedy=problems[0].get("remedy", ""),
        problems=problems,
    )


class _Meter:
    """Turns rows of the current file into progress of the whole import.

    The total is an estimate: line ends of the current file, and as many rows for each byte of
    the files still to come. There is none while a format does not tell how much it holds.
    """

    def __init__(
        self, progress: Progress, sizes: dict[bytes, int], files: list[ImportFile]
    ) -> None:
        self._progress = progress
        self._sizes = sizes
        self._left = sum(sizes[f.sha256] for f in files)
        self._seen = 0
        self.rows = 0

    def begin_file(self, file: ImportFile) -> None:
        """A file is about to be read."""
        size = self._sizes[file.sha256]
        self._seen += size
        self._left -= size

    def rows_read(self, in_file: int, expected: int | None) -> None:
        """Report rows of the file being read."""
        done = self.rows + in_file
        if expected is None:
            self._progress(done, None)
            return
        known = self.rows + max(in_file, expected)
        self._progress(done, known + self._left * known // max(self._seen, 1))
