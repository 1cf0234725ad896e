"""Assembling a record: the cells of one row, cleansed and united by attribute. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.rules.base import Cleansed
from landbridge.discovery.cleansing.rules.os.join import Reading, join
from landbridge.discovery.issues import IssueSeverity
from landbridge.discovery.records import Record

USED_OF_TOTAL: Final = rule(
    "percent.used_of_total",
    "Share worked out from used and total",
    "The row tells how much memory is used and how much there is; their ratio is the "
    "utilisation, in percent.",
)

_SYSTEM: Final = frozenset({"os_name", "os_version"})
_JOIN_MEMO: Final = 4096


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table takes part in its records.

    Attributes:
        index: position of its cells in a row.
        name: the name under which its text is kept as a custom attribute, unique in the table.
        attribute: the attribute it is mapped to; None for a custom attribute.
        cleanse: the outcome for a text of this column; None for a custom attribute.
    """

    index: int
    name: str
    attribute: str | None
    cleanse: Callable[[str], Cleansed] | None


class Assembler:
    """Makes the records of one table."""

    def __init__(self, columns: Iterable[Column]) -> None:
        """
        Args:
            columns: those that are not ignored; of several with one attribute, the most
                trusted first.
        """
        self._columns = list(columns)
        self._systems: dict[tuple[str, ...], tuple[Reading, list[int]]] = {}

    def record(self, row_number: int, cells: Sequence[str]) -> Record:
        """The record of one row."""
        record = Record(row_number, {}, {})
        values = record.values
        implied: list[tuple[str, Any]] = []
        systems: list[tuple[Column, str, Reading]] = []
        width = len(cells)
        for column in self._columns:
            raw = cells[column.index] if column.index < width else ""
            if not raw or raw.isspace():
                continue
            if column.cleanse is None or column.attribute is None:
                record.custom[column.name] = raw
                continue
            cleansed = column.cleanse(raw)
            if cleansed.issue is not None and cleansed.issue.severity is not IssueSeverity.INFO:
                record.custom[column.name] = raw
            if column.attribute in _SYSTEM:
                if cleansed.values:
                    systems.append((column, raw, cleansed.values))
                continue
            for attribute, value in cleansed.values.items():
                if attribute != column.attribute:
                    implied.append((attribute, value))
                elif attribute not in values:
                    values[attribute] = value
                else:
                    _unite(record, column, raw, value)
        if systems:
            self._join(record, systems)
        for attribute, value in implied:
            values.setdefault(attribute, value)
        _share_of_memory(values)
        return record

    def _join(self, record: Record, systems: list[tuple[Column, str, Reading]]) -> None:
        key = tuple(f"{column.index}\0{raw}" for column, raw, _ in systems)
        found = self._systems.get(key)
        if found is None:
            if len(self._systems) >= _JOIN_MEMO:
                self._systems.clear()
            found = self._systems[key] = join([reading for _, _, reading in systems])
        joined, lost = found
        record.values.update(joined)
        for i in lost:
            column, raw, _ = systems[i]
            record.custom[column.name] = raw


def _unite(record: Record, column: Column, raw: str, value: Any) -> None:
    """A further value of an attribute that has one: lists unite, scalars are kept beside it."""
    attribute = column.attribute or ""
    known = record.values[attribute]
    if isinstance(known, list):
        seen = {item.casefold() for item in known}
        record.values[attribute] = known + [v for v in value if v.casefold() not in seen]
    elif value != known:
        record.also.setdefault(attribute, []).append(value)
        record.custom[column.name] = raw


def _share_of_memory(values: dict[str, Any]) -> None:
    used = values.pop("memory_used_gb", None)
    total = values.get("memory_gb")
    if used is not None and total and used <= total:
        values.setdefault("memory_utilization", round(100 * used / total, 2))


def trust(attribute: str, header: str, confidence: int, ordinal: int) -> tuple[int, int, int]:
    """The order in which columns of one attribute are asked, most trusted first.

    What runs inside a machine knows its system better than the file that configures it;
    otherwise the confidence of the mapping decides, then the place in the table.
    """
    configured = attribute == "os_name" and "config" in header.casefold()
    return int(configured), -confidence, ordinal
