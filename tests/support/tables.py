"""Tables and records for tests of the inventory, without a file behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from landbridge.discovery.inventory.gather import Gathering
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record
from landbridge.discovery.vocabulary import TableRole
from landbridge.kit.ids import new_id

Rows = list[dict[str, Any]]


def table(
    role: TableRole,
    source: str = "",
    *,
    file: int = 1,
    name: str = "",
    columns: Iterable[str] = (),
    attributes: Iterable[str] = ("hostname",),
) -> TableFacts:
    """A table; capitalised keys of rows are custom columns."""
    return TableFacts(
        id=new_id(),
        import_id=UUID(int=1),
        file_id=UUID(int=file),
        name=name or source,
        source=source,
        role=role,
        columns=tuple(columns),
        attributes={a: (a,) for a in attributes},
    )


def records(rows: Rows) -> list[Record]:
    """Records numbered from row 2: keys with a capital are custom columns."""
    return [
        Record(
            number,
            {k: v for k, v in row.items() if k[:1].islower()},
            {k: v for k, v in row.items() if not k[:1].islower()},
        )
        for number, row in enumerate(rows, start=2)
    ]


def gathered(*tables: tuple[TableFacts, Rows]) -> Gathering:
    """What the rows of these tables become."""
    gathering = Gathering([t for t, _ in tables])
    for number in gathering.in_order():
        for record in records(tables[number][1]):
            gathering.add(number, record)
    gathering.finish()
    return gathering
