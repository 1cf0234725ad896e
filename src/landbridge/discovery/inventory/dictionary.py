"""The data dictionary: what every attribute of an asset is, whose word about it is believed, and,
for an engagement, how many assets have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.agreement import DECIDABLE
from landbridge.discovery.inventory.authority import SourceClass, authority
from landbridge.discovery.inventory.export import ATTRIBUTE_COLUMNS
from landbridge.discovery.inventory.merge import LISTS
from landbridge.discovery.vocabulary import (
    ATTRIBUTES,
    AssetType,
    Criticality,
    Environment,
    Kind,
)

_TYPES: Final = {
    Kind.TEXT: ("text", None),
    Kind.NAME: ("text", None),
    Kind.INTEGER: ("integer", None),
    Kind.GIB: ("number", "GiB"),
    Kind.MHZ: ("integer", "MHz"),
    Kind.PERCENT: ("number", "%"),
    Kind.BOOLEAN: ("boolean", None),
    Kind.DATE: ("date", None),
    Kind.IP_LIST: ("list of texts", None),
    Kind.MAC_LIST: ("list of texts", None),
    Kind.UUID: ("UUID", None),
    Kind.SERIAL: ("text", None),
    Kind.OS: ("text", None),
    Kind.ENVIRONMENT: ("one of", None),
    Kind.CRITICALITY: ("one of", None),
    Kind.POWER: ("one of", None),
    Kind.NAME_LIST: ("list of texts", None),
    Kind.PORT: ("integer", None),
}
_VALUES: Final = {
    Kind.ENVIRONMENT: tuple(Environment),
    Kind.CRITICALITY: tuple(Criticality),
    Kind.POWER: ("on", "off", "suspended"),
}
_FURTHER: Final = {
    "os_edition": "Edition of the operating system, as its name states it",
    "os_build": "Build number of the operating system",
    "is_template": "A template, of which VMs are made",
    "is_placeholder": "A placeholder VM of a disaster recovery product",
}
_WHEN_SEVERAL: Final = {
    "united": "All values are kept, without repeats.",
    "asked": "The most believed source counts; a person is asked where sources disagree.",
    "believed": "The most believed source counts, of equals the newest.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute.

    Attributes:
        attribute: its name, in exports the name of its column.
        type, unit: of its values; `values` lists those that a closed vocabulary has.
        meaning: what it says.
        sources: sorts of sources, the most believed first.
        when_several: what becomes of several sources' values: united, asked or believed.
        assets: how many assets of the engagement have it; None without an engagement.
        example: one of their values.
    """

    attribute: str
    type: str
    unit: str | None
    values: tuple[str, ...]
    meaning: str
    sources: tuple[str, ...]
    when_several: str
    assets: int | None = None
    example: Any = None


def explained(when_several: str) -> str:
    """What `Entry.when_several` means."""
    return _WHEN_SEVERAL[when_several]


def dictionary() -> list[Entry]:
    """Every attribute of assets, in the order of exports."""
    return [_entry(attribute) for attribute in (*ATTRIBUTE_COLUMNS, *_FURTHER)]


def _entry(attribute: str) -> Entry:
    known = ATTRIBUTES.get(attribute)
    kind = known.kind if known else Kind.TEXT
    named, unit = _TYPES[kind]
    values = _VALUES.get(kind, ())
    if attribute.startswith("is_"):
        named = "boolean"
    if attribute == "asset_type":
        named, values = "one of", tuple(AssetType)
    several = "united" if attribute in LISTS else "asked" if attribute in DECIDABLE else "believed"
    return Entry(
        attribute,
        named,
        unit,
        tuple(str(v) for v in values),
        known.description if known else _FURTHER[attribute],
        tuple(s.value for s in sorted(SourceClass, key=lambda s: authority(attribute, s))),
        several,
    )


_FILLED: Final = text("""
select e.key, count(*) as assets, min(case when jsonb_typeof(e.value) <> 'array'
         then e.value #>> '{}' else e.value ->> 0 end) as example
  from app.assets a, jsonb_each(a.attributes) e
 where a.engagement_id = :e and e.key <> 'custom' group by e.key""")
_TYPED: Final = text("""
select count(*) as assets, min(asset_type) as example from app.assets where engagement_id = :e""")
_CUSTOM: Final = text("""
select e.key, count(*) as assets, min(e.value) as example
  from app.assets a, jsonb_each_text(a.attributes -> 'custom') e
 where a.engagement_id = :e group by e.key order by assets desc, e.key limit :most""")
MOST_CUSTOM: Final = 500


@dataclass(frozen=True, slots=True)
class Custom:
    """A column of a source that no attribute stands for, kept as text.

    Attributes:
        column: its name.
        assets: how many assets have it.
        example: one of their texts.
    """

    column: str
    assets: int
    example: str


def of_engagement(
    session: TenantSession, engagement_id: UUID
) -> tuple[int, list[Entry], list[Custom]]:
    """How many assets an engagement has, the dictionary with how many have each attribute, and
    its custom attributes, the most frequent first, at most MOST_CUSTOM.
    """
    given = {"e": engagement_id}
    total = session.execute(_TYPED, given).one()
    filled = {row.key: (row.assets, row.example) for row in session.execute(_FILLED, given)}
    if total.assets:
        filled["asset_type"] = total.assets, total.example
    entries = []
    for entry in dictionary():
        assets, example = filled.get(entry.attribute, (0, None))
        fields = {f: getattr(entry, f) for f in Entry.__slots__}
        entries.append(Entry(**fields | {"assets": assets, "example": example}))
    rows = session.execute(_CUSTOM, given | {"most": MOST_CUSTOM})
    return total.assets, entries, [Custom(r.key, r.assets, r.example) for r in rows]
