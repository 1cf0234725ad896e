"""Writing the inventory: many changes at a time, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.imports.repository import IssueWriter
from landbridge.discovery.imports.tables import CellIssue
from landbridge.discovery.inventory import content
from landbridge.discovery.inventory.journal import Journal
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.discovery.inventory.plain import PlainRows
from landbridge.discovery.inventory.plan import Change
from landbridge.kit import clock
from landbridge.kit.ids import new_id

KNOWN_STAYS: Final = "on conflict do nothing"


class InventoryWriter:
    """Writes changes of one engagement, on behalf of one flow; of none where no asset is new."""

    def __init__(
        self,
        session: TenantSession,
        engagement_id: UUID,
        flow_id: UUID | None,
        decided_by: UUID | None,
        journal: Journal | None = None,
    ) -> None:
        self._session = session
        self._engagement_id = engagement_id
        self._flow_id = flow_id
        self._decided_by = decided_by
        self._journal = journal
        self._now = clock.now()

    def write(self, changes: Sequence[Change]) -> None:
        """Write what changes about assets; `nothing` is written as nothing."""
        self._insert([c for c in changes if c.created])
        changed = [c for c in changes if not c.created and not c.nothing]
        self._update([c for c in changed if c.row is not None])
        self._forget(changed)
        self._tell([c for c in changes if c.created], "")
        self._tell([c for c in changed if c.told or c.row is not None], KNOWN_STAYS)
        self._conflicts([c for c in changes if c.conflicts])

    def revise(self, changes: Sequence[Change]) -> None:
        """Write what people's words change about assets; what sources say of them stays."""
        self._update([c for c in changes if c.row is not None])
        self._delete_pairs("asset_conflicts", "attribute", _pairs(changes, "settled"))
        self._conflicts([c for c in changes if c.conflicts])

    def insert(self, plain: PlainRows) -> None:
        """Write new assets that one row describes."""
        plain.write(
            self._session,
            {
                "engagement_id": ("uuid", self._engagement_id),
                "first_seen_flow_id": ("uuid", self._flow_id),
                "created_at": ("timestamptz", self._now),
                "updated_at": ("timestamptz", self._now),
            },
        )

    def _insert(self, created: Sequence[Change]) -> None:
        if not created:
            return
        columns = (
            *(("id", "uuid"), ("engagement_id", "uuid"), ("first_seen_flow_id", "uuid")),
            *(("created_at", "timestamptz"), ("updated_at", "timestamptz")),
            *content.COLUMNS,
        )
        fixed = (self._engagement_id, self._flow_id, self._now, self._now)
        bulk.insert(
            self._session,
            "assets",
            columns,
            ((c.asset_id, *fixed, *(c.row or ())) for c in created),
        )

    def _update(self, changed: Sequence[Change]) -> None:
        if not changed:
            return
        columns = (("id", "uuid"), *content.COLUMNS)
        assigned = ", ".join(f"{name} = n.{name}" for name, _ in content.COLUMNS)
        rows = ((c.asset_id, *(c.row or ())) for c in changed)
        with bulk.temporary(self._session, columns, rows) as temp:
            self._session.execute(
                text(
                    f"update app.assets a set {assigned}, updated_at = :now"
                    f" from {temp} n where a.id = n.id"
                ),
                {"now": self._now},
            )

    def _forget(self, changed: Sequence[Change]) -> None:
        """Remove what the new lists replace."""
        if not changed:
            return
        spoken = [c.asset_id for c in changed if c.told or c.row is not None]
        for table in ("asset_keys", "asset_components"):
            self._session.execute(
                text(f"delete from app.{table} where asset_id = any(:ids)"), {"ids": spoken}
            )
        if self._journal is not None:
            self._journal.observations(_pairs(changed, "replaced"))
            self._journal.conflicts(_pairs(changed, "settled"))
        self._delete_pairs("asset_observations", "source", _pairs(changed, "replaced"))
        self._delete_pairs("asset_conflicts", "attribute", _pairs(changed, "settled"))

    def _delete_pairs(self, table: str, column: str, pairs: Iterable[tuple[UUID, str]]) -> None:
        listed = list(pairs)
        if listed:
            self._session.execute(
                text(
                    f"delete from app.{table} x using unnest(cast(:ids as uuid[]),"
                    f" cast(:names as text[])) as d(id, name)"
                    f" where x.asset_id = d.id and x.{column} = d.name"
                ),
                {"ids": [i for i, _ in listed], "names": [n for _, n in listed]},
            )

    def _tell(self, changes: Sequence[Change], conflict: str) -> None:
        if not changes:
            return
        # In the order of their index, neighbours go to the same of its pages.
        keys = sorted((*key, c.asset_id) for c in changes for key in c.keys)
        bulk.insert(
            self._session,
            "asset_observations",
            (
                *(("asset_id", "uuid"), ("source", "text"), ("digest", "bytea")),
                *(("import_id", "uuid"), ("import_table_id", "uuid"), ("row_number", "bigint")),
                *(("body", "json"), ("origins", "json")),
            ),
            (
                (c.asset_id, o.source, digest, o.import_id, o.table_id, o.row,
                 storable(o.sealed()), _decoded(o.where()))
                for c in changes for digest, o in c.told
            ),
            conflict,
        )  # fmt: skip
        bulk.insert(
            self._session,
            "asset_keys",
            (("kind", "text"), ("value", "text"), ("asset_id", "uuid"), ("engagement_id", "uuid")),
            ((*key, self._engagement_id) for key in keys),
            conflict,
        )
        if not any(c.components for c in changes):
            return
        bulk.insert(
            self._session,
            "asset_components",
            (("asset_id", "uuid"), ("kind", "text"), ("name", "text"), ("attributes", "jsonb")),
            (
                (c.asset_id, x.kind, x.name, storable(packed(x.attributes)))
                for c in changes
                for x in c.components
            ),
        )

    def _conflicts(self, changes: Sequence[Change]) -> None:
        rows = [
            (c.asset_id, x.attribute, x.candidates, x.chosen, x.status)
            for c in changes
            for x in c.conflicts
        ]
        if rows:
            self.conflicts(rows)

    def conflicts(
        self, rows: Iterable[tuple[UUID, str, Sequence[Mapping[str, Any]], Any, str]]
    ) -> None:
        """Insert or update conflicts: (asset, attribute, candidates, chosen, status)."""
        rows = list(rows)
        if self._journal is not None:
            self._journal.conflicts((asset_id, attribute) for asset_id, attribute, *_ in rows)
        bulk.insert(
            self._session,
            "asset_conflicts",
            (
                *(("id", "uuid"), ("engagement_id", "uuid"), ("asset_id", "uuid")),
                *(("attribute", "text"), ("candidates", "jsonb"), ("chosen", "jsonb")),
                *(("status", "text"), ("decided_by", "uuid"), ("decided_at", "timestamptz")),
            ),
            (
                (new_id(), self._engagement_id, asset_id, attribute,
                 storable(packed(candidates)),
                 None if chosen is None else storable(packed(chosen)),
                 status, *self._decision(status))
                for asset_id, attribute, candidates, chosen, status in rows
            ),
            "on conflict (client_account_id, asset_id, attribute) do update set"
            " candidates = excluded.candidates, chosen = excluded.chosen,"
            " status = excluded.status, decided_by = excluded.decided_by,"
            " decided_at = excluded.decided_at",
        )  # fmt: skip

    def _decision(self, status: str) -> tuple[UUID | None, datetime | None]:
        return (self._decided_by, self._now) if status == "resolved" else (None, None)

    def sources(self, rows: Iterable[tuple[UUID, UUID, int]], conflict: str = KNOWN_STAYS) -> None:
        """Link assets to source rows: (asset, table, row); an empty `conflict` where all assets
        are new.
        """
        bulk.insert(
            self._session,
            "asset_sources",
            (("asset_id", "uuid"), ("import_table_id", "uuid"), ("row_number", "bigint")),
            rows,
            conflict,
        )


def alone(session: TenantSession, engagement_id: UUID) -> None:
    """Wait until no other flow writes this engagement's inventory, and keep it so until the
    transaction ends: two imports at once must not create one asset twice.
    """
    session.execute(
        text("select pg_advisory_xact_lock(hashtextextended('inventory/' || :e, 0))"),
        {"e": str(engagement_id)},
    )


def replace_issues(
    session: TenantSession,
    phase: str,
    tables: Sequence[UUID],
    issues: Iterable[tuple[UUID, CellIssue]],
) -> None:
    """Write the row issues a phase found, per table. Those of an earlier run of the phase on the
    same tables are replaced.
    """
    session.execute(
        text("delete from app.row_issues where phase = :p and import_table_id = any(:t)"),
        {"p": phase, "t": list(tables)},
    )
    writer = IssueWriter(session, phase)
    for table_id, issue in issues:
        writer.add(table_id, issue)
    writer.flush()


def _pairs(changes: Sequence[Change], attribute: str) -> Iterable[tuple[UUID, str]]:
    return ((c.asset_id, name) for c in changes for name in getattr(c, attribute))


def _decoded(document: bytes | None) -> str | None:
    return None if document is None else document.decode()
