"""Storing how columns were read and the lineage of values; giving records back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from landbridge.discovery.cleansing.assembly import Assembler
from landbridge.discovery.cleansing.columns import Column, Outcomes, outcome_of
from landbridge.discovery.cleansing.decided import mappings_of
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.models import CleansedColumn
from landbridge.discovery.cleansing.rules import Cleansed
from landbridge.discovery.cleansing.survey import Surveyed, Tally, batches
from landbridge.discovery.imports.models import ImportTable, RowIssue
from landbridge.discovery.imports.repository import iter_rows, storable
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.records import Record, RecordBatch
from landbridge.kit import jsonio

PHASE: Final = "data_cleansing"
_HASH_BYTES: Final = 16
_FETCH: Final = 10_000
_VALUE_COLUMNS: Final = "import_table_id, ordinal, raw_hash, raw, clean, rule, issue, occurrences"


def forget(session: Session, table_ids: Sequence[UUID]) -> None:
    """Remove what an earlier run stored of these tables."""
    session.execute(delete(CleansedColumn).where(CleansedColumn.import_table_id.in_(table_ids)))
    session.execute(
        delete(RowIssue).where(RowIssue.import_table_id.in_(table_ids), RowIssue.phase == PHASE)
    )


def store_columns(
    session: Session, table_id: UUID, columns: Sequence[tuple[Surveyed, Tally, int]]
) -> None:
    """Store how the columns of a table were read, with their places among equals."""
    rows = [
        {
            "import_table_id": table_id,
            "ordinal": column.index,
            "column_name": column.name,
            "attribute": column.attribute,
            "hints": column.hints.as_json(),
            "trust": place,
            "filled": tally.filled,
            "distinct_values": column.distinct,
            "changed": tally.changed,
            "unusable": tally.unusable,
            "rules": dict(tally.rules.most_common()),
        }
        for column, tally, place in columns
    ]
    if rows:
        session.execute(insert(CleansedColumn), rows)


def store_values(
    session: Session, table_id: UUID, values: Iterable[tuple[int, str, Cleansed, int]]
) -> None:
    """Store lineage: column index, text, outcome, occurrences."""
    connection = _psycopg(session)
    connection.execute(
        f"create temp table if not exists new_cleansed_values on commit drop as "
        f"select {_VALUE_COLUMNS} from app.cleansed_values with no data"
    )
    connection.execute("truncate new_cleansed_values")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy new_cleansed_values ({_VALUE_COLUMNS}) from stdin") as copy,
    ):
        for index, raw, cleansed, occurrences in values:
            copy.write_row(
                (
                    table_id,
                    index,
                    hash_of(raw),
                    storable(raw),
                    jsonio.dumps(cleansed.values),
                    cleansed.rule,
                    cleansed.issue.code if cleansed.issue else None,
                    occurrences,
                )
            )
    connection.execute(
        f"insert into app.cleansed_values ({_VALUE_COLUMNS}) "
        f"select {_VALUE_COLUMNS} from new_cleansed_values"
    )


def hash_of(raw: str) -> bytes:
    """The key of a text in the lineage of its column."""
    return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()


def iter_records(
    session: Session, table: ImportTable, only: Collection[str] | None = None
) -> Iterator[Record]:
    """The records of a table one by one, as `iter_batches` gives them."""
    return chain.from_iterable(iter_batches(session, table, only))


def iter_batches(
    session: Session, table: ImportTable, only: Collection[str] | None = None
) -> Iterator[RecordBatch]:
    """The records of a table, in the order of its rows.

    Streams: a few chunks of rows and one memo per column are in memory. Other statements may
    run on the session between batches.

    Args:
        session: of the client account.
        table: a table that was cleansed.
        only: attributes whose columns are read; all columns without.
    """
    stored = {
        c.ordinal: c
        for c in session.scalars(
            select(CleansedColumn).where(CleansedColumn.import_table_id == table.id)
        )
        if only is None or c.attribute in only
    }
    outcomes = {
        ordinal: Outcomes(column.attribute, ColumnHints.from_json(column.hints))
        for ordinal, column in stored.items()
    }
    for ordinal, raw, cleansed in _lineage(session, table.id, list(stored)):
        outcomes[ordinal][raw] = outcome_of(stored[ordinal].attribute, cleansed)
    columns = [
        Column(m.index, m.name)
        if m.index not in stored
        else Column(
            m.index,
            m.name,
            stored[m.index].attribute,
            outcomes[m.index],
            stored[m.index].distinct_values is None,
        )
        for m in mappings_of(session, table)
        if only is None or m.index in stored
    ]
    columns.sort(key=lambda c: stored[c.index].trust if c.index in stored else 0)
    assembler = Assembler(columns)
    for rows in batches(iter_rows(session, table.id)):
        yield assembler.batch(rows)


def _lineage(
    session: Session, table_id: UUID, ordinals: Sequence[int]
) -> Iterator[tuple[int, str, Cleansed]]:
    """What of the lineage saves work: texts that stand in several rows. The others give the same
    outcome by their rule again, sooner than they are read.
    """
    rows = _psycopg(session).execute(
        "select ordinal, raw, clean, rule, issue from app.cleansed_values"
        " where import_table_id = %s and ordinal = any(%s) and occurrences > 1",
        (table_id, list(ordinals)),
    )
    for ordinal, raw, clean, rule, issue in rows:
        yield ordinal, raw, Cleansed(clean, rule, ISSUE_KINDS[issue] if issue else None)


def _psycopg(session: Session) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
