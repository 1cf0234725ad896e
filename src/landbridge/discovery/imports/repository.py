"""Reading and writing what an import consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from landbridge.discovery.imports.chunks import Chunk, data_rows_of, rows_of
from landbridge.discovery.imports.models import (
    Import,
    ImportFile,
    ImportTable,
    RowIssue,
    StoredFile,
)
from landbridge.discovery.imports.tables import CellIssue, RecordKind, SourceTable
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id

PIECE: Final = 1 << 20
PHASE: Final = "data_import"
_CHUNKS_AT_ONCE: Final = 4
_ISSUES_AT_ONCE: Final = 5_000


def find_import(session: Session, import_id: UUID, *, lock: bool = False) -> Import:
    """An import of the open client account.

    Args:
        session: of the client account.
        import_id: the import.
        lock: whether other transactions that also lock it wait until this one ends.

    Raises:
        NotFound: there is none with this id.
    """
    query = select(Import).where(Import.id == import_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def require_engagement(session: Session, engagement_id: UUID) -> None:
    """Make sure that an engagement exists in the open client account.

    Raises:
        NotFound: it does not.
    """
    query = text("select 1 from app.engagements where id = :id")
    if session.execute(query, {"id": engagement_id}).first() is None:
        raise NotFound


def files_of(session: Session, import_id: UUID) -> list[ImportFile]:
    """The files of an import, in the order they were given."""
    return list(
        session.scalars(
            select(ImportFile).where(ImportFile.import_id == import_id).order_by(ImportFile.ordinal)
        )
    )


def sizes_of(session: Session, import_id: UUID) -> dict[bytes, int]:
    """Hash of each content of an import → its size in bytes."""
    rows = session.execute(
        select(StoredFile.sha256, StoredFile.size_bytes)
        .join(ImportFile, ImportFile.sha256 == StoredFile.sha256)
        .where(ImportFile.import_id == import_id)
    )
    return {row.sha256: row.size_bytes for row in rows}


def has_content(session: Session, sha256: bytes) -> bool:
    """Whether this content is stored in the open client account."""
    return session.scalar(select(StoredFile.sha256).where(StoredFile.sha256 == sha256)) is not None


def store_content(
    session: Session, sha256: bytes, size_bytes: int, pieces: Iterable[bytes]
) -> None:
    """Store the content of a file in pieces of at most `PIECE` bytes. When another transaction
    is storing the same content, this waits for it and stores nothing twice.
    """
    session.execute(
        insert(StoredFile).values(sha256=sha256, size_bytes=size_bytes).on_conflict_do_nothing()
    )
    connection = _psycopg(session)
    for ordinal, piece in enumerate(pieces):
        connection.execute(
            "insert into app.file_pieces (sha256, ordinal, data) values (%s, %s, %b) "
            "on conflict do nothing",
            (sha256, ordinal, piece),
        )


def content_of(session: Session, sha256: bytes) -> Iterator[bytes]:
    """The content of a stored file, piece by piece."""
    connection = _psycopg(session)
    ordinal = 0
    while True:
        row = connection.execute(
            "select data from app.file_pieces where sha256 = %s and ordinal = %s",
            (sha256, ordinal),
            binary=True,
        ).fetchone()
        if row is None:
            return
        yield row[0]
        ordinal += 1


def next_ordinal(session: Session, import_id: UUID) -> int:
    """The place of the next file in an import."""
    last = session.scalar(
        select(func.max(ImportFile.ordinal)).where(ImportFile.import_id == import_id)
    )
    return 0 if last is None else last + 1


def begin_table(session: Session, import_file_id: UUID, ordinal: int, table: SourceTable) -> UUID:
    """Enter a table whose rows are about to be stored."""
    table_id = new_id()
    session.execute(
        insert(ImportTable).values(
            id=table_id,
            import_file_id=import_file_id,
            ordinal=ordinal,
            name=storable(table.name),
            encoding=table.encoding,
            delimiter=table.delimiter,
            header_row=table.header_row,
            columns=[storable(c) for c in table.columns],
        )
    )
    return table_id


def end_table(
    session: Session, table_id: UUID, *, rows_in: int, rows_stored: int, rows_with_issues: int
) -> None:
    """Write the counts of a table that was read to its end."""
    session.execute(
        update(ImportTable)
        .where(ImportTable.id == table_id)
        .values(rows_in=rows_in, rows_stored=rows_stored, rows_with_issues=rows_with_issues)
    )


def add_chunk(session: Session, table_id: UUID, chunk: Chunk) -> None:
    """Store a chunk of source rows."""
    _psycopg(session).execute(
        "insert into app.source_rows (import_table_id, first_row, last_row, row_count, data) "
        "values (%s, %s, %s, %s, %b)",
        (table_id, chunk.first_row, chunk.last_row, chunk.row_count, chunk.data),
    )


class IssueWriter:
    """Stores row issues in batches, for any phase."""

    def __init__(self, session: Session, phase: str) -> None:
        self._session = session
        self._phase = phase
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, table_id: UUID, issue: CellIssue) -> None:
        """Take an issue; it is stored by the next full batch or by `flush`."""
        self._waiting.append(
            (
                new_id(),
                table_id,
                self._phase,
                issue.row,
                None if issue.column is None else storable(issue.column),
                None if issue.value is None else storable(issue.value),
                issue.kind.code,
                issue.kind.severity.value,
                storable(issue.detail or issue.kind.title),
            )
        )
        if len(self._waiting) >= _ISSUES_AT_ONCE:
            self.flush()

    def drop(self) -> None:
        """Forget what was taken and not yet stored."""
        self._waiting = []

    def flush(self) -> None:
        """Store what was taken."""
        if not self._waiting:
            return
        connection = _psycopg(self._session)
        columns = (
            "id, import_table_id, phase, row_number, column_name, value, code, severity, detail"
        )
        connection.execute(
            f"create temp table if not exists new_row_issues on commit drop as "
            f"select {columns} from app.row_issues with no data"
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(f"copy new_row_issues ({columns}) from stdin") as copy,
        ):
            for row in self._waiting:
                copy.write_row(row)
        connection.execute(
            f"insert into app.row_issues ({columns}) select {columns} from new_row_issues"
        )
        connection.execute("truncate new_row_issues")
        self._waiting = []


def remove_tables(session: Session, import_file_id: UUID) -> None:
    """Remove what was read of a file, with everything that hangs on it."""
    session.execute(delete(ImportTable).where(ImportTable.import_file_id == import_file_id))


def tables_of_import(session: Session, import_id: UUID) -> list[ImportTable]:
    """The tables of an import, in the order of its files and of each file."""
    return list(
        session.scalars(
            select(ImportTable)
            .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
            .where(ImportFile.import_id == import_id)
            .order_by(ImportFile.ordinal, ImportTable.ordinal)
        )
    )


def tables_of(session: Session, flow_inputs: Mapping[str, Any]) -> list[ImportTable]:
    """The tables of the import that a Discovery flow works on."""
    return tables_of_import(session, UUID(str(flow_inputs["import_id"])))


def find_table(session: Session, import_table_id: UUID) -> ImportTable:
    """A table of the open client account.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.scalar(select(ImportTable).where(ImportTable.id == import_table_id))
    if found is None:
        raise NotFound
    return found


