"""Where rows stand: the file and the table behind an id that evidence keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.session import TenantSession

_TABLES: Final = text(
    "select t.id, f.import_id, f.name as file, t.name as table, t.role, i.created_at as received_at"
    " from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    " join app.imports i on i.id = f.import_id where t.id = any(cast(:ids as uuid[]))"
)


class TablePlace(BaseModel):
    """A table that was read: its file, and when that came."""

    id: UUID
    import_id: UUID
    file: str
    table: str
    role: str | None
    received_at: datetime


def places(session: TenantSession, tables: Iterable[Any]) -> dict[str, TablePlace]:
    """The place of each table that is still there, by its id as text."""
    ids = sorted({str(t) for t in tables if t})
    rows = session.execute(_TABLES, {"ids": ids}).mappings()
    return {str(r["id"]): TablePlace(**r) for r in rows}
