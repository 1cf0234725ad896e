"""The rows that need attention, as a CSV to correct and import again: the columns as the file
has them, and beside them what is wrong and what to do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from landbridge.discovery.imports import repository
from landbridge.discovery.imports.guard import PROBLEM, REMEDY, ROW, TABLE, guard
from landbridge.discovery.imports.models import ImportTable, RowIssue
from landbridge.discovery.imports.repository import find_import, tables_of_import
from landbridge.discovery.issues import IssueSeverity, kind_of

_SEVERE: Final = (IssueSeverity.WARNING.value, IssueSeverity.ERROR.value)
_BATCH: Final = 2_000
_FLUSH: Final = 64 * 1024


def failed_rows_csv(
    session: Session, import_id: UUID, *, table_id: UUID | None = None
) -> Iterator[str]:
    """Every row with at least one warning or error, of all phases.

    With one such table the columns are exactly the file's. With several, they are the union
    of their columns by name, and `landbridge_table` says which table a row is from. Text that
    a spreadsheet program would run as a formula is guarded; importing the file takes the guard
    away again.

    Args:
        session: of the client account; must stay open while the text is read.
        import_id: the import.
        table_id: only this table.

    Raises:
        NotFound: the import does not exist in the open client account.
    """
    find_import(session, import_id)
    tables = [
        t
        for t in tables_of_import(session, import_id)
        if table_id in {None, t.id} and _has_failed(session, t)
    ]
    return _text(session, tables)


def _has_failed(session: Session, table: ImportTable) -> bool:
    return next(_failed(session, table, at_once=1), None) is not None


def _text(session: Session, tables: list[ImportTable]) -> Iterator[str]:
    several = len(tables) > 1
    out = io.StringIO()
    writer = csv.writer(out)
    if several:
        union = list(dict.fromkeys(str(c) for t in tables for c in t.columns))
        header = [*union, TABLE]
    else:
        union = []
        header = repository.header_of(session, tables[0]) if tables else []
    out.write("\ufeff")
    writer.writerow([*(guard(h) for h in header), ROW, PROBLEM, REMEDY])
    for table in tables:
        place = {name: i for i, name in enumerate(union)}
        places = [place[str(c)] for c in table.columns] if several else None
        for number, cells, problem, remedy in _rows(session, table):
            shown = _arranged(cells, places, len(union)) if places else cells
            shown = shown + [""] * (len(header) - several - len(shown))
            extra = shown[len(header) - several :]
            row = [guard(c) for c in shown[: len(header) - several]]
            if several:
                row.append(guard(table.name))
            writer.writerow([*row, number, guard(problem), guard(remedy), *map(guard, extra)])
            if out.tell() >= _FLUSH:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


def _arranged(cells: list[str], places: Sequence[int], width: int) -> list[str]:
    """Cells in the order of the union; those beyond the columns follow behind."""
    row = [""] * width
    for index, cell in zip(places, cells, strict=False):
        row[index] = cell
    return row + cells[len(places) :]


def _rows(session: Session, table: ImportTable) -> Iterator[tuple[int, list[str], str, str]]:
    """Number, cells, problems and remedies of each failed row."""
    failed = groupby(_failed(session, table), key=lambda i: i.row_number)
    rows = repository.iter_rows(session, table.id)
    current: tuple[int, list[str]] | None = next(rows, None)
    for number, issues in failed:
        while current is not None and current[0] < number:
            current = next(rows, None)
        if current is None:
            return
        if current[0] == number:
            found = list(issues)
            yield number, current[1], _problems(found), _remedies(found)


def _problems(issues: list[RowIssue]) -> str:
    parts = []
    for issue in issues:
        where = f"{issue.column_name}: " if issue.column_name else ""
        kind = kind_of(issue.code)
        title = kind.title if kind else issue.code
        detail = f" ({issue.detail})" if issue.detail not in {title, ""} else ""
        parts.append(f"{where}{title}{detail} [{issue.code}]")
    return "; ".join(parts)


def _remedies(issues: list[RowIssue]) -> str:
    remedies = (kind.remedy for i in issues if (kind := kind_of(i.code)))
    return " ".join(dict.fromkeys(remedies))


def _failed(session: Session, table: ImportTable, *, at_once: int = _BATCH) -> Iterator[RowIssue]:
    """Warnings and errors of a table's rows, by row."""
    last: tuple[int, UUID] | None = None
    while True:
        query = select(RowIssue).where(
            RowIssue.import_table_id == table.id,
            RowIssue.severity.in_(_SEVERE),
            RowIssue.row_number > 0,
            RowIssue.row_number != table.header_row + 1,
        )
        if last is not None:
            row, issue_id = last
            query = query.where(
                (RowIssue.row_number > row)
                | ((RowIssue.row_number == row) & (RowIssue.id > issue_id))
            )
        batch = session.scalars(
            query.order_by(RowIssue.row_number, RowIssue.id).limit(at_once)
        ).all()
        yield from batch
        if len(batch) < at_once:
            return
        last = (batch[-1].row_number, batch[-1].id)
