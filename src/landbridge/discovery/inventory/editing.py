"""Editing assets by hand: what an edit would change, making it, and taking it back as a whole.

A value set by hand stands above every source: imports neither change it nor ask about it. The
newest edit of an attribute that is not taken back is in force; what it was before comes back from
what the sources say, earlier edits and decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory import by_hand, stored
from landbridge.discovery.inventory.edit_errors import (
    EditAlreadyUndone,
    NothingSelected,
    SelectionChanged,
)
from landbridge.discovery.inventory.edit_reports import (
    EditPreview,
    MadeEdit,
    PreviewedValue,
    UndoneEdit,
)
from landbridge.discovery.inventory.models import InventoryEdit
from landbridge.discovery.inventory.observations import packed
from landbridge.discovery.inventory.plan import plan
from landbridge.discovery.inventory.repository import InventoryWriter, alone
from landbridge.discovery.inventory.selecting import Selection
from landbridge.errors.common import NotFound
from landbridge.kit import clock
from landbridge.kit.ids import new_id

BATCH: Final = 2_000
SAMPLE: Final = 20


def preview(
    session: TenantSession, engagement_id: UUID, selection: Selection, changes: Mapping[str, Any]
) -> EditPreview:
    """What an edit would change. Nothing is written.

    Raises:
        NothingSelected, TooManySelected: of the selection; or nothing would be set.
        AttributeNotEditable, ValueDoesNotFit: of the changes.
    """
    values = _read(changes)
    ids = selection.assets(session, engagement_id)
    with _differing(session, ids, values) as temp:
        counted = session.execute(
            text(f"select attribute, count(*) as n from {temp} group by 1 order by 1")
        )
        by_attribute = {row.attribute: row.n for row in counted}
        changed = _assets_of(session, temp)
        sample = session.execute(
            text(
                "select d.asset_id, a.name as asset, d.attribute, d.before, d.value"
                f" from {temp} d join app.assets a on a.id = d.asset_id"
                " order by a.name_key, a.id, d.attribute limit :n"
            ),
            {"n": SAMPLE},
        ).mappings()
        shown = [PreviewedValue(**row) for row in sample]
    return EditPreview(
        selected=len(ids),
        changed=changed,
        unchanged=len(ids) - changed,
        values=values,
        by_attribute=by_attribute,
        sample=shown,
    )


def edit(
    session: TenantSession,
    engagement_id: UUID,
    selection: Selection,
    changes: Mapping[str, Any],
    *,
    reason: str | None = None,
    expected: int | None = None,
) -> MadeEdit:
    """Set attributes of all selected assets.

    Args:
        session: of the editing person.
        engagement_id: the engagement.
        selection: which assets.
        changes: attribute → value; None clears it.
        reason: why.
        expected: how many assets the preview had found selected; None to edit what there is.

    Raises:
        NothingSelected, TooManySelected: of the selection; or nothing is set.
        AttributeNotEditable, ValueDoesNotFit: of the changes.
        SelectionChanged: other than the expected number of assets are selected.
    """
    values = _read(changes)
    selection.require()
    alone(session, engagement_id)
    ids = selection.assets(session, engagement_id)
    if expected is not None and len(ids) != expected:
        raise SelectionChanged(selected=len(ids), expected=expected)
    with _differing(session, ids, values) as temp:
        changed = _assets_of(session, temp)
        made = MadeEdit(id=None, selected=len(ids), changed=changed, unchanged=len(ids) - changed)
        if not changed:
            return made
        made.id = new_id()
        session.add(
            InventoryEdit(
                id=made.id,
                engagement_id=engagement_id,
                changes=values,
                selection=selection.described(),
                reason=reason,
                assets=changed,
                created_by=session.user_id,
            )
        )
        session.flush()
        session.execute(text(_OVERTAKE.format(temp=temp)))
        session.execute(text(_ENTER.format(temp=temp)), {"edit": made.id})
        touched = _listed(session, temp)
    _derive(session, engagement_id, touched)
    return made


def undo(session: TenantSession, engagement_id: UUID, edit_id: UUID) -> UndoneEdit:
    """Take an edit back as a whole. Values that were changed again since stay, and are counted.

    Raises:
        NotFound: the engagement has no such edit.
        EditAlreadyUndone: it was taken back already.
    """
    found = session.get(InventoryEdit, (session.client_account_id, edit_id))
    if found is None or found.engagement_id != engagement_id:
        raise NotFound
    alone(session, engagement_id)
    session.refresh(found, with_for_update=True)
    if found.status == "undone":
        raise EditAlreadyUndone
    named = {"edit": edit_id}
    restored, kept = session.execute(_IN_USE, named).one()
    touched = list(session.execute(_IN_FORCE, named).scalars())
    session.execute(_TAKE_BACK, named)
    session.execute(_BRING_BACK, named)
    _derive(session, engagement_id, touched)
    found.status, found.undone_by, found.undone_at = "undone", session.user_id, clock.now()
    found.restored, found.kept = restored, kept
    session.flush()
    return UndoneEdit(id=edit_id, restored=restored, kept=kept)


def _read(changes: Mapping[str, Any]) -> dict[str, Any]:
    if not changes:
        raise NothingSelected(why="no attribute is set")
    return by_hand.read(changes)


@contextmanager
def _differing(
    session: TenantSession, ids: Sequence[UUID], values: Mapping[str, Any]
) -> Iterator[str]:
    """A temporary table of what the values differ from: asset, attribute, before, value."""
    columns = [("attribute", "text"), ("value", "jsonb")]
    rows = ((a, None if v is None else packed(v).decode()) for a, v in values.items())
    found = (("asset_id", "uuid"), *columns, ("before", "jsonb"))
    with (
        bulk.temporary(session, [("id", "uuid")], ((i,) for i in ids)) as selected,
        bulk.temporary(session, columns, rows) as wanted,
        bulk.temporary(session, found, ()) as temp,
    ):
        session.execute(
            text(
                f"insert into {temp} (asset_id, attribute, value, before)"
                " select a.id, w.attribute, w.value, a.attributes -> w.attribute"
                f" from {selected} s join app.assets a on a.id = s.id cross join {wanted} w"
                " where a.attributes -> w.attribute is distinct from w.value"
                " and exists (select from app.asset_observations o where o.asset_id = a.id)"
            )
        )
        yield temp


def _assets_of(session: TenantSession, temp: str) -> int:
    found: int = session.execute(text(f"select count(distinct asset_id) from {temp}")).scalar_one()
    return found


def _listed(session: TenantSession, temp: str) -> list[UUID]:
    return list(session.execute(text(f"select distinct asset_id from {temp} order by 1")).scalars())


def _derive(session: TenantSession, engagement_id: UUID, touched: Sequence[UUID]) -> None:
    """The assets anew, from what their sources say and people decided and set."""
    for start in range(0, len(touched), BATCH):
        ids = touched[start : start + BATCH]
        known, said = stored.assets(session, ids), stored.observations(session, ids)
        changes = []
        for asset_id, asset in known.items():
            asset.content_hash = b""  # who says a value changes also where the value does not
            told = said[asset_id]
            changes.append(plan(asset_id, told, asset, told))
        InventoryWriter(session, engagement_id, None, session.user_id).revise(changes)


_OVERTAKE: Final = (
    "update app.inventory_edit_values v set state = 'overtaken' from {temp} d"
    " where v.asset_id = d.asset_id and v.attribute = d.attribute and v.state = 'current'"
)
_ENTER: Final = (
    "insert into app.inventory_edit_values (edit_id, asset_id, attribute, before, value)"
    " select :edit, asset_id, attribute, before, value from {temp}"
)
_IN_USE: Final = text(
    "select count(distinct v.asset_id) filter (where x.same) as restored,"
    " count(*) filter (where not x.same) as kept"
    " from app.inventory_edit_values v join app.assets a on a.id = v.asset_id"
    " cross join lateral (select v.state = 'current'"
    "  and a.attributes -> v.attribute is not distinct from v.value as same) x"
    " where v.edit_id = :edit"
)
_IN_FORCE: Final = text(
    "select distinct asset_id from app.inventory_edit_values"
    " where edit_id = :edit and state = 'current' order by 1"
)
_TAKE_BACK: Final = text(
    "update app.inventory_edit_values set state = 'undone' where edit_id = :edit"
)
_BRING_BACK: Final = text(
    "update app.inventory_edit_values v set state = 'current' from ("
    "select distinct on (o.asset_id, o.attribute) o.edit_id, o.asset_id, o.attribute"
    " from app.inventory_edit_values u join app.inventory_edit_values o"
    " on o.asset_id = u.asset_id and o.attribute = u.attribute and o.state = 'overtaken'"
    " where u.edit_id = :edit and not exists (select from app.inventory_edit_values c"
    "  where c.asset_id = u.asset_id and c.attribute = u.attribute and c.state = 'current')"
    " order by o.asset_id, o.attribute, o.edit_id desc) b"
    " where v.edit_id = b.edit_id and v.asset_id = b.asset_id and v.attribute = b.attribute"
)
