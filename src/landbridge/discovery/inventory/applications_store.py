"""Writing applications and which assets belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.applications import ApplicationBook
from landbridge.discovery.inventory.journal import Journal
from landbridge.discovery.inventory.observations import packed, storable
from landbridge.discovery.inventory.resolve import resolve
from landbridge.kit.ids import new_id


def write(
    session: TenantSession,
    engagement_id: UUID,
    book: ApplicationBook,
    journal: Journal | None = None,
) -> int:
    """Create or complete applications and their links; returns how many were spoken of."""
    ids = _write_applications(session, engagement_id, book, journal)
    hosts = {h for a in book.applications.values() for h in a.hosts}
    leads_to = resolve(session, engagement_id, hosts) if hosts else {}
    links: dict[tuple[UUID, UUID], dict[str, Any]] = {
        (ids[key], asset_id): evidence for (key, asset_id), evidence in book.links.items()
    }
    for key, application in book.applications.items():
        for host, evidence in application.hosts.items():
            asset_id = leads_to[host].asset_id
            if asset_id is not None:
                links.setdefault((ids[key], asset_id), {**evidence, "text": host})
    write_links(session, ((a, asset, evidence) for (a, asset), evidence in links.items()))
    return len(book.applications)


def _write_applications(
    session: TenantSession,
    engagement_id: UUID,
    book: ApplicationBook,
    journal: Journal | None,
) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    held: dict[str, dict[str, Any]] = {}
    for application_id, key, attributes in session.execute(
        text(
            "select id, name_key, attributes from app.applications"
            " where engagement_id = :e and name_key = any(:keys)"
        ),
        {"e": engagement_id, "keys": list(book.applications)},
    ):
        ids[key], held[key] = application_id, attributes
    changed = []
    for key, application in book.applications.items():
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
        (("application_id", "uuid"), ("asset_id", "uuid"), ("evidence", "jsonb")),
        ((a, asset, storable(packed([evidence]))) for a, asset, evidence in links),
        "on conflict do nothing",
    )
