"""Content: an asset as its row, its hash and its provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import orjson

from landbridge.discovery.inventory.merge import Conflict, Merged
from landbridge.discovery.inventory.names import cut
from landbridge.discovery.inventory.observations import Observation, packed, storable
from landbridge.discovery.vocabulary import Environment

MIB_PER_GIB: Final = 1024

Stated = tuple[tuple[int, ...], str]
"""Numbers of the records that state a value, and the rule that chose it."""

COLUMNS: Final = (
    ("asset_type", "text"),
    ("name", "text"),
    ("environment", "text"),
    ("criticality", "text"),
    ("os_name", "text"),
    ("os_version", "text"),
    ("cpu_cores", "int"),
    ("memory_mb", "bigint"),
    ("storage_mb", "bigint"),
    ("power_state", "text"),
    ("status", "text"),
    ("attributes", "jsonb"),
    ("provenance", "jsonb"),
    ("content_hash", "bytea"),
)
"""The columns of `assets` that `row` fills, with their types."""


def row(merged: Merged, observations: Sequence[Observation]) -> tuple[Any, ...]:
    """The values of COLUMNS."""
    return row_of(merged, _provenance(merged, observations))


def row_of(merged: Merged, provenance: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of COLUMNS, with a provenance as it is stored."""
    a = merged.attributes
    document = packed(_document(merged))
    return (
        merged.asset_type.value,
        cut(merged.name.replace("\0", "")),
        a.get("environment") or Environment.UNKNOWN.value,
        a.get("criticality"),
        a.get("os_name"),
        a.get("os_version"),
        _within(a.get("cpu_cores"), 1 << 31),
        _mib(a.get("memory_gb")),
        _mib(a.get("storage_gb")),
        a.get("power_state"),
        a.get("status"),
        storable(document),
        orjson.dumps(provenance).decode(),
        _hash(merged, document),
    )


def content_hash(merged: Merged) -> bytes:
    """Equal for equal content, whatever file it came from."""
    return _hash(merged, packed(_document(merged)))


def _hash(merged: Merged, document: bytes) -> bytes:
    """The digest of the JSON list of name, type, document and components."""
    head = packed([merged.name, merged.asset_type])[:-1]
    components = packed([[c.kind, c.name, c.attributes] for c in merged.components])
    content = b"%b,%b,%b]" % (head, document, components)
    return blake2b(content, digest_size=16).digest()


def _document(merged: Merged) -> dict[str, Any]:
    document = dict(merged.attributes)
    if merged.custom:
        document["custom"] = merged.custom
    return document


def _provenance(merged: Merged, observations: Sequence[Observation]) -> dict[str, Any]:
    """Where values come from, as `origins` reads it: `records` are [source class, table, row];
    `default` are the records and the rule of all attributes that `attributes` does not name.
    """
    records: list[list[Any]] = [
        [o.source_class.value, str(o.table_id), o.row] for o in observations
    ]
    attributes: dict[str, list[Any]] = {}
    usual = _most_common(merged.provenance)
    for attribute, (numbers, rule) in merged.provenance.items():
        used = list(numbers)
        origin = observations[used[0]].origins.get(attribute) if used else None
        if origin is not None:
            records.append([records[used[0]][0], str(origin[0]), origin[1]])
            used[0] = len(records) - 1
        elif (numbers, rule) == usual:
            continue
        attributes[attribute] = [used, rule]
    return {
        "records": records,
        "attributes": attributes,
        "asset_type": merged.type_rule,
        **({"default": [list(usual[0]), usual[1]]} if usual else {}),
    }


def _most_common(provenance: Mapping[str, Stated]) -> Stated | None:
    """What most attributes have; of equally many, the first in order."""
    if len(provenance) < 2:
        return next(iter(provenance.values()), None)
    counted = Counter(provenance.values())
    return min(counted, key=lambda stated: (-counted[stated], stated))


def origins(
    provenance: Mapping[str, Any], attributes: Mapping[str, Any]
) -> dict[str, tuple[list[int], str]]:
    """Each attribute of an asset with the records that state it, the believed one first, and
    the rule that chose it.

    Args:
        provenance: as stored.
        attributes: of the same asset.
    """
    stated = provenance.get("attributes", {})
    usual = provenance.get("default")
    if usual is not None:
        stated = {a: usual for a in attributes if a != "custom"} | stated
    return {attribute: (numbers, rule) for attribute, (numbers, rule) in stated.items()}


def candidates_json(
    conflict: Conflict, observations: Sequence[Observation]
) -> list[dict[str, Any]]:
    """A conflict's candidates as stored, the most believed first."""
    listed = []
    for candidate in conflict.candidates:
        o = observations[candidate.observation]
        table, row_number = o.origins.get(conflict.attribute, (o.table_id, o.row))
        listed.append(
            {
                "value": candidate.value,
                "source": o.source_class.value,
                "import_table_id": str(table),
                "row": row_number,
                "rule": candidate.rule,
            }
        )
    return listed


def _mib(gib: Any) -> int | None:
    return None if gib is None else _within(round(gib * MIB_PER_GIB), 1 << 63)


def _within(number: int | None, limit: int) -> int | None:
    """A number that its column can hold; a greater one stays in the attributes only."""
    return number if number is not None and -limit < number < limit else None
