"""Resolving names to assets, by the same keys that identify them. Nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.keys import KeyKind, canonical_uuid, source_key
from landbridge.discovery.inventory.names import name_key, parse_host


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name leads to.

    Attributes:
        asset_id: the asset; None when there is none or several.
        kind: the kind of key that led there.
        candidates: how many assets the name could mean.
    """

    asset_id: UUID | None
    kind: str
    candidates: int


NOTHING: Final = Resolved(None, "", 0)
# Asked in this order; the first kind that leads anywhere decides.
_ORDER: Final = (
    KeyKind.FQDN,
    KeyKind.UUID,
    KeyKind.INSTANCE_UUID,
    KeyKind.SOURCE_ID,
    KeyKind.DATABASE,
    KeyKind.CLUSTER,
    KeyKind.HOSTNAME,
    KeyKind.NAME,
    KeyKind.IP,
)
KeyRows = Iterable[tuple[str, Iterable[tuple[KeyKind, str]], str]]
"""Per name: the name, the keys it may stand for, and the DNS domain it states."""


def keys_for(name: str, family: str = "") -> Iterator[tuple[KeyKind, str]]:
    """The keys that a name in a column may stand for."""
    host = parse_host(name)
    if host.address:
        yield KeyKind.IP, host.address
        return
    if family:
        yield KeyKind.SOURCE_ID, source_key(family, name)
    if host.name and host.domain:
        yield KeyKind.FQDN, f"{host.name}.{host.domain}"
    if uuid := canonical_uuid(name):
        yield KeyKind.UUID, uuid
        yield KeyKind.INSTANCE_UUID, name.strip().lower()
    if host.name:
        yield KeyKind.HOSTNAME, host.name
        yield KeyKind.NAME, name_key(name)


def resolve(
    session: TenantSession, engagement_id: UUID, names: Iterable[str], family: str = ""
) -> dict[str, Resolved]:
    """What each name leads to in an engagement.

    Args:
        session: the transaction.
        engagement_id: whose inventory is asked.
        names: host names, FQDNs, addresses, ids.
        family: the tool whose record ids the names may be.
    """
    keys = ((name, keys_for(name, family), parse_host(name).domain) for name in set(names))
    return lookup(session, engagement_id, keys)


def lookup(session: TenantSession, engagement_id: UUID, wanted: KeyRows) -> dict[str, Resolved]:
    """What each of some names leads to, by keys that the caller chose."""
    names: list[str] = []
    hits: dict[int, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    columns = [("number", "int"), ("kind", "text"), ("value", "text"), ("domain", "text")]

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for name, keys, domain in wanted:
            names.append(name)
            for kind, value in keys:
                yield len(names) - 1, kind.value, value, domain

    with bulk.temporary(session, columns, rows()) as temp:
        for number, kind, asset_id in session.execute(
            text(
                f"select w.number, w.kind, k.asset_id from {temp} w join app.asset_keys k"
                " on k.engagement_id = :engagement_id and k.kind = w.kind and k.value = w.value"
                " where w.kind <> 'hostname' or w.domain = '' or not exists (select from"
                " app.asset_keys f where f.asset_id = k.asset_id and f.kind = 'fqdn')"
            ),
            {"engagement_id": engagement_id},
        ):
            hits[number][kind].add(asset_id)
    return {name: _decide(hits.get(number, {})) for number, name in enumerate(names)}


def _decide(hits: dict[str, set[UUID]]) -> Resolved:
    for kind in _ORDER:
        assets = hits.get(kind)
        if assets:
            asset = next(iter(assets)) if len(assets) == 1 else None
            return Resolved(asset, kind.value, len(assets))
    return NOTHING
