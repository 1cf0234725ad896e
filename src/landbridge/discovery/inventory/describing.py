"""Describing: what the rows of an asset-describing table are, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from landbridge.discovery.inventory.classify import Classification, classify
from landbridge.discovery.inventory.keys import GROUP_OF, identity_of
from landbridge.discovery.inventory.names import parse_host
from landbridge.discovery.inventory.tables import TableFacts, is_true
from landbridge.discovery.records import RecordBatch, present


def flag(batch: RecordBatch, table: TableFacts) -> None:
    """Set the flags that columns of the table state."""
    for name, columns in table.flags.items():
        stated = [batch.custom[c] for c in columns if c in batch.custom]
        flagged = [any(is_true(t or "") for t in texts) for texts in zip(*stated, strict=True)]
        if any(flagged):
            held = batch.values.setdefault(name, [None] * len(batch))
            for position, is_set in enumerate(flagged):
                if is_set:
                    held[position] = True


def kinds_of(batch: RecordBatch, table: TableFacts) -> list[Classification]:
    """The classification of each row; rows alike in what tells it are classified once."""
    empty = [None] * len(batch)
    told = {
        "asset_type": batch.values.get("asset_type", empty),
        "db_instance": [bool(v) for v in batch.values.get("db_instance", empty)],
        "is_virtual": batch.values.get("is_virtual", empty),
        "host_system": [bool(v) for v in batch.values.get("host_system", empty)],
        "serial_number": [
            "VMWARE" if v and str(v).startswith("VMWARE") else None
            for v in batch.values.get("serial_number", empty)
        ],
        "manufacturer": batch.values.get("manufacturer", empty),
        "model": batch.values.get("model", empty),
        "os_name": batch.values.get("os_name", empty),
    }
    rows = list(zip(*told.values(), strict=True))
    kinds = {
        row: classify(
            dict(zip(told, row, strict=True)),
            table.source,
            lists_databases=table.lists_databases,
        )
        for row in set(rows)
    }
    return [kinds[row] for row in rows]


def nameless(batch: RecordBatch, kinds: list[Classification], table: TableFacts) -> set[int]:
    """Positions of the rows that name no asset."""
    found: set[int] = set()
    names: Iterable[Any] = batch.values.get("hostname", [None] * len(batch))
    for position, name in enumerate(names):
        host = parse_host(name or "")
        if not (host.name or host.address):
            values = present(batch.values, position)
            if identity_of(values, kinds[position].asset_type, table.family).names_nothing:
                found.add(position)
    return found


def add_addresses(batch: RecordBatch, kinds: list[Classification]) -> None:
    """A machine named by its address has that address, where nothing else is stated."""
    held = batch.values.get("ip_address") or [None] * len(batch)
    for position, name in enumerate(batch.values.get("hostname", ())):
        if name and held[position] is None and kinds[position].asset_type not in GROUP_OF:
            address = parse_host(name).address
            if address:
                held[position] = [address]
                batch.values["ip_address"] = held
