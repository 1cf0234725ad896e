"""What people do with the inventory: decide conflicts, and read where values come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select, text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory import stored
from landbridge.discovery.inventory.agreement import agree
from landbridge.discovery.inventory.content import origins
from landbridge.discovery.inventory.edit_queries import HandValue, set_by_hand
from landbridge.discovery.inventory.errors import (
    ConflictChanged,
    ConflictNotDecided,
    NotAConflict,
)
from landbridge.discovery.inventory.merge import BY_HAND
from landbridge.discovery.inventory.models import Asset, AssetConflict
from landbridge.discovery.inventory.plan import plan
from landbridge.discovery.inventory.repository import InventoryWriter
from landbridge.discovery.inventory.reviews import IDENTITY
from landbridge.errors.common import NotFound
from landbridge.kit import clock, jsonio


class Source(BaseModel):
    """A source row that states a value.

    Attributes:
        source: the class of the tool: hypervisor, scanner, cmdb, list, mention.
        import_table_id: the table, also once its import is gone.
        import_id, file, table, row: where it stands; None once the import is gone.
        columns: the columns mapped to the attribute.
    """

    source: str
    import_table_id: UUID
    import_id: UUID | None
    file: str | None
    table: str | None
    row: int
    columns: list[str]


class Provenance(BaseModel):
    """Where the value of an attribute comes from.

    Attributes:
        attribute: the attribute.
        rule: the rule that chose the value.
        sources: the rows that state it, the believed one first.
        by_hand: where a person set it, who, when, why, and what it was before.
    """

    attribute: str
    rule: str
    sources: list[Source]
    by_hand: HandValue | None = None


LARGEST: Final = 2**53
"""Beyond this no size, count or share of an asset lies."""


def provenance(session: TenantSession, engagement_id: UUID, asset_id: UUID) -> list[Provenance]:
    """Where every attribute of an asset comes from.

    Raises:
        NotFound: the engagement has no such asset.
    """
    asset = session.scalar(
        select(Asset).where(Asset.id == asset_id, Asset.engagement_id == engagement_id)
    )
    if asset is None:
        raise NotFound
    records = asset.provenance.get("records", [])
    places = _places(session, {table for _, table, _ in records})
    columns = _columns(session, {table for _, table, _ in records})
    hand = set_by_hand(session, asset_id)
    found = []
    for attribute, (numbers, rule) in sorted(origins(asset.provenance, asset.attributes).items()):
        sources = []
        for source, table, row in (records[n] for n in numbers):
            place = places.get(table, {})
            mapped = columns.get((table, attribute), [])
            where: dict[str, Any] = {"import_table_id": UUID(table), **_GONE, **place}
            sources.append(Source(source=source, row=row, columns=mapped, **where))
        found.append(
            Provenance(
                attribute=attribute,
                rule=rule,
                sources=sources,
                by_hand=hand.get(attribute) if rule == BY_HAND else None,
            )
        )
    return found


_GONE: Mapping[str, Any] = {"import_id": None, "file": None, "table": None}


def _places(session: TenantSession, tables: set[str]) -> dict[str, dict[str, Any]]:
    rows = session.execute(
        text(
            "select t.id, f.import_id, f.name as file, t.name as table from app.import_tables t"
            " join app.import_files f on f.id = t.import_file_id"
            " where t.id = any(cast(:ids as uuid[]))"
        ),
        {"ids": sorted(tables)},
    ).mappings()
    return {
        str(r["id"]): {"import_id": r["import_id"], "file": r["file"], "table": r["table"]}
        for r in rows
    }


def _columns(session: TenantSession, tables: set[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in session.execute(
        text(
            "select import_table_id, attribute, column_name from app.column_mappings"
            " where import_table_id = any(cast(:ids as uuid[])) and attribute is not null"
            " and status = 'approved' order by confidence desc, ordinal"
        ),
        {"ids": sorted(tables)},
    ):
        found.setdefault((str(row.import_table_id), row.attribute), []).append(row.column_name)
    return found


def decide(
    session: TenantSession, engagement_id: UUID, conflict_id: UUID, value: Any
) -> AssetConflict:
    """Choose the value of an attribute that sources disagree about. The decision stands until a
    source says something that was not among the candidates.

    Args:
        session: of the deciding person.
        engagement_id: the engagement.
        conflict_id: an open conflict of it.
        value: one of the candidates' values, or another of the same type.

    Raises:
        NotFound: the engagement has no such conflict.
        ConflictChanged: it is not open any more.
        NotAConflict: it asks whether two assets are one, or the value is of another type.
    """
    conflict = _open(session, engagement_id, conflict_id)
    known = [c["value"] for c in conflict.candidates if "value" in c]
    fits = known and any(agree(conflict.attribute, value, k) or _alike(value, k) for k in known)
    if conflict.attribute == IDENTITY or not fits:
        raise NotAConflict(attribute=conflict.attribute)
    over = {k: v for k, v in (conflict.chosen or {}).items() if k == "over"}
    kept = value.replace("\0", "") if isinstance(value, str) else value
    conflict.chosen = {"value": kept, **over}
    _resolve(session, conflict)
    session.flush()
    _rebuild(session, engagement_id, conflict.asset_id)
    return conflict


def as_stated(session: TenantSession, engagement_id: UUID, conflict_id: UUID, words: str) -> Any:
    """A value written in words as the type that the candidates have: a number or a truth value
    where they are no texts.

    Raises:
        NotFound: the engagement has no such conflict.
    """
    conflict = _locked(session, engagement_id, conflict_id)
    if any(isinstance(c.get("value"), str) for c in conflict.candidates):
        return words
    try:
        found: object = jsonio.loads(words)
    except ValueError:
        return words
    return found if isinstance(found, (bool, int, float)) else words


def keep_both(session: TenantSession, engagement_id: UUID, conflict_id: UUID) -> AssetConflict:
    """Answer that the candidates of a possible duplicate are other assets. It is asked again
    only when another candidate appears.

    Raises:
        NotFound: the engagement has no such conflict.
        ConflictChanged: it is not open any more.
        NotAConflict: it is about the value of an attribute.
    """
    conflict = _open(session, engagement_id, conflict_id)
    if conflict.attribute != IDENTITY:
        raise NotAConflict(attribute=conflict.attribute)
    conflict.chosen = {"keep": "both"}
    _resolve(session, conflict)
    session.flush()
    return conflict


def reopen(session: TenantSession, engagement_id: UUID, conflict_id: UUID) -> str:
    """Take a decision back, also one made by editing an export: the asset is what its sources
    say again.

    Returns:
        `open` where sources disagree or a possible duplicate waits again, else `settled`: the
        sources agree, and there is nothing left to decide.

    Raises:
        NotFound: the engagement has no such conflict.
        ConflictNotDecided: it is open.
    """
    conflict = _locked(session, engagement_id, conflict_id)
    if conflict.status != "resolved":
        raise ConflictNotDecided
    conflict.chosen = conflict.decided_by = conflict.decided_at = None
    conflict.status = "open"
    session.flush()
    if conflict.attribute == IDENTITY:
        return "open"
    asset_id, attribute = conflict.asset_id, conflict.attribute
    session.expunge(conflict)
    settled = _rebuild(session, engagement_id, asset_id, of=attribute)
    return "settled" if settled else "open"


def _locked(session: TenantSession, engagement_id: UUID, conflict_id: UUID) -> AssetConflict:
    conflict = session.scalar(
        select(AssetConflict)
        .where(AssetConflict.id == conflict_id, AssetConflict.engagement_id == engagement_id)
        .with_for_update()
    )
    if conflict is None:
        raise NotFound
    return conflict


def _open(session: TenantSession, engagement_id: UUID, conflict_id: UUID) -> AssetConflict:
    conflict = _locked(session, engagement_id, conflict_id)
    if conflict.status != "open":
        raise ConflictChanged
    return conflict


def _resolve(session: TenantSession, conflict: AssetConflict) -> None:
    conflict.status = "resolved"
    conflict.decided_by = session.user_id
    conflict.decided_at = clock.now()


def _alike(value: Any, candidate: Any) -> bool:
    numbers = (int, float)
    if isinstance(value, bool) or isinstance(candidate, bool):
        return isinstance(value, bool) and isinstance(candidate, bool)
    if isinstance(value, numbers) and isinstance(candidate, numbers):
        return abs(value) <= LARGEST
    return isinstance(value, str) and isinstance(candidate, str) and bool(value.strip())


def _rebuild(
    session: TenantSession, engagement_id: UUID, asset_id: UUID, of: str | None = None
) -> bool:
    """Derive the asset anew from what its sources say and people decided; the conflict about
    attribute `of` with it. Whether that conflict is settled.
    """
    asset = session.get_one(Asset, (session.client_account_id, asset_id))
    known = stored.assets(session, [asset_id])[asset_id]
    told = stored.observations(session, [asset_id])[asset_id]
    change = plan(asset_id, told, known, told)
    change.conflicts = [c for c in change.conflicts if c.attribute == of]
    change.settled = [a for a in change.settled if a == of]
    writer = InventoryWriter(session, engagement_id, asset.first_seen_flow_id, session.user_id)
    writer.write([change])
    session.expire(asset)
    return bool(change.settled)
