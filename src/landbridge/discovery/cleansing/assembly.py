"""Assembling a record: the cells of one row, cleansed and united by attribute. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import Cleansed
from landbridge.discovery.cleansing.rules.dispatch import cleanse
from landbridge.discovery.cleansing.rules.os.join import Reading, join
from landbridge.discovery.cleansing.rules.plain import Plain, Shape, plain_of
from landbridge.discovery.issues import IssueSeverity
from landbridge.discovery.records import Record

USED_OF_TOTAL: Final = rule(
    "percent.used_of_total",
    "Share worked out from used and total",
    "The row tells how much memory is used and how much there is; their ratio is the "
    "utilisation, in percent.",
)

_SYSTEM: Final = frozenset({"os_name", "os_version"})
_JOIN_MEMO: Final = 4_096
_MEMO: Final = 20_000


class Outcome(NamedTuple):
    """What a text of a column brings into a record.

    Attributes:
        value: of the column's attribute; None if it has none.
        implied: further attributes the text tells, for where the row has no other.
        keep: the text itself is kept too, because a part of it could not be used.
    """

    value: Any
    implied: tuple[tuple[str, Any], ...]
    keep: bool


def outcome_of(attribute: str, cleansed: Cleansed) -> Outcome:
    """The outcome of a cleansed text."""
    issue = cleansed.issue
    return Outcome(
        cleansed.values.get(attribute),
        tuple((a, v) for a, v in cleansed.values.items() if a != attribute),
        issue is not None and issue.severity is not IssueSeverity.INFO,
    )


class Outcomes(dict[str, Outcome]):
    """The outcome of each distinct text of a column; forgets all when it is full."""

    def __init__(self, attribute: str, hints: ColumnHints) -> None:
        super().__init__()
        self._attribute, self._hints = attribute, hints

    def __missing__(self, raw: str) -> Outcome:
        """Cleanse a text that is not known yet."""
        if len(self) >= _MEMO:
            self.clear()
        outcome = outcome_of(self._attribute, cleanse(self._attribute, raw, self._hints))
        self[raw] = outcome
        return outcome


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a table takes part in its records.

    Attributes:
        index: position of its cells in a row.
        name: the name under which its text is kept as a custom attribute, unique in the table.
        attribute: the attribute it is mapped to; None for a custom attribute.
        outcomes: text → outcome; None for a custom attribute.
        many: it has so many distinct texts that plain ones are better not looked up.
    """

    index: int
    name: str
    attribute: str | None = None
    outcomes: Outcomes | None = None
    many: bool = False


class Assembler:
    """Makes the records of one table."""

    def __init__(self, columns: Iterable[Column]) -> None:
        """
        Args:
            columns: those that are not ignored; of several with one attribute, the most
                trusted first.
        """
        self._columns = [_compiled(c) for c in columns]
        self._width = max((c[0] for c in self._columns), default=-1) + 1
        self._systems: dict[tuple[str, ...], tuple[Reading, list[int]]] = {}

    def record(self, row_number: int, cells: Sequence[str]) -> Record:
        """The record of one row."""
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        values: dict[str, Any] = {}
        custom: dict[str, str] = {}
        record = Record(row_number, values, custom)
        implied: list[tuple[str, Any]] = []
        systems: list[tuple[str, str, str, Outcome]] = []
        for index, name, attribute, look_up, is_plain, shape in self._columns:
            raw = cells[index]
            if not raw:
                continue
            if look_up is None:
                if not raw.isspace():
                    custom[name] = raw
                continue
            if is_plain is not None and is_plain(raw):
                value = _shaped(shape, raw)
                if shape is Shape.DNS_NAME:
                    implied.append(("hostname", raw.partition(".")[0]))
            elif attribute in _SYSTEM:
                systems.append((name, attribute, raw, look_up(raw)))
                continue
            else:
                value, others, keep = look_up(raw)
                if others:
                    implied += others
                if keep:
                    custom[name] = raw
            if value is None:
                continue
            if attribute in values:
                _unite(record, attribute, name, raw, value)
            else:
                values[attribute] = value
        if systems:
            self._join(record, systems)
        for attribute, value in implied:
            values.setdefault(attribute, value)
        if "memory_used_gb" in values:
            _share_of_memory(values)
        return record

    def _join(self, record: Record, systems: list[tuple[str, str, str, Outcome]]) -> None:
        for name, _, raw, outcome in systems:
            if outcome.keep:
                record.custom[name] = raw
        told = [s for s in systems if s[3].value is not None or s[3].implied]
        key = tuple(part for name, _, raw, _ in told for part in (name, raw))
        found = self._systems.get(key)
        if found is None:
            if len(self._systems) >= _JOIN_MEMO:
                self._systems.clear()
            found = self._systems[key] = join([_reading(a, o) for _, a, _, o in told])
        joined, lost = found
        record.values.update(joined)
        for i in lost:
            record.custom[told[i][0]] = told[i][2]


_Compiled = tuple[int, str, str, Callable[[str], Outcome] | None, Any, Shape]


def _compiled(column: Column) -> _Compiled:
    """A column as the loop over a million rows wants it."""
    if column.attribute is None or column.outcomes is None:
        return (column.index, column.name, "", None, None, Shape.SAME)
    plain = plain_of(column.attribute) if column.many else None
    return (
        column.index,
        column.name,
        column.attribute,
        column.outcomes.__getitem__,
        plain.pattern.fullmatch if plain else None,
        plain.shape if plain else Shape.SAME,
    )


def _shaped(shape: Shape, raw: str) -> Any:
    if shape is Shape.LIST:
        return [raw]
    if shape is Shape.LOWER_LIST:
        return [raw.lower()]
    if shape in {Shape.LOWER, Shape.DNS_NAME}:
        return raw.lower()
    return raw[:10] if shape is Shape.DAY else raw


def plain_values(attribute: str, plain: Plain, raw: str) -> dict[str, Any]:
    """The values of a plain text, as `cleanse` would give them."""
    values = {attribute: _shaped(plain.shape, raw)}
    if plain.shape is Shape.DNS_NAME:
        values["hostname"] = raw.partition(".")[0]
    return values


def _reading(attribute: str, outcome: Outcome) -> Reading:
    reading = dict(outcome.implied)
    if outcome.value is not None:
        reading[attribute] = outcome.value
    return reading


def _unite(record: Record, attribute: str, name: str, raw: str, value: Any) -> None:
    """A further value of an attribute that has one: lists unite, scalars are kept beside it."""
    known = record.values[attribute]
    if isinstance(known, list):
        seen = {item.casefold() for item in known}
        record.values[attribute] = known + [v for v in value if v.casefold() not in seen]
    elif value != known:
        record.also.setdefault(attribute, []).append(value)
        record.custom[name] = raw


def _share_of_memory(values: dict[str, Any]) -> None:
    used = values.pop("memory_used_gb")
    total = values.get("memory_gb")
    if total and used <= total:
        values.setdefault("memory_utilization", round(100 * used / total, 2))


def trust(attribute: str, header: str, confidence: int, ordinal: int) -> tuple[int, int, int]:
    """The order in which columns of one attribute are asked, most trusted first.

    What runs inside a machine knows its system better than the file that configures it;
    otherwise the confidence of the mapping decides, then the place in the table.
    """
    configured = attribute == "os_name" and "config" in header.casefold()
    return int(configured), -confidence, ordinal
