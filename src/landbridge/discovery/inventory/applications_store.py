"""Writing applications and which assets belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.applications import (
    Application,
    ApplicationBook,
    Links,
)
from landbridge.discovery.inventory.journal import Journal
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.discovery.inventory.resolve import resolve
from landbridge.kit.ids import new_id

_LINK: Final = (("application_id", "uuid"), ("asset_id", "uuid"), ("evidence", "jsonb"))


class ApplicationWriter:
    """Writes a book of applications, bit by bit."""

    def __init__(
        self, session: TenantSession, engagement_id: UUID, journal: Journal | None = None
    ) -> None:
        self._session = session
        self._journal = journal
        self._engagement_id = engagement_id
        self._ids: dict[str, UUID] = {}

    def write(self, new: Mapping[str, Application], links: Links) -> None:
        """Create or complete applications, then write links to these and to earlier ones."""
        if new:
            self._ids |= _write_applications(self._session, self._engagement_id, new, self._journal)
        if links:
            ids = self._ids
            found = ((ids[key], asset, evidence) for (key, asset), evidence in links.items())
            write_links(self._session, found)

    def write_text(self, links: Sequence[tuple[str, str, str]]) -> None:
        """Write links to applications that are written: key, new asset, evidence as text."""
        rows = [(self._ids[key].hex, asset, evidence) for key, asset, evidence in links]
        bulk.insert_text(self._session, "application_assets", _LINK, rows, {})

    def write_hosts(self, applications: Mapping[str, Application]) -> None:
        """Link written applications to the assets that application lists name."""
        hosts = {h for a in applications.values() for h in a.hosts}
        if not hosts:
            return
        leads_to = resolve(self._session, self._engagement_id, hosts)
        links: Links = {}
        for key, application in applications.items():
            for host, evidence in application.hosts.items():
                asset_id = leads_to[host].asset_id
                if asset_id is not None:
                    links.setdefault((key, asset_id), {**evidence, "text": host})
        self.write({}, links)


def write(
    session: TenantSession,
    engagement_id: UUID,
    book: ApplicationBook,
    journal: Journal | None = None,
) -> int:
    """Create or complete applications and their links; returns how many were spoken of."""
    writer = ApplicationWriter(session, engagement_id, journal)
    writer.write(*book.take())
    writer.write_hosts(book.applications)
    return len(book.applications)


def _write_applications(
    session: TenantSession,
    engagement_id: UUID,
    applications: Mapping[str, Application],
    journal: Journal | None,
) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    held: dict[str, dict[str, Any]] = {}
    for application_id, key, attributes in session.execute(
        text(
            "select id, name_key, attributes from app.applications"
            " where engagement_id = :e and name_key = any(:keys)"
        ),
        {"e": engagement_id, "keys": list(applications)},
    ):
        ids[key], held[key] = application_id, attributes
    changed = []
    for key, application in applications.items():
        ids.setdefault(key, new_id())
        attributes = {**held.get(key, {}), **application.attributes}
        if key not in held or attributes != held[key]:
            document = storable(packed(attributes))
            changed.append((ids[key], engagement_id, application.name, key, document))
    if journal is not None:
        journal.applications(row[0] for row in changed)
    bulk.insert(
        session,
        "applications",
        (
            *(("id", "uuid"), ("engagement_id", "uuid"), ("name", "text")),
            *(("name_key", "text"), ("attributes", "jsonb")),
        ),
        changed,
        "on conflict (client_account_id, id) do update set attributes = excluded.attributes",
    )
    return ids


def write_links(session: TenantSession, links: Iterable[tuple[UUID, UUID, dict[str, Any]]]) -> int:
    """Link assets to applications: (application, asset, evidence). Known links stay as they
    are. Returns how many are new.
    """
    return bulk.insert(
        session,
        "application_assets",
        _LINK,
        ((a, asset, storable(packed([evidence]))) for a, asset, evidence in links),
        "on conflict do nothing",
    )
