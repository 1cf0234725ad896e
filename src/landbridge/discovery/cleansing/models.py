"""Tables of cleansing: how columns were read, and the lineage of their values."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned


class CleansedColumn(TenantOwned, Base):
    """One mapped column of an import table.

    `hints` is what the whole column told about its values; `trust` its place among the columns
    of the same attribute, 0 first. `filled`, `changed` and `unusable` count cells;
    `distinct_values` is null where there are too many to list. `rules` maps rule ids to the
    number of cells they decided.
    """

    __tablename__ = "cleansed_columns"

    import_table_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    column_name: Mapped[str]
    attribute: Mapped[str]
    hints: Mapped[dict[str, Any]]
    trust: Mapped[int]
    filled: Mapped[int]
    distinct_values: Mapped[int | None]
    changed: Mapped[int]
    unusable: Mapped[int]
    rules: Mapped[dict[str, Any]]


class CleansedValue(TenantOwned, Base):
    """One distinct text of a column: what became of it, by which rule, how often."""

    __tablename__ = "cleansed_values"

    import_table_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    raw_hash: Mapped[bytes] = mapped_column(primary_key=True)
    raw: Mapped[str]
    clean: Mapped[dict[str, Any]]
    rule: Mapped[str]
    issue: Mapped[str | None]
    occurrences: Mapped[int]
