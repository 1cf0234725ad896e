"""Assets that one row describes: the same outcome as merging, without anything to weigh, worked
out and written for a batch of rows at a time. Most of what a first import brings is of this sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from landbridge.database import bulk
from landbridge.database.session import TenantSession
from landbridge.discovery.inventory import content
from landbridge.discovery.inventory.applications import ApplicationBook
from landbridge.discovery.inventory.classify import Classification
from landbridge.discovery.inventory.documents import Columns
from landbridge.discovery.inventory.observations import body_of, digest_of, packed
from landbridge.discovery.inventory.single import row_of
from landbridge.discovery.inventory.tables import TableFacts

Line = tuple[str, ...]

_OBSERVED: Final = (
    *(("asset_id", "uuid"), ("source", "text"), ("digest", "bytea"), ("row_number", "bigint")),
    ("body", "json"),
)


@dataclass(slots=True)
class PlainRows:
    """New assets, as lines of text for the tables they go to.

    Attributes:
        table: whose rows they were.
        assets, observations, keys, sources: a line for each row of those tables.
        links: (key of an application, asset, evidence).
    """

    table: TableFacts
    assets: list[Line] = field(default_factory=list)
    observations: list[Line] = field(default_factory=list)
    keys: list[Line] = field(default_factory=list)
    sources: list[Line] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)

    def add(
        self,
        asset: str,
        row: int,
        kind: Classification,
        scope: str,
        said: tuple[dict[str, Any], dict[str, str], list[str]],
        keys: Sequence[tuple[str, str]],
    ) -> None:
        """Add an asset.

        Args:
            asset: its id, in hexadecimal digits.
            row: number of the row that describes it.
            kind, scope: of the row.
            said: values, custom texts and further UUIDs of the row.
            keys: its identity keys.
        """
        values, custom, uuids = said
        table = self.table
        body = body_of(table.source_class, kind, scope, values, custom, uuids)
        told = row_of(table.source_class, str(table.id), row, kind, values, custom)
        self.assets.append((asset, *map(_text, told)))
        digest = f"\\x{digest_of(body).hex()}"
        self.observations.append((asset, table.key, digest, str(row), body.decode()))
        self.keys += [(key, value, asset) for key, value in keys]
        self.sources.append((asset, str(row)))

    def link(self, book: ApplicationBook, asset: str, row: int, names: Sequence[str]) -> None:
        """Note the applications that the row of an asset states."""
        entered: dict[str, str] = {}
        for name in names:
            found = book.named(name)
            if found is not None:
                entered.setdefault(found[0], name)
        for key, name in entered.items():
            evidence = [{"import_table_id": str(self.table.id), "row": row, "text": name}]
            self.links.append((key, asset, packed(evidence).decode()))

    def write(self, session: TenantSession, fixed: Mapping[str, tuple[str, Any]]) -> None:
        """Write all but the links.

        Args:
            session: the transaction.
            fixed: column of `assets` → type and value, of what is the same for all.
        """
        engagement = {"engagement_id": fixed["engagement_id"]}
        table = {"import_table_id": ("uuid", self.table.id)}
        columns = (("id", "uuid"), *content.COLUMNS)
        bulk.insert_text(session, "assets", columns, self.assets, fixed)
        read = table | {"import_id": ("uuid", self.table.import_id)}
        bulk.insert_text(session, "asset_observations", _OBSERVED, self.observations, read)
        # In the order of their index, neighbours go to the same of its pages.
        self.keys.sort()
        names = (("kind", "text"), ("value", "text"), ("asset_id", "uuid"))
        bulk.insert_text(session, "asset_keys", names, self.keys, engagement)
        rows = (("asset_id", "uuid"), ("row_number", "bigint"))
        bulk.insert_text(session, "asset_sources", rows, self.sources, table)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def said_by(
    columns: Columns, positions: Sequence[int]
) -> Iterator[tuple[dict[str, Any], dict[str, str], list[str]]]:
    """What some rows of a batch say: values, custom texts, further UUIDs."""
    attributes, texts = list(columns.values), list(columns.custom)
    rows = list(zip(*columns.values.values(), strict=True))
    customs = list(zip(*columns.custom.values(), strict=True))
    for position in positions:
        values = {a: v for a, v in zip(attributes, rows[position], strict=True) if v is not None}
        custom: dict[str, str] = {}
        if texts:
            kept = zip(texts, customs[position], strict=True)
            custom = {c: t for c, t in kept if t is not None}
        yield values, custom, columns.uuids.get(position, [])
