"""What people decide about columns. A decision stands: no later flow overwrites it, and it is
remembered for columns of the same name in the client account.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.mapping.normalise import column_key
from landbridge.discovery.mapping.suggest import Learned
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id

_DECIDE: Final = text(
    "update app.column_mappings set target = :target, attribute = :attribute, status = 'approved',"
    " decided_by = app.current_user_id(), decided_automatically = false, decided_at = now()"
    " where id = :id returning column_name"
)
_LEARN: Final = text(
    "insert into app.learned_mappings (id, column_key, target, attribute, decided_by)"
    " values (:id, :key, :target, :attribute, app.current_user_id())"
    " on conflict (client_account_id, column_key, source) do update set"
    " target = excluded.target, attribute = excluded.attribute,"
    " decided_by = excluded.decided_by, created_at = now()"
)
_OF_IMPORT: Final = (
    " from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    " where t.id = m.import_table_id and f.import_id = :import_id and m.status = 'suggested'"
)
_APPROVE: Final = (
    "update app.column_mappings m set status = 'approved', decided_by = app.current_user_id(),"
    " decided_automatically = false, decided_at = now()" + _OF_IMPORT
)
_COUNT: Final = text(
    "select count(*) from app.column_mappings m, app.import_tables t"
    " join app.import_files f on f.id = t.import_file_id"
    " where t.id = m.import_table_id and f.import_id = :import_id and m.status = 'suggested'"
)
_LEARNED: Final = text("select column_key, target, attribute from app.learned_mappings")


def decide(session: TenantSession, mapping_id: UUID, target: str, attribute: str | None) -> None:
    """Decide one column and remember it.

    Args:
        session: of the client account.
        mapping_id: the column.
        target: `attribute`, `custom` or `ignore`.
        attribute: for the target `attribute`, one of the vocabulary.

    Raises:
        NotFound: there is no such column in the open client account.
    """
    decided = {"target": target, "attribute": attribute}
    name = session.execute(_DECIDE, {"id": mapping_id, **decided}).scalar_one_or_none()
    if name is None:
        raise NotFound
    if key := column_key(name):
        session.execute(_LEARN, {"id": new_id(), "key": key, **decided})


def approve_above(
    session: TenantSession, import_id: UUID, threshold: float, table_id: UUID | None = None
) -> int:
    """Approve the suggestions of an import, or of one table, with at least this confidence.

    Returns:
        How many were approved.
    """
    only = " and t.id = :table_id" if table_id else ""
    approved = session.execute(
        text(f"{_APPROVE} and m.confidence >= :least{only} returning m.id"),
        {"import_id": import_id, "least": round(1000 * threshold), "table_id": table_id},
    )
    return len(approved.all())


def approve_remaining(session: TenantSession, import_id: UUID) -> int:
    """Approve every suggestion of an import as it is; returns how many."""
    return approve_above(session, import_id, 0.0)


def count_to_review(session: TenantSession, import_id: UUID) -> int:
    """Columns of an import that nobody, and no rule, has decided yet."""
    found: int = session.execute(_COUNT, {"import_id": import_id}).scalar_one()
    return found


def learned(session: TenantSession) -> dict[str, Learned]:
    """What people of the open client account decided, by column key."""
    return {r.column_key: Learned(r.target, r.attribute) for r in session.execute(_LEARNED)}
