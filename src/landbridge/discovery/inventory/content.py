"""Content: an asset as its row, its hash and its provenance."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import orjson

from landbridge.discovery.inventory.merge import Conflict, Merged
from landbridge.discovery.inventory.names import cut
from landbridge.discovery.inventory.observations import Observation, packed, storable
from landbridge.discovery.vocabulary import Environment

MIB_PER_GIB: Final = 1024

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
    a = merged.attributes
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
        storable(packed(_document(merged))),
        orjson.dumps(_provenance(merged, observations)).decode(),
        content_hash(merged),
    )


def content_hash(merged: Merged) -> bytes:
    """Equal for equal content, whatever file it came from."""
    content = [
        merged.name,
        merged.asset_type,
        _document(merged),
        [[c.kind, c.name, c.attributes] for c in merged.components],
    ]
    return blake2b(packed(content), digest_size=16).digest()


def _document(merged: Merged) -> dict[str, Any]:
    document = dict(merged.attributes)
    if merged.custom:
        document["custom"] = merged.custom
    return document


def _provenance(merged: Merged, observations: Sequence[Observation]) -> dict[str, Any]:
    """Where values come from: `records` are [source class, table, row]; each attribute names
    its records, the believed one first, and the rule that chose it.
    """
    records: list[list[Any]] = [
        [o.source_class.value, str(o.table_id), o.row] for o in observations
    ]
    attributes: dict[str, list[Any]] = {}
    for attribute, (numbers, rule) in merged.provenance.items():
        used = list(numbers)
        origin = observations[used[0]].origins.get(attribute) if used else None
        if origin is not None:
            records.append([records[used[0]][0], str(origin[0]), origin[1]])
            used[0] = len(records) - 1
        attributes[attribute] = [used, rule]
    return {"records": records, "attributes": attributes, "asset_type": merged.type_rule}


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
