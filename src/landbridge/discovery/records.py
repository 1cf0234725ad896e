"""Records: source rows after mapping and cleansing, as the later phases read them, one by one or
by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any


@dataclass(slots=True)
class Record:
    """One row of an imported table, in the vocabulary of Discovery.

    Attributes:
        row_number: the row's number in its table, as a reader of the file counts it.
        values: attribute → cleansed value, typed as `vocabulary.Kind` says. An operating
            system text also gives `os_edition` and `os_build`; attributes without a usable
            value are absent, never empty.
        custom: column → text as found, for columns kept as custom attributes, for values no
            rule could use, and for columns that lost to another column of the same attribute.
        also: attribute → further cleansed values, of the columns that lost. A VM's instance
            UUID and its BIOS UUID both name it.
    """

    row_number: int
    values: dict[str, Any]
    custom: dict[str, str]
    also: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class RecordBatch:
    """Consecutive rows of one table, by column; None stands where a row has nothing.

    Attributes:
        numbers: the rows' numbers.
        values, custom: as in `Record`, each with one entry for each row.
        also: position of a row → what `Record.also` holds for it.
    """

    numbers: list[int]
    values: dict[str, list[Any]] = field(default_factory=dict)
    custom: dict[str, list[str | None]] = field(default_factory=dict)
    also: dict[int, dict[str, list[Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Sequence[Record]) -> RecordBatch:
        """The batch of some records."""
        return cls(
            [r.row_number for r in records],
            {a: [r.values.get(a) for r in records] for a in _named(r.values for r in records)},
            {c: [r.custom.get(c) for r in records] for c in _named(r.custom for r in records)},
            {position: r.also for position, r in enumerate(records) if r.also},
        )

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Record]:
        return map(self.record, range(len(self.numbers)))

    def record(self, position: int) -> Record:
        """One of the rows."""
        return Record(
            self.numbers[position],
            present(self.values, position),
            present(self.custom, position),
            self.also.get(position, {}),
        )


def _named(rows: Iterable[Iterable[str]]) -> dict[str, None]:
    return dict.fromkeys(chain.from_iterable(rows))


def present(columns: dict[str, list[Any]], position: int) -> dict[str, Any]:
    """What a row has, by column."""
    return {c: v for c, column in columns.items() if (v := column[position]) is not None}
