"""Undoing an import: what it brought goes, what it replaced comes back, and the assets it spoke
of are derived anew from what is left. Only the last import that changed the inventory can be
undone, so that what comes back is what stood there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory import stored
from landbridge.discovery.inventory.errors import ImportBusy, ImportNotApplied, ImportNotNewest
from landbridge.discovery.inventory.plan import plan
from landbridge.discovery.inventory.repository import InventoryWriter
from landbridge.errors.common import NotFound

BATCH: Final = 1_000
_TABLES: Final = (
    "select t.id from app.import_tables t join app.import_files f on f.id = t.import_file_id"
    " where f.import_id = :i"
)
_OF_IMPORT: Final = "select f.id from app.flows f where f.inputs ->> 'import_id' = cast(:i as text)"
_SAID_BEFORE: Final = "b.kind = '{kind}' and b.import_id = :i"


def require_undoable(session: TenantSession, engagement_id: UUID, import_id: UUID) -> None:
    """Refuse what cannot be undone now.

    Raises:
        NotFound: the engagement has no such import.
        ImportNotApplied: it has changed nothing, or was undone already.
        ImportNotNewest: another import changed the inventory after it.
        ImportBusy: a flow on it is under way.
    """
    found = session.execute(
        text("select applied_at from app.imports where id = :i and engagement_id = :e"),
        {"i": import_id, "e": engagement_id},
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.applied_at is None:
        raise ImportNotApplied
    newer: int = session.execute(
        text(
            "select count(*) from app.imports where engagement_id = :e and id <> :i"
            " and applied_at > :at"
        ),
        {"e": engagement_id, "i": import_id, "at": found.applied_at},
    ).scalar_one()
    if newer:
        raise ImportNotNewest(newer=newer)
    busy = session.execute(
        text(
            "select f.id from app.flows f where f.engagement_id = :e"
            " and f.flow_type = 'discovery' and f.inputs ->> 'import_id' = cast(:i as text)"
            " and f.status not in ('completed', 'failed', 'cancelled') limit 1"
        ),
        {"e": engagement_id, "i": import_id},
    ).scalar_one_or_none()
    if busy is not None:
        raise ImportBusy(flow_id=str(busy))


class Withdrawal:
    """One undo, in the transaction of the caller.

    Args:
        session: of the client account.
        engagement_id: whose inventory.
        import_id: the import, which may be undone (`require_undoable`).
        flow_id: on whose behalf.
    """

    def __init__(
        self, session: TenantSession, engagement_id: UUID, import_id: UUID, flow_id: UUID
    ) -> None:
        self._session = session
        self._engagement_id = engagement_id
        self._about = {"i": import_id, "e": engagement_id}
        self._writer = InventoryWriter(session, engagement_id, flow_id, None)

    def run(self, progress: Callable[[int, int | None], None]) -> dict[str, int]:
        """Undo the import; what was removed and restored, in numbers."""
        touched = self._touched()
        removed = self._removed()
        edges = self._edges()
        self._observations()
        self._conflicts()
        applications = self._applications()
        for start in range(0, len(touched), BATCH):
            self._derive(touched[start : start + BATCH])
            progress(min(start + BATCH, len(touched)), len(touched))
        self._do("delete from app.import_before where import_id = :i")
        return {
            "assets_removed": removed,
            "assets_restored": len(touched),
            "dependencies": edges,
            "applications": applications,
        }

    def _touched(self) -> list[UUID]:
        """The assets that stay and of which the import spoke."""
        rows = self._session.execute(
            text(
                "select distinct a.id from app.assets a where a.engagement_id = :e and a.id in"
                " (select asset_id from app.asset_observations where import_id = :i union all"
                "  select subject from app.import_before where import_id = :i"
                "   and kind in ('observation', 'conflict'))"
                f" and a.first_seen_flow_id not in ({_OF_IMPORT}) order by a.id"
            ),
            self._about,
        )
        return [row.id for row in rows]

    def _removed(self) -> int:
        removed = self._do(
            "delete from app.assets where engagement_id = :e"
            f" and first_seen_flow_id in ({_OF_IMPORT})"
        )
        self._do(f"delete from app.asset_sources where import_table_id in ({_TABLES})")
        return removed

    def _edges(self) -> int:
        gone = self._do(
            "delete from app.dependencies d where d.engagement_id = :e and not exists"
            " (select from jsonb_array_elements(d.evidence) x"
            f" where cast(x ->> 'import_table_id' as uuid) not in ({_TABLES}))"
            " and jsonb_array_length(d.evidence) > 0"
            " and not exists (select from app.import_before b where b.import_id = :i"
            "  and b.kind = 'dependency' and b.subject = d.id)"
        )
        back = self._do(
            "insert into app.dependencies select r.* from app.import_before b"
            " cross join json_populate_record(null::app.dependencies, b.state) r"
            f" where {_SAID_BEFORE.format(kind='dependency')}"
            " on conflict (client_account_id, id) do update set evidence = excluded.evidence,"
            " confidence = excluded.confidence, observations = excluded.observations"
        )
        return gone + back

    def _observations(self) -> None:
        self._do("delete from app.asset_observations where import_id = :i")
        self._do(
            "insert into app.asset_observations (client_account_id, asset_id, source, digest,"
            " import_id, import_table_id, row_number, body, origins)"
            " select b.client_account_id, b.subject, b.state ->> 'source',"
            " decode(b.state ->> 'digest', 'hex'), cast(b.state ->> 'import_id' as uuid),"
            " cast(b.state ->> 'import_table_id' as uuid),"
            " cast(b.state ->> 'row_number' as bigint), b.state -> 'body',"
            " case when json_typeof(b.state -> 'origins') = 'object' then b.state -> 'origins' end"
            f" from app.import_before b where {_SAID_BEFORE.format(kind='observation')}"
            " on conflict do nothing"
        )

    def _conflicts(self) -> None:
        self._do(
            "delete from app.asset_conflicts c using app.import_before b"
            f" where {_SAID_BEFORE.format(kind='conflict')}"
            " and c.asset_id = b.subject and c.attribute = b.detail"
        )
        self._do(
            "insert into app.asset_conflicts select r.* from app.import_before b"
            " cross join json_populate_record(null::app.asset_conflicts, b.state) r"
            f" where {_SAID_BEFORE.format(kind='conflict')} and b.state is not null"
        )

    def _applications(self) -> int:
        self._do(
            "delete from app.application_assets l"
            f" where cast(l.evidence -> 0 ->> 'import_table_id' as uuid) in ({_TABLES})"
        )
        gone = self._do(
            "delete from app.applications p using app.import_before b"
            f" where {_SAID_BEFORE.format(kind='application')} and b.state is null"
            " and p.id = b.subject"
        )
        back = self._do(
            "update app.applications p set attributes = cast(b.state as jsonb)"
            " from app.import_before b"
            f" where {_SAID_BEFORE.format(kind='application')} and b.state is not null"
            " and p.id = b.subject"
        )
        return gone + back

    def _derive(self, assets: list[UUID]) -> None:
        """The assets as what is left of their sources describes them."""
        known = stored.assets(self._session, assets)
        said = stored.observations(self._session, assets)
        changes = []
        for asset_id in assets:
            told = said.get(asset_id)
            if not told:
                continue
            change = plan(asset_id, told, known[asset_id], told)
            change.told = told
            hand = known[asset_id].by_hand
            change.conflicts = [c for c in change.conflicts if c.status == "resolved"]
            change.settled = [a for a in change.settled if a in hand]
            changes.append(change)
        self._writer.write(changes)

    def _do(self, statement: str) -> int:
        result: Any = self._session.execute(text(statement), self._about)
        return int(result.rowcount)
