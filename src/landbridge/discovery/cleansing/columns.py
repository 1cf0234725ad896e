"""Columns on their way into records: what the texts of each bring, and what several of one
attribute make together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import Cleansed
from landbridge.discovery.cleansing.rules.dispatch import cleanse
from landbridge.discovery.cleansing.rules.os.join import Reading, join
from landbridge.discovery.cleansing.rules.plain import Plain, Shape, plain_of
from landbridge.discovery.issues import IssueSeverity
from landbridge.discovery.records import RecordBatch

SYSTEM: Final = frozenset({"os_name", "os_version"})
"""Attributes whose columns are read together."""

_MEMO: Final = 20_000

Texts = Sequence[str]
"""The texts of a column, one for each row."""

Implied = list[tuple[str, list[Any]]]
"""Attributes that texts of other columns tell, one value for each row, the first to ask first."""


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


def plain_values(attribute: str, plain: Plain, raw: str) -> dict[str, Any]:
    """The values of a plain text, as `cleanse` would give them."""
    values: dict[str, Any] = {attribute: shaped(plain.shape, [raw])[0]}
    if plain.shape is Shape.DNS_NAME:
        values["hostname"] = raw.partition(".")[0]
    return values


def shaped(shape: Shape, texts: Sequence[str | None]) -> list[Any]:
    """The values of plain texts; None stays."""
    if shape is Shape.LIST:
        return [None if t is None else [t] for t in texts]
    if shape is Shape.LOWER_LIST:
        return [None if t is None else [t.lower()] for t in texts]
    if shape in {Shape.LOWER, Shape.DNS_NAME}:
        return [None if t is None else t.lower() for t in texts]
    if shape is Shape.DAY:
        return [None if t is None else t[:10] for t in texts]
    return list(texts)


def values_of(made: RecordBatch, column: Column, texts: Texts, implied: Implied) -> list[Any]:
    """The values of a mapped column; what else its texts tell goes to `implied`, and what no
    rule can use is kept.
    """
    plain = plain_of(column.attribute) if column.many and column.attribute else None
    if plain is None:
        return _looked_up(made, column, texts, implied)
    is_plain = plain.pattern.fullmatch
    found: list[str | None] = [t if is_plain(t) else None for t in texts]
    values = shaped(plain.shape, found)
    if plain.shape is Shape.DNS_NAME:
        hosts = [None if t is None else t.partition(".")[0] for t in found]
        implied.append(("hostname", hosts))
    if None in found:
        others = ["" if f is not None else t for t, f in zip(texts, found, strict=True)]
        if any(others):
            for at, value in enumerate(_looked_up(made, column, others, implied)):
                if value is not None:
                    values[at] = value
    return values


def _looked_up(made: RecordBatch, column: Column, texts: Texts, implied: Implied) -> list[Any]:
    known: dict[str, Outcome] = {} if column.outcomes is None else column.outcomes
    outcomes = {raw: known[raw] for raw in set(texts) if raw}
    for attribute in sorted({a for o in outcomes.values() for a, _ in o.implied}):
        told = {raw: dict(o.implied).get(attribute) for raw, o in outcomes.items()}
        implied.append((attribute, list(map(told.get, texts))))
    kept = {raw for raw, o in outcomes.items() if o.keep}
    if kept:
        keep(made, column.name, texts, kept.__contains__)
    values = {raw: o.value for raw, o in outcomes.items()}
    return list(map(values.get, texts))


def keep(made: RecordBatch, name: str, texts: Texts, wanted: Callable[[str], bool]) -> None:
    """Keep those texts of a column that are not empty and are wanted."""
    kept = {raw for raw in set(texts) if raw and wanted(raw)}
    if not kept:
        return
    held = made.custom.get(name)
    if held is None:
        made.custom[name] = [raw if raw in kept else None for raw in texts]
        return
    for at, raw in enumerate(texts):
        if raw in kept:
            held[at] = raw


def put(made: RecordBatch, column: Column, texts: Texts, values: list[Any]) -> None:
    """Enter the values of a column, beside those of columns with the same attribute."""
    attribute = column.attribute or ""
    held = made.values.get(attribute)
    if held is None:
        if any(value is not None for value in values):
            made.values[attribute] = values
        return
    for at, (known, value) in enumerate(zip(held, values, strict=True)):
        if value is None:
            continue
        if known is None:
            held[at] = value
        elif isinstance(known, list):
            seen = {item.casefold() for item in known}
            held[at] = known + [v for v in value if v.casefold() not in seen]
        elif value != known:
            made.also.setdefault(at, {}).setdefault(attribute, []).append(value)
            made.custom.setdefault(column.name, [None] * len(made))[at] = texts[at]


def fill(columns: dict[str, list[Any]], attribute: str, values: list[Any]) -> None:
    """Enter values where a row has none."""
    held = columns.get(attribute)
    if held is None:
        if any(value is not None for value in values):
            columns[attribute] = values
        return
    for at, value in enumerate(values):
        if held[at] is None:
            held[at] = value


def overrule(columns: dict[str, list[Any]], attribute: str, values: list[Any]) -> None:
    """Enter values instead of those that the rows have."""
    held = columns.setdefault(attribute, values)
    for at, value in enumerate(values):
        if value is not None:
            held[at] = value


System = tuple[tuple[tuple[str, Any], ...], tuple[tuple[str, str], ...]]
"""Values of the operating system, and (column, text) of what is kept as custom attribute."""


def join_texts(columns: Sequence[Column], texts: Texts) -> System:
    """What the columns about the operating system of one row say together."""
    told: list[tuple[str, str, Reading]] = []
    kept: list[tuple[str, str]] = []
    for column, raw in zip(columns, texts, strict=True):
        if not raw or column.outcomes is None:
            continue
        value, implied, keeps = column.outcomes[raw]
        if keeps:
            kept.append((column.name, raw))
        if value is not None or implied:
            own = {} if value is None else {str(column.attribute): value}
            told.append((column.name, raw, {**dict(implied), **own}))
    joined, lost = join([reading for _, _, reading in told])
    return tuple(joined.items()), (*kept, *(told[i][:2] for i in lost))
