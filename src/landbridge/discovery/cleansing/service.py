"""What people ask of cleansing: how a column was read, and how a value came about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from landbridge.database.session import TenantSession
from landbridge.discovery.cleansing.catalogue import RULES
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.models import CleansedColumn, CleansedValue
from landbridge.discovery.cleansing.reports import (
    ColumnReport,
    RuleCount,
    ValueLineage,
    reading,
)
from landbridge.discovery.cleansing.repository import hash_of
from landbridge.discovery.cleansing.rules import cleanse
from landbridge.discovery.imports.repository import find_table, iter_rows
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import DEFAULT_LIMIT, Page, decode_cursor, page_of


def columns(session: TenantSession, import_table_id: UUID) -> list[ColumnReport]:
    """How the mapped columns of a table were read, in the order of the table."""
    found = session.scalars(
        select(CleansedColumn)
        .where(CleansedColumn.import_table_id == import_table_id)
        .order_by(CleansedColumn.ordinal)
    )
    return [
        ColumnReport(
            ordinal=c.ordinal,
            column=c.column_name,
            attribute=c.attribute,
            filled=c.filled,
            distinct_values=c.distinct_values,
            changed=c.changed,
            unusable=c.unusable,
            reading=reading(ColumnHints.from_json(c.hints)),
            rules=[
                RuleCount(
                    rule=rule,
                    title=RULES[rule].title,
                    explanation=RULES[rule].explanation,
                    values=n,
                )
                for rule, n in sorted(c.rules.items(), key=lambda item: -item[1])
            ],
        )
        for c in found
    ]


def values(
    session: TenantSession,
    import_table_id: UUID,
    ordinal: int,
    *,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[ValueLineage]:
    """The distinct texts of a column with their lineage, the most frequent first.

    Raises:
        NotFound: the table has no such cleansed column.
        InvalidCursor: the cursor is of another list.
    """
    column = _column(session, import_table_id, ordinal)
    key = (-CleansedValue.occurrences, CleansedValue.raw_hash)
    query = select(CleansedValue).where(
        CleansedValue.import_table_id == import_table_id, CleansedValue.ordinal == ordinal
    )
    if cursor:
        occurrences, raw_hash = decode_cursor(cursor, 2)
        query = query.where(tuple_(*key) > tuple_(occurrences, bytes.fromhex(str(raw_hash))))
    rows = list(session.scalars(query.order_by(*key).limit(limit + 1)))
    page = page_of(rows, limit, lambda v: (-v.occurrences, v.raw_hash.hex()))
    return Page([_of_stored(column, v) for v in page.items], page.next)


def lineage(
    session: TenantSession, import_table_id: UUID, row_number: int, attribute: str
) -> list[ValueLineage]:
    """How the values of an attribute in one source row came about: one entry for each column
    mapped to it that is not blank there, the one that was used first.

    Raises:
        NotFound: there is no such table or row.
    """
    table = find_table(session, import_table_id)
    found = next(iter_rows(session, table.id, after=row_number - 1), None)
    if found is None or found[0] != row_number:
        raise NotFound
    mapped = session.scalars(
        select(CleansedColumn)
        .where(CleansedColumn.import_table_id == table.id, CleansedColumn.attribute == attribute)
        .order_by(CleansedColumn.trust)
    )
    cells = found[1]
    return [
        _of_text(session, c, cells[c.ordinal])
        for c in mapped
        if c.ordinal < len(cells) and cells[c.ordinal].strip()
    ]


def _column(session: TenantSession, import_table_id: UUID, ordinal: int) -> CleansedColumn:
    column = session.scalar(
        select(CleansedColumn).where(
            CleansedColumn.import_table_id == import_table_id, CleansedColumn.ordinal == ordinal
        )
    )
    if column is None:
        raise NotFound
    return column


def _of_text(session: TenantSession, column: CleansedColumn, raw: str) -> ValueLineage:
    """The lineage of a text: as stored, or, where it is not listed, by its rule again."""
    stored = session.scalar(
        select(CleansedValue).where(
            CleansedValue.import_table_id == column.import_table_id,
            CleansedValue.ordinal == column.ordinal,
            CleansedValue.raw_hash == hash_of(raw),
        )
    )
    if stored is not None:
        return _of_stored(column, stored)
    again = cleanse(column.attribute, raw, ColumnHints.from_json(column.hints))
    issue = again.issue.code if again.issue else None
    return _lineage(column, raw, again.values, again.rule, issue, None)


def _of_stored(column: CleansedColumn, value: CleansedValue) -> ValueLineage:
    return _lineage(column, value.raw, value.clean, value.rule, value.issue, value.occurrences)


def _lineage(
    column: CleansedColumn,
    raw: str,
    clean: dict[str, Any],
    rule_id: str,
    issue: str | None,
    occurrences: int | None,
) -> ValueLineage:
    rule = RULES[rule_id]
    return ValueLineage(
        column=column.column_name,
        attribute=column.attribute,
        raw=raw,
        values=clean,
        rule=rule.id,
        title=rule.title,
        explanation=rule.explanation,
        issue=issue,
        remedy=ISSUE_KINDS[issue].remedy if issue else None,
        occurrences=occurrences,
        reading=reading(ColumnHints.from_json(column.hints)),
    )
