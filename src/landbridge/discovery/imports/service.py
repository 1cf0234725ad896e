"""What people do with imports: make one, add files, see what was read, get the faulty rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from landbridge.database.session import TenantSession
from landbridge.discovery.imports import repository
from landbridge.discovery.imports.failedrows import failed_rows_csv
from landbridge.discovery.imports.models import Import, ImportFile, ImportTable, RowIssue
from landbridge.discovery.imports.receiving import ReceivedFile, receive_file
from landbridge.discovery.issues import kind_of
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import (
    DEFAULT_LIMIT,
    InvalidCursor,
    Page,
    decode_cursor,
    page_of,
)

__all__ = [
    "ReceivedFile",
    "create_import",
    "failed_rows_csv",
    "import_result",
    "issues_page",
    "list_imports",
    "original",
    "receive_file",
    "rows_page",
]

_GONE: Final = "This code is not in the catalogue of this release."


class TableResult(BaseModel):
    """One table that was read; counts as in `ImportTable`."""

    id: UUID
    name: str
    source: str | None
    role: str | None
    encoding: str | None
    delimiter: str | None
    header_row: int
    columns: list[str]
    rows_in: int
    rows_stored: int
    rows_with_issues: int


class FileResult(BaseModel):
    """One file, why it or a part of it could not be read, and how its owner wants it read."""

    id: UUID
    name: str
    size_bytes: int
    sha256: str
    options: dict[str, Any]
    status: str
    problem: dict[str, Any] | None
    tables: list[TableResult]


class IssueCount(BaseModel):
    """How often one kind of issue was found, in how many rows, and what to do about it."""

    code: str
    severity: str
    title: str
    explanation: str
    remedy: str
    issues: int
    rows: int


class ImportResult(BaseModel):
    """What an import consists of. `rows_in` is the sum over all tables, and equals
    `rows_stored`: no row is dropped. `applied_at` is when it last changed the inventory,
    `withdrawn_at` when that was undone.
    """

    id: UUID
    engagement_id: UUID
    created_by: UUID
    created_at: datetime
    applied_at: datetime | None
    withdrawn_at: datetime | None
    files: list[FileResult]
    files_failed: int
    rows_in: int
    rows_stored: int
    rows_with_issues: int
    issues: list[IssueCount]


class IssueRow(BaseModel):
    """One issue. `row` is the number of the record in its table, 0 for the whole table."""

    id: UUID
    table_id: UUID
    table: str
    file: str
    phase: str
    row: int
    column: str | None
    value: str | None
    code: str
    severity: str
    title: str
    detail: str
    remedy: str


class StoredRow(BaseModel):
    """One stored record as the file has it; `kind` is data, header, preamble or footer."""

    number: int
    cells: list[str]
    kind: str


class ImportSummary(BaseModel):
    """One line of the list of imports."""

    id: UUID
    created_by: UUID
    created_at: datetime
    files: list[str]
    files_failed: int
    tables: int
    rows_in: int
    rows_with_issues: int
    applied_at: datetime | None
    withdrawn_at: datetime | None


def create_import(session: TenantSession, engagement_id: UUID) -> Import:
    """Begin an import; files are added with `receive_file`.

    Raises:
        NotFound: the engagement does not exist in the open client account.
    """
    repository.require_engagement(session, engagement_id)
    made = Import(engagement_id=engagement_id, created_by=session.user_id)
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def list_imports(
    session: Session, engagement_id: UUID, *, limit: int = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[ImportSummary]:
    """The imports of an engagement, newest first."""
    query = select(Import).where(Import.engagement_id == engagement_id)
    if cursor:
        (last,) = _ids(decode_cursor(cursor, 1))
        query = query.where(Import.id < last)
    found = session.scalars(query.order_by(Import.id.desc()).limit(limit + 1)).all()
    page = page_of(found, limit, lambda i: [str(i.id)])
    return Page([_summary(session, i) for i in page.items], page.next)


def _summary(session: Session, made: Import) -> ImportSummary:
    files = repository.files_of(session, made.id)
    tables = repository.tables_of_import(session, made.id)
    issues = repository.rows_with_issues(session, made.id)
    return ImportSummary(
        id=made.id,
        created_by=made.created_by,
        created_at=made.created_at,
        files=[f.name for f in files],
        files_failed=sum(1 for f in files if f.problem is not None),
        tables=len(tables),
        rows_in=sum(t.rows_in for t in tables),
        rows_with_issues=sum(issues.values()),
        applied_at=made.applied_at,
        withdrawn_at=made.withdrawn_at,
    )


def import_result(session: Session, import_id: UUID) -> ImportResult:
    """What was read of each file, with counts that add up, and all kinds of issues found.

    Raises:
        NotFound: the import does not exist in the open client account.
    """
    made = repository.find_import(session, import_id)
    files = repository.files_of(session, import_id)
    sizes = repository.sizes_of(session, import_id)
    tables = repository.tables_of_import(session, import_id)
    issues = repository.rows_with_issues(session, import_id)
    return ImportResult(
        id=made.id,
        engagement_id=made.engagement_id,
        created_by=made.created_by,
        created_at=made.created_at,
        applied_at=made.applied_at,
        withdrawn_at=made.withdrawn_at,
        files=[
            FileResult(
                id=f.id,
                name=f.name,
                size_bytes=sizes[f.sha256],
                sha256=f.sha256.hex(),
                options=f.options,
                status=f.status,
                problem=f.problem,
                tables=[_table(t, issues.get(t.id, 0)) for t in tables if t.import_file_id == f.id],
            )
            for f in files
        ],
        files_failed=sum(1 for f in files if f.problem is not None),
        rows_in=sum(t.rows_in for t in tables),
        rows_stored=sum(t.rows_stored for t in tables),
        rows_with_issues=sum(issues.values()),
        issues=[
            IssueCount(
                code=c.code,
                severity=c.severity,
                title=_words(c.code)[0],
                explanation=_words(c.code)[1],
                remedy=_words(c.code)[2],
                issues=c.issues,
                rows=c.rows,
            )
            for c in repository.issue_counts(session, import_id)
        ],
    )


def _table(table: ImportTable, rows_with_issues: int) -> TableResult:
    return TableResult(
        id=table.id,
        name=table.name,
        source=table.source,
        role=table.role,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_row=table.header_row,
        columns=table.columns,
        rows_in=table.rows_in,
        rows_stored=table.rows_stored,
        rows_with_issues=rows_with_issues,
    )


def issues_page(
    session: Session,
    import_id: UUID,
    *,
    table_id: UUID | None = None,
    code: str | None = None,
    severity: str | None = None,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[IssueRow]:
    """The issues of an import, of all phases, in the order of tables and rows.

    Raises:
        NotFound: the import does not exist in the open client account.
        InvalidCursor: the cursor was made for another list.
    """
    repository.find_import(session, import_id)
    query = (
        select(RowIssue, ImportTable.name, ImportFile.name)
        .join(ImportTable, ImportTable.id == RowIssue.import_table_id)
        .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
        .where(ImportFile.import_id == import_id)
    )
    if table_id is not None:
        query = query.where(RowIssue.import_table_id == table_id)
    if code is not None:
        query = query.where(RowIssue.code == code)
    if severity is not None:
        query = query.where(RowIssue.severity == severity)
    key = (RowIssue.import_table_id, RowIssue.row_number, RowIssue.id)
    if cursor:
        table, row, issue = decode_cursor(cursor, 3)
        if not isinstance(row, int):
            raise InvalidCursor
        query = query.where(tuple_(*key) > tuple_(*_ids([table]), row, *_ids([issue])))
    rows = session.execute(query.order_by(*key).limit(limit + 1)).all()
    page = page_of(
        rows, limit, lambda r: [str(r[0].import_table_id), r[0].row_number, str(r[0].id)]
    )
    return Page([_issue(*r) for r in page.items], page.next)


def _issue(issue: RowIssue, table: str, file: str) -> IssueRow:
    title, _, remedy = _words(issue.code)
    return IssueRow(
        id=issue.id,
        table_id=issue.import_table_id,
        table=table,
        file=file,
        phase=issue.phase,
        row=issue.row_number,
        column=issue.column_name,
        value=issue.value,
        code=issue.code,
        severity=issue.severity,
        title=title,
        detail=issue.detail,
        remedy=remedy,
    )


def rows_page(
    session: Session, table_id: UUID, *, limit: int = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[StoredRow]:
    """The stored records of a table, verbatim.

    Raises:
        NotFound: the table does not exist in the open client account.
        InvalidCursor: the cursor was made for another list.
    """
    repository.find_table(session, table_id)
    after = -1
    if cursor:
        (after,) = decode_cursor(cursor, 1)
        if not isinstance(after, int):
            raise InvalidCursor
    rows: list[StoredRow] = []
    for number, cells, kind in repository.iter_records(session, table_id, after=after):
        rows.append(StoredRow(number=number, cells=cells, kind=kind.value))
        if len(rows) > limit:
            break
    return page_of(rows, limit, lambda r: [r.number])


def original(session: Session, import_file_id: UUID) -> tuple[str, int, Iterator[bytes]]:
    """Name, size and content of an original file, as it was received.

    Raises:
        NotFound: the file does not exist in the open client account.
    """
    file = session.scalar(select(ImportFile).where(ImportFile.id == import_file_id))
    if file is None:
        raise NotFound
    size = repository.sizes_of(session, file.import_id)[file.sha256]
    return file.name, size, repository.content_of(session, file.sha256)


def _words(code: str) -> tuple[str, str, str]:
    """Title, explanation and remedy of an issue code."""
    kind = kind_of(code)
    return (kind.title, kind.explanation, kind.remedy) if kind else (code, _GONE, "")


def _ids(values: list[Any]) -> list[UUID]:
    try:
        return [UUID(v) for v in values]
    except (TypeError, ValueError, AttributeError):
        raise InvalidCursor from None
