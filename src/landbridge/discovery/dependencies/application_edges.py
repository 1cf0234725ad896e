"""Relations with an application at one end: membership, and dependencies of applications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.edges import EdgeKey
from landbridge.discovery.dependencies.endpoints import Found
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.dependencies.statements import Key, Stated
from landbridge.discovery.inventory import applications_store
from landbridge.discovery.inventory.applications import Application, ApplicationBook
from landbridge.discovery.inventory.journal import Journal
from landbridge.discovery.inventory.observations import packed, storable

RELATIONS: Final = "relations"
"""The attribute of an application that holds what is stated about it as a whole."""


class ApplicationEdges:
    """Collects what an import says about applications as wholes.

    An application that needs an asset has it as a member. A statement about two applications, or
    of an asset about an application, is kept with the application; it is an edge of assets only
    where each application has exactly one.

    Attributes:
        created: applications that only relations name.
        linked: assets newly linked.
        stated: statements kept with applications.
    """

    def __init__(
        self, session: TenantSession, engagement_id: UUID, journal: Journal | None = None
    ) -> None:
        self._session = session
        self._journal = journal
        self._engagement_id = engagement_id
        self._links: dict[tuple[str, UUID], dict[str, Any]] = {}
        self._relations: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self._open: list[tuple[Found, Found, Key, Stated]] = []
        self.created = 0
        self.linked = 0
        self.stated = 0

    def create(self, missing: Mapping[str, tuple[str, int]]) -> None:
        """Enter applications that only relations name."""
        book = ApplicationBook({key: Application(name) for key, (name, _) in missing.items()})
        if book.applications:
            self.created = applications_store.write(
                self._session, self._engagement_id, book, self._journal
            )

    def add(self, source: Found, target: Found, key: Key, stated: Stated, table: UUID) -> None:
        """Take in a statement of which at least one end is an application."""
        where = {"import_table_id": str(table), "row": stated.rows[0], "text": stated.text}
        if source.application and target.asset_id is not None:
            self._links.setdefault((source.application, target.asset_id), where)
        elif source.asset_id is not None and key.kind is DependencyKind.MEMBER_OF:
            self._links.setdefault((target.application, source.asset_id), where)
        elif source.asset_id is not None or (source.application and target.application):
            self.stated += 1
            other = target.application
            mine = source.application or str(source.asset_id)
            holder = source.application or other
            statement = {"kind": key.kind.value, "from": mine, "to": other, **where}
            self._relations[holder][f"{key.kind}/{mine}/{other}"] = statement
            self._open.append((source, target, key, stated))

    def write(self) -> None:
        """Write links and statements; what is known already stays as it is."""
        keys = {a for a, _ in self._links} | self._relations.keys()
        rows = self._session.execute(
            text(
                "select id, name_key, attributes from app.applications"
                " where engagement_id = :e and name_key = any(:keys)"
            ),
            {"e": self._engagement_id, "keys": list(keys)},
        ).all()
        ids = {row.name_key: row.id for row in rows}
        self.linked = applications_store.write_links(
            self._session,
            ((ids[app], asset, where) for (app, asset), where in self._links.items()),
        )
        for row in rows:
            held = {_name(s): s for s in row.attributes.get(RELATIONS, ())}
            new = {k: s for k, s in self._relations.get(row.name_key, {}).items() if k not in held}
            if new:
                if self._journal is not None:
                    self._journal.applications([row.id])
                document = {**row.attributes, RELATIONS: [*held.values(), *new.values()]}
                self._session.execute(
                    text(
                        "update app.applications set attributes = cast(:a as jsonb) where id = :i"
                    ),
                    {"a": storable(packed(document)), "i": row.id},
                )

    def edges(self) -> Iterator[tuple[EdgeKey, Key, Stated]]:
        """The statements that mean one pair of assets. Call after `write`."""
        keys = {f.application for s, t, _, _ in self._open for f in (s, t) if f.application}
        rows = self._session.execute(
            text(
                "select p.name_key, array_agg(l.asset_id) as members from app.applications p"
                " join app.application_assets l on l.application_id = p.id"
                " where p.engagement_id = :e and p.name_key = any(:keys)"
                " group by p.name_key having count(*) = 1"
            ),
            {"e": self._engagement_id, "keys": sorted(keys)},
        )
        only: dict[str, UUID] = {row.name_key: row.members[0] for row in rows}
        for source, target, key, stated in self._open:
            ends = [f.asset_id or only.get(f.application) for f in (source, target)]
            if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
                stated.confidence //= 2
                yield EdgeKey(ends[0], ends[1], key.kind, key.port, key.protocol), key, stated


def _name(statement: Mapping[str, Any]) -> str:
    return f"{statement['kind']}/{statement['from']}/{statement['to']}"
