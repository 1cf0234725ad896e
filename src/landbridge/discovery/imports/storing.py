"""From a file's tables to stored rows, issues and counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from landbridge.discovery.imports import repository
from landbridge.discovery.imports.chunks import ChunkWriter
from landbridge.discovery.imports.errors import ArchivePartsUnreadable
from landbridge.discovery.imports.reading import read_file
from landbridge.discovery.imports.repository import IssueWriter
from landbridge.discovery.imports.tables import ReadOptions, RecordKind, SourceTable
from landbridge.errors.catalogue import LandbridgeError

RowsRead = Callable[[int, int | None], None]
"""Called with the rows of the file so far, and about how many it has, None if unknown."""

_REPORT_EVERY = 1_000


@dataclass(slots=True)
class Counts:
    """What was read.

    Attributes:
        tables: sheets, delimited files, JSON lists, HTML tables.
        rows_in: records that are neither blank nor a header.
        rows_stored: those kept.
        rows_with_issues: those with at least one issue.
    """

    tables: int = 0
    rows_in: int = 0
    rows_stored: int = 0
    rows_with_issues: int = 0

    def add(self, other: Counts) -> None:
        """Add up."""
        self.tables += other.tables
        self.rows_in += other.rows_in
        self.rows_stored += other.rows_stored
        self.rows_with_issues += other.rows_with_issues


class FileStore:
    """Stores what is read of one file."""

    def __init__(self, session: Session, import_file_id: UUID, rows_read: RowsRead) -> None:
        self._session = session
        self._file_id = import_file_id
        self._rows_read = rows_read
        self._issues = IssueWriter(session, repository.PHASE)
        self._problems: list[tuple[str, LandbridgeError]] = []
        self._before = 0

    def store(self, path: Path, name: str, options: ReadOptions) -> tuple[Counts, Any]:
        """Read and store a file: all of it, or of an archive every part that can be read.

        Returns:
            The counts, and the problem as JSON if parts could not be read.

        Raises:
            LandbridgeError: the file cannot be read; nothing of it is stored.
        """
        counts = Counts()
        with self._session.begin_nested():
            for ordinal, table in enumerate(read_file(path, name, options)):
                read = self._table(ordinal, table)
                if table.problem is not None:
                    self._problems.append((table.name, table.problem))
                elif read is not None:
                    counts.add(read)
                    self._before = counts.rows_in
            self._issues.flush()
            if self._problems:
                problem = self._parts_problem(name)
                if not counts.tables:
                    raise problem
                return counts, problem.problem()
        return counts, None

    def _table(self, ordinal: int, table: SourceTable) -> Counts | None:
        """Store one table; None, and nothing stored, when it has a problem."""
        if table.problem is not None:
            return None
        self._issues.flush()
        with self._session.begin_nested() as savepoint:
            table_id = repository.begin_table(self._session, self._file_id, ordinal, table)
            counts = self._rows(table_id, table)
            if table.problem is not None:
                self._issues.drop()
                savepoint.rollback()
                return None
            for issue in table.issues:
                self._issues.add(table_id, issue)
            self._issues.flush()
            repository.end_table(
                self._session,
                table_id,
                rows_in=counts.rows_in,
                rows_stored=counts.rows_stored,
                rows_with_issues=counts.rows_with_issues,
            )
        return counts

    def _rows(self, table_id: UUID, table: SourceTable) -> Counts:
        counts = Counts(tables=1)
        writer = ChunkWriter()
        for row in table.records:
            if row.kind is RecordKind.BLANK:
                continue
            if row.kind is not RecordKind.HEADER:
                counts.rows_in += 1
                counts.rows_stored += 1
                if counts.rows_in % _REPORT_EVERY == 0:
                    expected = None if table.expected is None else self._before + table.expected
                    self._rows_read(self._before + counts.rows_in, expected)
            if row.issues:
                counts.rows_with_issues += row.kind is not RecordKind.HEADER
                for issue in row.issues:
                    self._issues.add(table_id, issue)
            chunk = writer.add(row)
            if chunk is not None:
                repository.add_chunk(self._session, table_id, chunk)
        chunk = writer.flush()
        if chunk is not None:
            repository.add_chunk(self._session, table_id, chunk)
        return counts

    def _parts_problem(self, name: str) -> ArchivePartsUnreadable:
        parts = [{"name": n, **p.problem()} for n, p in self._problems]
        first, problem = self._problems[0]
        return ArchivePartsUnreadable(
            name=name,
            count=len(parts),
            first=first,
            reason=problem.detail,
            advice=problem.advice,
            parts=parts,
        )
