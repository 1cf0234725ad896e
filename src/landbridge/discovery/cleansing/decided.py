"""Which columns take part in records, as their mapping was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from landbridge.discovery.cleansing.assembly import trust
from landbridge.discovery.imports.models import ImportTable

_MAPPINGS: Final = text("""
select column_name, target, attribute, confidence, status from app.column_mappings
 where import_table_id = :table order by ordinal""")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What was decided about one column.

    Attributes:
        index: position of its cells.
        name: the column's name.
        attribute: what it is mapped to; None for a custom attribute.
        confidence: of the mapping, in per mille.
    """

    index: int
    name: str
    attribute: str | None
    confidence: int


def mappings_of(session: Session, table: ImportTable) -> list[Mapping]:
    """The columns that take part in records. A column without an approved attribute is a custom
    attribute: nothing is lost because nobody decided. Only what was approved as such is ignored.
    """
    decided = {
        row.column_name: row for row in session.execute(_MAPPINGS, {"table": table.id}).all()
    }
    mappings: list[Mapping] = []
    for index, name in enumerate(table.columns):
        row = decided.get(name)
        if row is None or row.status != "approved":
            mappings.append(Mapping(index, name, None, 0))
        elif row.target != "ignore":
            attribute = row.attribute if row.target == "attribute" else None
            mappings.append(Mapping(index, name, attribute, row.confidence))
    return mappings


def places(mappings: Sequence[Mapping]) -> dict[int, int]:
    """Column index → its place among the columns of its attribute, 0 for the most trusted."""
    mapped = [m for m in mappings if m.attribute is not None]
    ordered = sorted(mapped, key=lambda m: trust(m.attribute or "", m.name, m.confidence, m.index))
    seen: dict[str, int] = {}
    found: dict[int, int] = {}
    for m in ordered:
        attribute = m.attribute or ""
        found[m.index] = seen[attribute] = seen.get(attribute, -1) + 1
    return found
