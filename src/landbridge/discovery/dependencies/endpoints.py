"""Endpoints: which asset or application each named end of a statement is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.dependencies.connections import End
from landbridge.discovery.dependencies.statements import Statements
from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.classify import class_of_text
from landbridge.discovery.inventory.identity import IdentityResolver
from landbridge.discovery.inventory.keys import KeyKind, source_key
from landbridge.discovery.inventory.names import NO_NAME, name_key, parse_host
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.inventory.plan import Change, plan, told
from landbridge.discovery.inventory.resolve import NOTHING, KeyRows, Resolved, keys_for, lookup
from landbridge.discovery.inventory.stored import asset_id_of, existing
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.vocabulary import AssetType, TableRole
from landbridge.kit.ids import new_id

_APPLICATION_CLASSES: Final = frozenset((AssetType.SERVICE,))
_NAMING_ROLES: Final = frozenset((TableRole.RELATIONS, TableRole.CONNECTIONS))
_RULE: Final = "named.endpoint"
_STRENGTH: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What an end turned out to be: an asset, an application, or neither.

    Attributes:
        asset_id: the asset.
        application: key of the application, where no asset has the name.
        ambiguous: several assets could be meant.
    """

    asset_id: UUID | None = None
    application: str = ""
    ambiguous: bool = False


UNKNOWN: Final = Found()


class EndpointResolver:
    """Resolves the ends of an import's statements against the inventory."""

    def __init__(self, session: TenantSession, engagement_id: UUID, statements: Statements) -> None:
        self._session = session
        self._engagement_id = engagement_id
        self._tables = statements.tables
        self._ends = statements.ends()
        self._applications = self._known_applications()

    def found(self) -> dict[End, Found]:
        """Every end, looked up: by name, then by address, then among the applications."""
        own = self._own_ids()
        by_name = self._lookup(_names_of(e, self._families(e)) for e in self._ends if e.name)
        by_address = self._lookup(
            (e.ip, keys_for(e.ip), "") for e in {End(ip=x.ip) for x in self._ends if x.ip}
        )
        return {
            end: Found(own[end]) if end in own else self._decide(end, by_name, by_address)
            for end in self._ends
        }

    def _own_ids(self) -> dict[End, UUID]:
        """Ends that name an asset by our own id, as exports of this inventory do."""
        ids = {e: i for e in self._ends if (i := asset_id_of(e.name)) is not None}
        known = existing(self._session, self._engagement_id, ids.values()) if ids else {}
        return {end: asset_id for end, asset_id in ids.items() if asset_id in known}

    def _lookup(self, wanted: KeyRows) -> dict[str, Resolved]:
        return lookup(self._session, self._engagement_id, wanted)

    def _decide(
        self, end: End, by_name: Mapping[str, Resolved], by_address: Mapping[str, Resolved]
    ) -> Found:
        application = name_key(end.name) if end.name else ""
        is_application = application in self._applications
        stated = class_of_text(end.stated_class)
        if is_application and stated in _APPLICATION_CLASSES:
            return Found(application=application)
        named = by_name.get(_label(end), NOTHING)
        if named.asset_id is not None:
            return Found(named.asset_id)
        address = by_address.get(end.ip, NOTHING)
        if address.asset_id is not None:
            return Found(address.asset_id)
        if is_application:
            return Found(application=application)
        return Found(ambiguous=bool(named.candidates or (not end.name and address.candidates)))

    def _families(self, end: End) -> list[str]:
        return sorted({self._tables[t].family for t in self._ends[end]})

    def _known_applications(self) -> set[str]:
        rows = self._session.execute(
            text("select name_key from app.applications where engagement_id = :e"),
            {"e": self._engagement_id},
        )
        return set(rows.scalars())

    def missing_applications(self, found: Mapping[End, Found]) -> dict[str, tuple[str, int]]:
        """Applications that only relations name: key → (name, table number)."""
        missing: dict[str, tuple[str, int]] = {}
        for end, what in found.items():
            stated = class_of_text(end.stated_class)
            if what == UNKNOWN and end.name and stated in _APPLICATION_CLASSES:
                missing.setdefault(name_key(end.name), (end.name, min(self._ends[end])))
        return missing

    def missing_assets(self, found: Mapping[End, Found]) -> list[tuple[Change, list[End]]]:
        """New assets for the systems that only relation and connection tables name, with the
        ends they stand for. Bare addresses and unknown classes become nothing.
        """
        ends = [e for e, what in found.items() if what == UNKNOWN and self._names_a_system(e)]
        ends.sort()
        observations = [self._observation(e) for e in ends]
        resolver = IdentityResolver()
        for o in observations:
            resolver.add(o.identity())
        clusters: dict[int, list[int]] = {}
        for number, label in enumerate(resolver.resolve().labels):
            clusters.setdefault(label, []).append(number)
        return [
            (plan(new_id(), told([observations[n] for n in numbers])), [ends[n] for n in numbers])
            for numbers in clusters.values()
        ]

    def _names_a_system(self, end: End) -> bool:
        if not end.name or parse_host(end.name) == NO_NAME or parse_host(end.name).address:
            return False
        stated = class_of_text(end.stated_class)
        if stated is AssetType.DATABASE:
            return bool(end.within)
        if not any(self._tables[t].role in _NAMING_ROLES for t in self._ends[end]):
            return False
        return stated not in _APPLICATION_CLASSES and not (end.stated_class and stated is None)

    def _observation(self, end: End) -> Observation:
        table: TableFacts = self._tables[min(self._ends[end])]
        kind = class_of_text(end.stated_class) or AssetType.SERVER
        values: dict[str, Any] = {"hostname": end.name}
        if kind is AssetType.DATABASE:
            values = {"db_instance": end.name, "hostname": end.within}
        if end.ip:
            values["ip_address"] = [end.ip]
        return Observation(
            source=f"{table.key}#endpoint",
            source_class=SourceClass.MENTION,
            import_id=table.import_id,
            table_id=table.id,
            row=0,
            asset_type=kind,
            rule=_RULE,
            strength=_STRENGTH,
            scope=table.family,
            values=values,
        )


def _label(end: End) -> str:
    return f"{end.stated_class}\x1f{end.within}\x1f{end.name}"


def _names_of(end: End, families: Iterable[str]) -> tuple[str, Iterator[tuple[KeyKind, str]], str]:
    return _label(end), _keys_of_end(end, families), parse_host(end.name).domain


def _keys_of_end(end: End, families: Iterable[str]) -> Iterator[tuple[KeyKind, str]]:
    stated, name = class_of_text(end.stated_class), name_key(end.name)
    if stated is AssetType.DATABASE and end.within:
        yield KeyKind.DATABASE, f"{name}@{name_key(end.within)}"
        yield KeyKind.DATABASE, name
    elif stated is AssetType.DATABASE:
        yield KeyKind.NAME, name
    elif stated is AssetType.CLUSTER:
        if end.within:
            yield KeyKind.CLUSTER, f"{name}@{name_key(end.within)}"
        yield KeyKind.NAME, name
    else:
        yield from keys_for(end.name)
        for family in families:
            yield KeyKind.SOURCE_ID, source_key(family, end.name)
