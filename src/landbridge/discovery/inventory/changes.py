"""What an import changed in the inventory: assets it brought, assets of which it says something
else than the same source said before, and assets of that source it no longer speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.sources import tables_of
from landbridge.discovery.vocabulary import TableRole
from landbridge.kit.pagination import Page

CHANGE: Final = {
    "new": "It brought the asset.",
    "changed": "It says something else than the same source said before.",
    "completed": "It is the first to say this about an asset that other sources brought.",
    "absent": "It no longer lists an asset that the same source listed before.",
}
"""Kinds of change, with their meaning."""

_FLOWS: Final = "(select f.id from app.flows f where f.inputs ->> 'import_id' = :import_id)"
_TABLES: Final = (
    "(select t.id from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    " where f.import_id = cast(:import_id as uuid))"
)
_COLUMNS: Final = "a.id, a.name, a.name_key, a.asset_type"
_MINE: Final = "a.engagement_id = :engagement_id"
CHANGES: Final = Listing(
    columns="x.id, x.name, x.asset_type, x.change",
    source=f"""(
select {_COLUMNS}, 'new' as change from app.assets a
 where {_MINE} and a.first_seen_flow_id in {_FLOWS}
union all
select {_COLUMNS}, case when exists (
         select from app.import_before b where b.import_id = cast(:import_id as uuid)
            and b.kind = 'observation' and b.subject = a.id) then 'changed' else 'completed' end
  from app.assets a
 where {_MINE} and a.first_seen_flow_id not in {_FLOWS} and a.id in (
       select o.asset_id from app.asset_observations o
        where o.import_id = cast(:import_id as uuid))
union all
select {_COLUMNS}, 'absent' from app.assets a
 where {_MINE} and a.id in (
       select o.asset_id from app.asset_observations o
        where o.source = any(cast(:sources as text[])))
   and a.created_at < (select i.applied_at from app.imports i
                        where i.id = cast(:import_id as uuid))
   and not exists (select from app.asset_sources s
                    where s.asset_id = a.id and s.import_table_id in {_TABLES})
) x where true""",
    filters={"q": "x.name_key like :q", "change": "x.change = :change"},
    facets={"change": "x.change"},
    sorts={
        "name": ("x.name_key", "text"),
        "change": ("array_position(array['new','changed','completed','absent'], x.change)", "int"),
    },
    order="name",
)


class ValueChange(BaseModel):
    """What a source says of an attribute or column, before and now; None where it says nothing."""

    attribute: str
    before: Any
    after: Any


class ChangeRow(BaseModel):
    """An asset that an import changed.

    Attributes:
        id, name, asset_type: of the asset.
        change: a key of CHANGE.
        values: of a changed asset, what its source says otherwise than before.
    """

    id: UUID
    name: str
    asset_type: str
    change: str
    values: list[ValueChange]


def changes(
    session: TenantSession, engagement_id: UUID, import_id: UUID, wanted: Wanted
) -> Page[ChangeRow]:
    """A page of the assets that an import of the engagement changed."""
    page = CHANGES.page(session, engagement_id, wanted, **_scope(session, import_id))
    changed = [r["id"] for r in page.items if r["change"] == "changed"]
    values = _values(session, import_id, changed) if changed else {}
    rows = [
        ChangeRow(**{k: r[k] for k in ("id", "name", "asset_type", "change")},
                  values=values.get(r["id"], []))
        for r in page.items
    ]  # fmt: skip
    return Page(rows, page.next)


def counts(
    session: TenantSession, engagement_id: UUID, import_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """How many assets of each kind of change the other filters leave."""
    return CHANGES.counts(session, engagement_id, wanted, **_scope(session, import_id))


def _scope(session: TenantSession, import_id: UUID) -> dict[str, Any]:
    tables = tables_of(session, {"import_id": str(import_id)})
    sources = {t.key for t in tables if t.role is TableRole.ASSETS}
    return {"import_id": str(import_id), "sources": sorted(sources)}


_SAID: Final = text(
    "select b.subject as asset_id, false as now, b.state -> 'body' as body"
    " from app.import_before b where b.import_id = :i and b.kind = 'observation'"
    " and b.subject = any(:ids)"
    " union all"
    " select o.asset_id, true, o.body from app.asset_observations o"
    " where o.import_id = :i and o.asset_id = any(:ids)"
)


def _values(
    session: TenantSession, import_id: UUID, assets: list[UUID]
) -> Mapping[UUID, list[ValueChange]]:
    said: dict[tuple[UUID, bool], list[dict[str, Any]]] = defaultdict(list)
    for asset_id, now, body in session.execute(_SAID, {"i": import_id, "ids": assets}):
        said[asset_id, now].append(body["values"] | body["custom"])
    found: dict[UUID, list[ValueChange]] = {}
    for asset_id in assets:
        before, after = said[asset_id, False], said[asset_id, True]
        names = sorted({name for told in (*before, *after) for name in told})
        pairs = ((n, _together(before, n), _together(after, n)) for n in names)
        found[asset_id] = [
            ValueChange(attribute=n, before=old, after=new) for n, old, new in pairs if old != new
        ]
    return found


def _together(told: Iterable[Mapping[str, Any]], name: str) -> Any:
    """What the rows of a source say of an attribute: one value, or all where they differ."""
    values: list[Any] = []
    for said in told:
        if name in said and said[name] not in values:
            values.append(said[name])
    return values[0] if len(values) == 1 else values or None
