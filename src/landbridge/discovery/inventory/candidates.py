"""Candidates of conflicts as people read them: names instead of ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession

Candidates = list[dict[str, Any]]


def described(session: TenantSession, conflicts: Sequence[Candidates]) -> list[Candidates]:
    """The candidates of some conflicts, with file and table of the rows that state a value, and
    with the names of possible duplicates. The ids stay, as `id`.
    """
    every = [c for candidates in conflicts for c in candidates]
    tables = _tables(session, {c["import_table_id"] for c in every if "import_table_id" in c})
    names = _names(session, {c["asset_id"] for c in every if "asset_id" in c})
    return [[_described(c, tables, names) for c in candidates] for candidates in conflicts]


def _described(
    candidate: dict[str, Any], tables: dict[str, tuple[str, str]], names: dict[str, str]
) -> dict[str, Any]:
    if "asset_id" in candidate:
        other = candidate["asset_id"]
        reasons = "; ".join(candidate.get("reasons", ()))
        return {"name": names.get(other), "id": other, "reasons": reasons}
    if "import_table_id" not in candidate:
        return candidate
    file, table = tables.get(candidate["import_table_id"], (None, None))
    return {
        "value": candidate["value"],
        "source": candidate["source"],
        "file": file,
        "table": table,
        "row": candidate["row"],
        "rule": candidate["rule"],
        "id": candidate["import_table_id"],
    }


def _tables(session: TenantSession, ids: set[str]) -> dict[str, tuple[str, str]]:
    rows = session.execute(
        text(
            "select t.id, f.name as file, t.name as table from app.import_tables t"
            " join app.import_files f on f.id = t.import_file_id where t.id = any(:ids)"
        ),
        {"ids": [UUID(i) for i in sorted(ids)]},
    )
    return {str(r.id): (r.file, r.table) for r in rows}


def _names(session: TenantSession, ids: set[str]) -> dict[str, str]:
    rows = session.execute(
        text("select id, name from app.assets where id = any(:ids)"),
        {"ids": [UUID(i) for i in sorted(ids)]},
    )
    return {str(r.id): r.name for r in rows}
