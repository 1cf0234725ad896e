"""Tables of imports: original files, what was read of them, and row issues."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class StoredFile(TenantOwned, Base):
    """The content of an original file, stored once per client account."""

    __tablename__ = "stored_files"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    size_bytes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Import(TenantOwned, Base):
    """Files that were given together. `applied_at` is when they last changed the inventory;
    `withdrawn_at` and `withdrawn_by` tell who took that back.
    """

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    applied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]


class ImportFile(TenantOwned, Base):
    """One file of an import. `status` is received, read or failed; `problem` says why it, or a
    part of it, could not be read.
    """

    __tablename__ = "import_files"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID]
    ordinal: Mapped[int]
    name: Mapped[str]
    sha256: Mapped[bytes]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="received")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ImportTable(TenantOwned, Base):
    """One sheet, delimited file, JSON list or HTML table that was read.

    `columns` are the unique names in use. `rows_in` counts every record that is neither blank
    nor the header; `rows_stored` those kept; `rows_with_issues` those with at least one issue.
    """

    __tablename__ = "import_tables"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_file_id: Mapped[UUID]
    ordinal: Mapped[int]
    name: Mapped[str]
    source: Mapped[str | None]
    role: Mapped[str | None]
    encoding: Mapped[str | None]
    delimiter: Mapped[str | None]
    header_row: Mapped[int]
    columns: Mapped[list[Any]]
    rows_in: Mapped[int] = mapped_column(default=0)
    rows_stored: Mapped[int] = mapped_column(default=0)
    rows_with_issues: Mapped[int] = mapped_column(default=0)


class RowIssue(TenantOwned, Base):
    """One issue of one row; `row_number` 0 means the table as a whole."""

    __tablename__ = "row_issues"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_table_id: Mapped[UUID]
    phase: Mapped[str]
    row_number: Mapped[int]
    column_name: Mapped[str | None]
    value: Mapped[str | None]
    code: Mapped[str]
    severity: Mapped[str]
    detail: Mapped[str]
