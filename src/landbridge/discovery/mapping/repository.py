"""Storing suggestions and decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from landbridge.discovery.imports.models import ImportFile, ImportTable
from landbridge.discovery.imports.repository import storable
from landbridge.discovery.mapping.models import ColumnMapping, LearnedMapping
from landbridge.discovery.mapping.suggest import ColumnSuggestion, Learned, TableSuggestion
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id

SUGGESTED, APPROVED = "suggested", "approved"
_PER_MILLE = 1000


def learned_for(session: Session, keys: Sequence[str], source: str | None) -> dict[str, Learned]:
    """What this account decided for columns of these names; a decision for the same known
    source comes before one for any table.
    """
    rows = session.execute(
        select(
            LearnedMapping.column_key,
            LearnedMapping.source,
            LearnedMapping.target,
            LearnedMapping.attribute,
        )
        .where(
            LearnedMapping.column_key.in_(set(keys)),
            LearnedMapping.source.in_({"", source or ""}),
        )
        .order_by(LearnedMapping.source)
    )
    return {row.column_key: Learned(row.target, row.attribute) for row in rows}


def learn(session: Session, key: str, source: str | None, learned: Learned, user_id: UUID) -> None:
    """Remember a decision; a newer one replaces the older."""
    values = {
        "column_key": key,
        "source": source or "",
        "target": learned.target,
        "attribute": learned.attribute,
        "decided_by": user_id,
    }
    statement = postgresql.insert(LearnedMapping).values(id=new_id(), **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["client_account_id", "column_key", "source"],
            set_={
                "target": statement.excluded.target,
                "attribute": statement.excluded.attribute,
                "decided_by": statement.excluded.decided_by,
                "created_at": func.now(),
            },
        )
    )


def forget(session: Session, key: str, source: str | None) -> None:
    """Forget what was decided for columns of a name."""
    session.execute(
        delete(LearnedMapping).where(
            LearnedMapping.column_key == key, LearnedMapping.source == (source or "")
        )
    )


def store_suggestion(
    session: Session,
    table: ImportTable,
    suggestion: TableSuggestion,
    samples: Sequence[Sequence[str]],
    *,
    approve_from: float | None,
    now: datetime,
    also: Collection[int] = (),
) -> None:
    """Store what was suggested for a table; what is approved already stays as it is.

    Args:
        session: of the client account.
        table: the table.
        suggestion: for its columns, in their order.
        samples: values of each column.
        approve_from: suggestions of this confidence or more are approved; None for none.
        now: when.
        also: ordinals to approve although they are less sure.
    """
    session.execute(
        delete(ColumnMapping).where(
            ColumnMapping.import_table_id == table.id, ColumnMapping.status == SUGGESTED
        )
    )
    kept = set(
        session.scalars(
            select(ColumnMapping.ordinal).where(ColumnMapping.import_table_id == table.id)
        )
    )
    rows = [
        _row(
            table.id,
            ordinal,
            column,
            samples[ordinal],
            0.0 if ordinal in also else approve_from,
            now,
        )
        for ordinal, column in enumerate(suggestion.columns)
        if ordinal not in kept
    ]
    if rows:
        session.execute(insert(ColumnMapping), rows)


def _row(
    table_id: UUID,
    ordinal: int,
    column: ColumnSuggestion,
    samples: Sequence[str],
    approve_from: float | None,
    now: datetime,
) -> dict[str, Any]:
    automatic = approve_from is not None and column.confidence >= approve_from
    return {
        "id": new_id(),
        "import_table_id": table_id,
        "ordinal": ordinal,
        "column_name": storable(column.column),
        "samples": [storable(s) for s in samples],
        "status": APPROVED if automatic else SUGGESTED,
        "decided_automatically": automatic,
        "decided_at": now if automatic else None,
        **suggested_values(column),
    }


def suggested_values(column: ColumnSuggestion) -> dict[str, Any]:
    """The stored form of what was suggested for a column."""
    return {
        "target": column.target,
        "attribute": column.attribute,
        "confidence": round(column.confidence * _PER_MILLE),
        "evidence": column.evidence,
        "alternatives": [
            {"attribute": a.attribute, "confidence": a.confidence} | ({"by": a.by} if a.by else {})
            for a in column.alternatives
        ],
    }


def set_kind(session: Session, table_id: UUID, source: str | None, role: str) -> None:
    """Write what a table is."""
    session.execute(
        update(ImportTable).where(ImportTable.id == table_id).values(source=source, role=role)
    )


def mappings_of_table(session: Session, table_id: UUID) -> list[ColumnMapping]:
    """The mappings of a table, in the order of its columns."""
    return list(
        session.scalars(
            select(ColumnMapping)
            .where(ColumnMapping.import_table_id == table_id)
            .order_by(ColumnMapping.ordinal)
            .execution_options(populate_existing=True)
        )
    )


def mappings_of_import(session: Session, import_id: UUID) -> list[ColumnMapping]:
    """The mappings of all tables of an import."""
    return list(
        session.scalars(
            select(ColumnMapping)
            .join(ImportTable, ImportTable.id == ColumnMapping.import_table_id)
            .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
            .where(ImportFile.import_id == import_id)
            .order_by(ImportFile.ordinal, ImportTable.ordinal, ColumnMapping.ordinal)
            .execution_options(populate_existing=True)
        )
    )


def find_mapping(session: Session, mapping_id: UUID) -> ColumnMapping:
    """One mapping of the open client account, locked until the transaction ends.

    Raises:
        NotFound: there is none with this id.
    """
    found = session.scalar(
        select(ColumnMapping).where(ColumnMapping.id == mapping_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def approve_from(
    session: Session,
    import_id: UUID,
    confidence: float,
    user_id: UUID,
    now: datetime,
    *,
    table_id: UUID | None = None,
) -> int:
    """Approve every suggestion of an import, or of one of its tables, of this confidence or
    more; returns how many.
    """
    statement = update(ColumnMapping).where(
        ColumnMapping.import_table_id.in_(_tables_of(import_id)),
        ColumnMapping.status == SUGGESTED,
        ColumnMapping.confidence >= round(confidence * _PER_MILLE),
    )
    if table_id is not None:
        statement = statement.where(ColumnMapping.import_table_id == table_id)
    approved = session.scalars(
        statement.values(
            status=APPROVED, decided_by=user_id, decided_automatically=False, decided_at=now
        )
        .returning(ColumnMapping.id)
        .execution_options(synchronize_session=False)
    )
    return len(approved.all())


def count_suggested(session: Session, import_id: UUID) -> int:
    """How many columns of an import are still a suggestion."""
    found = session.scalar(
        select(func.count())
        .select_from(ColumnMapping)
        .where(
            ColumnMapping.import_table_id.in_(_tables_of(import_id)),
            ColumnMapping.status == SUGGESTED,
        )
    )
    return found or 0


def _tables_of(import_id: UUID) -> Select[UUID]:
    return (
        select(ImportTable.id)
        .join(ImportFile, ImportFile.id == ImportTable.import_file_id)
        .where(ImportFile.import_id == import_id)
    )
