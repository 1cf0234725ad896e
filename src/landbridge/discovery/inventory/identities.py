"""What the records of a batch say about which assets they mean, by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.classify import Classification
from landbridge.discovery.inventory.documents import Columns
from landbridge.discovery.inventory.keys import (
    GROUP_OF,
    PLACE,
    TELLING,
    Identity,
    identity_of,
    machine_identity,
    numbered,
    row_key,
)
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import present


def scopes_of(columns: Columns, positions: Sequence[int], table: TableFacts) -> list[str]:
    """The scope of the ids in each of some rows."""
    if not table.instances:
        return [table.family] * len(positions)
    custom = {c: columns.custom[c] for c in table.instances if c in columns.custom}
    return [table.scope(present(custom, position)) for position in positions]


def identities_of(
    columns: Columns,
    positions: Sequence[int],
    kinds: Sequence[Classification],
    scopes: Sequence[str],
    table: TableFacts,
) -> list[Identity]:
    """The identity of each of some rows.

    Args:
        columns: of a batch.
        positions: the rows.
        kinds, scopes: classification and scope of each of them.
        table: whose rows they are.
    """
    telling = _columns(columns, TELLING)
    places = _columns(columns, PLACE)
    of_hypervisor = table.source_class is SourceClass.HYPERVISOR
    found: list[Identity] = []
    for position, kind, scope in zip(positions, kinds, scopes, strict=True):
        uuids = columns.uuids.get(position, ())
        if kind.asset_type in GROUP_OF:
            values = present(columns.values, position)
            identity = identity_of(values, kind.asset_type, scope, uuids)
        else:
            told: list[Any] = [column[position] for column in telling]
            identity = machine_identity(scope, uuids, *told)
        if of_hypervisor:
            identity = numbered(identity, scope, *(column[position] for column in places))
        found.append(identity)
    return found


def row_keys_of(
    columns: Columns, positions: Sequence[int], identities: Sequence[Identity]
) -> list[str]:
    """`row_key` of some rows."""
    places = _columns(columns, PLACE)
    return [
        row_key(identity, *(column[position] for column in places))
        for position, identity in zip(positions, identities, strict=True)
    ]


def _columns(columns: Columns, attributes: Sequence[str]) -> list[Sequence[str | None]]:
    count = max((len(c) for c in columns.values.values()), default=0)
    nothing: Sequence[str | None] = (None,) * count
    return [columns.values.get(attribute, nothing) for attribute in attributes]
