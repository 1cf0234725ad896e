"""How things stood before an import changed them, kept so that it can be undone. The first word
of an import counts: what a second run of it changes is its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession

_KEPT: Final = " on conflict do nothing"
_INTO: Final = (
    "insert into app.import_before (client_account_id, import_id, kind, subject, detail, state)"
)


class Journal:
    """Keeps the state of what an import is about to change.

    Args:
        session: the transaction in which it is changed.
        import_id: the import.
    """

    def __init__(self, session: TenantSession, import_id: UUID) -> None:
        self._session = session
        self._import = {"i": import_id}

    def observations(self, replaced: Iterable[tuple[UUID, str]]) -> None:
        """What sources said of assets: (asset, source)."""
        self._keep(
            (("asset_id", "uuid"), ("source", "text")),
            replaced,
            "select o.client_account_id, :i, 'observation', o.asset_id,"
            " encode(o.digest, 'hex') || ' ' || o.source, json_build_object("
            "'source', o.source, 'digest', encode(o.digest, 'hex'), 'import_id', o.import_id,"
            " 'import_table_id', o.import_table_id, 'row_number', o.row_number, 'body', o.body,"
            " 'origins', o.origins)"
            " from {temp} w join app.asset_observations o using (asset_id, source)"
            " where o.import_id <> :i",
        )

    def conflicts(self, changed: Iterable[tuple[UUID, str]]) -> None:
        """Conflicts of assets that this import did not bring: (asset, attribute)."""
        self._keep(
            (("asset_id", "uuid"), ("attribute", "text")),
            changed,
            "select a.client_account_id, :i, 'conflict', a.id, w.attribute, to_json(c)"
            " from {temp} w join app.assets a on a.id = w.asset_id"
            " left join app.asset_conflicts c on c.asset_id = a.id and c.attribute = w.attribute"
            " where not exists (select from app.flows f where f.id = a.first_seen_flow_id"
            "  and f.inputs ->> 'import_id' = cast(:i as text))",
        )

    def applications(self, changed: Iterable[UUID]) -> None:
        """Attributes of applications; nothing where there was none."""
        self._keep(
            (("id", "uuid"),),
            ((i,) for i in changed),
            "select i.client_account_id, :i, 'application', w.id, '', to_json(p.attributes)"
            " from {temp} w join app.imports i on i.id = cast(:i as uuid)"
            " left join app.applications p on p.id = w.id",
        )

    def dependencies(self, changed: Iterable[UUID]) -> None:
        """Edges that get other evidence, or go. Those that only this import states are its own."""
        self._keep(
            (("id", "uuid"),),
            ((i,) for i in changed),
            "select d.client_account_id, :i, 'dependency', d.id, '', to_json(d)"
            " from {temp} w join app.dependencies d on d.id = w.id"
            " where exists (select from jsonb_array_elements(d.evidence) x"
            "  where cast(x ->> 'import_table_id' as uuid) not in (select t.id"
            "   from app.import_tables t join app.import_files f on f.id = t.import_file_id"
            "   where f.import_id = :i))",
        )

    def _keep(
        self, columns: tuple[tuple[str, str], ...], rows: Iterable[tuple[object, ...]], query: str
    ) -> None:
        listed = list(rows)
        if not listed:
            return
        with bulk.temporary(self._session, columns, listed) as temp:
            statement = f"{_INTO} {query.format(temp=temp)}{_KEPT}"
            self._session.execute(text(statement), self._import)


def journal_of(session: TenantSession, import_id: object) -> Journal | None:
    """The journal of an import; None where the caller knows of none."""
    return None if import_id is None else Journal(session, UUID(str(import_id)))
