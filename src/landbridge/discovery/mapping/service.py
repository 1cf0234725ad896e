"""What people do with mappings: approve, change, reopen; see and forget what was learned."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, select, tuple_

from landbridge.database.session import TenantSession
from landbridge.discovery.imports.models import ImportTable
from landbridge.discovery.imports.repository import find_table
from landbridge.discovery.mapping import repository
from landbridge.discovery.mapping.errors import MappingTargetIncomplete, UnknownAttribute
from landbridge.discovery.mapping.models import ColumnMapping, LearnedMapping
from landbridge.discovery.mapping.normalise import column_key
from landbridge.discovery.mapping.suggest import (
    ATTRIBUTE,
    CUSTOM,
    IGNORE,
    Learned,
    role_for,
    suggest_table,
)
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.errors.common import NotFound
from landbridge.kit.clock import now
from landbridge.kit.pagination import (
    DEFAULT_LIMIT,
    InvalidCursor,
    Page,
    decode_cursor,
    page_of,
)

TARGETS: Final = (ATTRIBUTE, CUSTOM, IGNORE)


class LearnedRule(BaseModel):
    """What this client account decided for columns of one name.

    Attributes:
        column_key: the name without case, accents and separators.
        source: the known source it holds for; empty for tables of any other origin.
    """

    id: UUID
    column_key: str
    source: str
    target: str
    attribute: str | None
    decided_by: UUID
    created_at: datetime


def approve(session: TenantSession, mapping_id: UUID) -> ColumnMapping:
    """Approve a mapping as it is suggested.

    Raises:
        NotFound: the account has no such mapping.
    """
    mapping = repository.find_mapping(session, mapping_id)
    return _decide(session, mapping, mapping.target, mapping.attribute)


def decide(
    session: TenantSession, mapping_id: UUID, target: str, attribute: str | None = None
) -> ColumnMapping:
    """Decide what a column becomes, and learn it for later imports of this account.

    Args:
        session: of the client account; its user is who decides.
        mapping_id: the column.
        target: `attribute`, `custom` or `ignore`.
        attribute: the canonical attribute, with target `attribute` only.

    Raises:
        NotFound: the account has no such mapping.
        UnknownAttribute: there is no attribute of this name.
        MappingTargetIncomplete: target and attribute do not go together.
    """
    if target not in TARGETS or (target == ATTRIBUTE) != (attribute is not None):
        raise MappingTargetIncomplete(target=target)
    if attribute is not None and attribute not in ATTRIBUTES:
        raise UnknownAttribute(attribute=attribute)
    return _decide(session, repository.find_mapping(session, mapping_id), target, attribute)


def approve_above(
    session: TenantSession, import_id: UUID, threshold: float, table_id: UUID | None = None
) -> int:
    """Approve the suggestions of an import, or of one table, with at least this confidence.

    Args:
        session: of the client account; its user is who decides.
        import_id: the import.
        threshold: confidence, 0–1.
        table_id: only this table.

    Returns:
        How many were approved; none where the account has no such import.
    """
    return repository.approve_from(
        session, import_id, threshold, session.user_id, now(), table_id=table_id
    )


def approve_remaining(session: TenantSession, import_id: UUID, user_id: UUID | None = None) -> int:
    """Approve whatever is still a suggestion: what the gate after the phase does.

    Args:
        session: of the client account.
        import_id: the import.
        user_id: who decides, where that is not the user of the session.

    Returns:
        How many were approved.
    """
    who = session.user_id if user_id is None else user_id
    return repository.approve_from(session, import_id, 0.0, who, now())


def count_to_review(session: TenantSession, import_id: UUID) -> int:
    """Columns of an import that nobody, and no rule, has decided yet."""
    return repository.count_suggested(session, import_id)


def reopen(session: TenantSession, mapping_id: UUID) -> ColumnMapping:
    """Undo a decision: the column is a suggestion again, and what was learned from it is
    forgotten.

    Raises:
        NotFound: the account has no such mapping.
    """
    mapping = repository.find_mapping(session, mapping_id)
    table = find_table(session, mapping.import_table_id)
    repository.forget(session, column_key(mapping.column_name), table.source)
    columns = repository.mappings_of_table(session, table.id)
    keys = [column_key(c.column_name) for c in columns]
    suggestion = suggest_table(
        [c.column_name for c in columns],
        [c.samples for c in columns],
        table.name,
        repository.learned_for(session, keys, table.source),
    )
    place = next(i for i, c in enumerate(columns) if c.id == mapping.id)
    for name, value in repository.suggested_values(suggestion.columns[place]).items():
        setattr(mapping, name, value)
    mapping.status = repository.SUGGESTED
    mapping.decided_automatically = False
    mapping.decided_by = mapping.decided_at = None
    session.flush()
    _refresh_role(session, table)
    return mapping


def list_learned(
    session: TenantSession, *, limit: int = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[LearnedRule]:
    """What this account has learned, by column and source.

    Raises:
        InvalidCursor: the cursor was not made for this list.
    """
    query = (
        select(LearnedMapping)
        .order_by(LearnedMapping.column_key, LearnedMapping.source)
        .limit(limit + 1)
    )
    after = decode_cursor(cursor, 2) if cursor else None
    if after is not None:
        if not all(isinstance(value, str) for value in after):
            raise InvalidCursor
        place = tuple_(LearnedMapping.column_key, LearnedMapping.source)
        query = query.where(place > tuple_(*after))
    rows = [LearnedRule.model_validate(row, from_attributes=True) for row in session.scalars(query)]
    return page_of(rows, limit, lambda row: (row.column_key, row.source))


def learned(session: TenantSession) -> dict[str, Learned]:
    """What people of the open client account decided for tables of no known source, by
    column key.
    """
    rows = session.scalars(select(LearnedMapping).where(LearnedMapping.source == ""))
    return {r.column_key: Learned(r.target, r.attribute) for r in rows}


def forget_learned(session: TenantSession, learned_id: UUID) -> None:
    """Forget something that was learned; mappings decided already stay.

    Raises:
        NotFound: the account has learned nothing of this id.
    """
    gone = session.scalars(
        delete(LearnedMapping).where(LearnedMapping.id == learned_id).returning(LearnedMapping.id)
    )
    if gone.one_or_none() is None:
        raise NotFound


def _decide(
    session: TenantSession, mapping: ColumnMapping, target: str, attribute: str | None
) -> ColumnMapping:
    table = find_table(session, mapping.import_table_id)
    user = session.user_id
    mapping.target, mapping.attribute = target, attribute
    mapping.status = repository.APPROVED
    mapping.decided_automatically = False
    mapping.decided_by, mapping.decided_at = user, now()
    session.flush()
    key = column_key(mapping.column_name)
    if key:
        repository.learn(session, key, table.source, Learned(target, attribute), user)
    _refresh_role(session, table)
    return mapping


def _refresh_role(session: TenantSession, table: ImportTable) -> None:
    """Tell anew what the rows of a table of no known source are."""
    if table.source is not None:
        return
    columns = repository.mappings_of_table(session, table.id)
    role = role_for(
        [c.column_name for c in columns],
        table.name,
        [c.attribute for c in columns if c.attribute is not None],
    )
    repository.set_kind(session, table.id, None, role.value)
