"""Observations: what one source says about one asset. An asset is a function of its
observations and of people's decisions, so importing the same content changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.classify import Classification
from landbridge.discovery.inventory.keys import PLACE, Identity, identity_of, keys_of, numbered
from landbridge.discovery.vocabulary import AssetType


@dataclass(frozen=True, slots=True)
class Component:
    """A disk, network adapter, partition or installed product of an asset.

    Attributes:
        kind: disk, nic, partition or software.
        name: as the source names it, unique within kind and asset.
        attributes: attribute → cleansed value; `custom` holds further columns.
    """

    kind: str
    name: str
    attributes: dict[str, Any]


@dataclass(slots=True)
class Observation:
    """One source's record of an asset.

    Attributes:
        source: key of the source; a newer import of the same source replaces the older one.
        source_class: how much the source is believed about what.
        import_id, table_id, row: where the record stands; newer imports have greater ids.
        asset_type, rule, strength: its classification.
        scope: the system that gave `asset_id`.
        values: attribute → cleansed value.
        custom: column → text.
        components: disks, adapters, partitions, software.
        origins: attribute → (table_id, row), for values that come from a detail table.
        other_uuids: further UUIDs of the system, such as the BIOS UUID beside the instance UUID.
    """

    source: str
    source_class: SourceClass
    import_id: UUID
    table_id: UUID
    row: int
    asset_type: AssetType
    rule: str
    strength: int
    scope: str
    values: dict[str, Any]
    custom: dict[str, str] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    origins: dict[str, tuple[UUID, int]] = field(default_factory=dict)
    other_uuids: list[str] = field(default_factory=list)
    _sealed: bytes | None = field(default=None, compare=False, repr=False)
    _keys: list[tuple[str, str]] | None = field(default=None, compare=False, repr=False)

    def sealed(self) -> bytes:
        """The content as `body` gives it, remembered: from now on nothing may be changed."""
        if self._sealed is None:
            self._sealed = self.body()
        return self._sealed

    def body(self) -> bytes:
        """The content as canonical JSON, without where it stands."""
        kind = Classification(self.asset_type, self.rule, self.strength)
        components = [[c.kind, c.name, c.attributes] for c in self.components]
        said = self.values, self.custom, self.other_uuids
        return body_of(self.source_class, kind, self.scope, *said, components)

    def identity(self) -> Identity:
        """What the record says about which asset it means."""
        identity = identity_of(self.values, self.asset_type, self.scope, self.other_uuids)
        if self.source_class is SourceClass.HYPERVISOR:
            identity = numbered(identity, self.scope, *map(self.values.get, PLACE))
        return identity

    def identity_keys(self) -> list[tuple[str, str]]:
        """The stored keys of its identity, remembered: from now on nothing may be changed."""
        if self._keys is None:
            self._keys = keys_of(self.identity())
        return self._keys

    def recall(self, keys: bytes) -> None:
        """Take over the keys, as JSON, that were worked out for the same content before."""
        self._keys = [(kind, value) for kind, value in orjson.loads(keys)]

    def where(self) -> bytes | None:
        """The origins as JSON; None when everything stands in one row."""
        if not self.origins:
            return None
        return orjson.dumps({a: [str(t), r] for a, (t, r) in sorted(self.origins.items())})


def body_of(
    source_class: SourceClass,
    kind: Classification,
    scope: str,
    values: dict[str, Any],
    custom: dict[str, str],
    other_uuids: list[str],
    components: Sequence[Any] = (),
) -> bytes:
    """What `Observation.body` gives."""
    return packed(
        {
            "class": source_class,
            "type": list(kind),
            "scope": scope,
            "values": values,
            "custom": custom,
            "other_uuids": other_uuids,
            "components": list(components),
        }
    )


def packed(document: Any) -> bytes:
    """A document as JSON with sorted keys."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def digest_of(body: bytes) -> bytes:
    """The 16-byte digest that tells whether two bodies are the same content."""
    return blake2b(body, digest_size=16).digest()


def observation_from(
    source: str,
    import_id: UUID,
    table_id: UUID,
    row: int,
    body: dict[str, Any],
    where: dict[str, Any] | None,
) -> Observation:
    """Read back what `body` and `where` wrote."""
    kind, rule, strength = body["type"]
    return Observation(
        source,
        SourceClass(body["class"]),
        import_id,
        table_id,
        row,
        AssetType(kind),
        rule,
        strength,
        body["scope"],
        body["values"],
        body["custom"],
        [Component(*c) for c in body["components"]],
        {a: (UUID(t), r) for a, (t, r) in (where or {}).items()},
        body["other_uuids"],
    )


_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def storable(document: bytes) -> str:
    """JSON as PostgreSQL can hold it: every character but NUL."""
    text = document.decode()
    return _ESCAPED_NUL.sub(r"\1", text) if "\\u0000" in text else text