def iter_rows(
    session: Session, import_table_id: UUID, *, after: int = -1
) -> Iterator[tuple[int, list[str]]]:
    """The data rows of a table: number and cells, in order, a few chunks in memory at a time.

    Other statements may be run on the session between rows.

    Args:
        session: of the client account.
        import_table_id: the table.
        after: number of the row behind which to begin.
    """
    for data in _chunks(session, import_table_id, after):
        for row in data_rows_of(data):
            if row[0] > after:
                yield row


def iter_records(
    session: Session, import_table_id: UUID, *, after: int = -1
) -> Iterator[tuple[int, list[str], RecordKind]]:
    """Every stored record of a table, header and lines around the data included."""
    for data in _chunks(session, import_table_id, after):
        for record in rows_of(data):
            if record[0] > after:
                yield record


def _chunks(session: Session, import_table_id: UUID, after: int) -> Iterator[bytes]:
    connection = _psycopg(session)
    while True:
        rows = connection.execute(
            "select last_row, data from app.source_rows where import_table_id = %s "
            "and last_row > %s order by first_row limit %s",
            (import_table_id, after, _CHUNKS_AT_ONCE),
            binary=True,
        ).fetchall()
        for last_row, data in rows:
            yield data
            after = last_row
        if len(rows) < _CHUNKS_AT_ONCE:
            return


def header_of(session: Session, table: ImportTable) -> list[str]:
    """The column names of a table as the file has them; those in use if it has none."""
    if table.header_row >= 0:
        for data in _chunks(session, table.id, -1):
            for number, cells, kind in rows_of(data):
                if kind is RecordKind.HEADER:
                    return cells
                if number > table.header_row + 1:
                    break
            break
    return list(table.columns)


def issue_counts(session: Session, import_id: UUID) -> Sequence[Any]:
    """Code, severity, issues and rows for each code found in an import, all phases."""
    return session.execute(
        select(
            RowIssue.code,
            RowIssue.severity,
            func.count().label("issues"),
            func.count(func.distinct(RowIssue.import_table_id, RowIssue.row_number)).label("rows"),
        )
        .join(ImportTable, ImportTable.id == RowIssue.import_table_id)
        .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
        .where(ImportFile.import_id == import_id)
        .group_by(RowIssue.code, RowIssue.severity)
        .order_by(func.count().desc(), RowIssue.code)
    ).all()


def rows_with_issues(session: Session, import_id: UUID) -> dict[UUID, int]:
    """For each table of an import that has any: rows with at least one issue, all phases.
    Issues of the header or of the table as a whole belong to no row.
    """
    rows = session.execute(
        select(
            RowIssue.import_table_id,
            func.count(func.distinct(RowIssue.row_number)).label("found"),
        )
        .join(ImportTable, ImportTable.id == RowIssue.import_table_id)
        .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
        .where(
            ImportFile.import_id == import_id,
            RowIssue.row_number > 0,
            RowIssue.row_number != ImportTable.header_row + 1,
        )
        .group_by(RowIssue.import_table_id)
    )
    return {row.import_table_id: row.found for row in rows}


def refresh_issue_counts(session: Session, import_id: UUID) -> None:
    """Write `rows_with_issues` of an import's tables anew, after a phase has added issues."""
    for table_id, count in rows_with_issues(session, import_id).items():
        session.execute(
            update(ImportTable).where(ImportTable.id == table_id).values(rows_with_issues=count)
        )


def storable(value: str) -> str:
    """Text that PostgreSQL can hold: it has no place for NUL."""
    return value.replace("\0", "␀")


def _psycopg(session: Session) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
