"""Surveying a table: which texts each mapped column holds, how often, and how to read them.
Pure: rows come in, memory stays bounded however many distinct texts there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from landbridge.discovery.cleansing.evidence import agree, work_out
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules import Cleansed, cleanse, is_change
from landbridge.discovery.cleansing.rules.base import EMPTY
from landbridge.discovery.cleansing.rules.plain import Shape, plain_of
from landbridge.discovery.vocabulary import ATTRIBUTES, Kind

LISTED: Final = 10_000
"""So many distinct texts of a column are listed and counted one by one."""

LISTED_NAMES: Final = 2_000
"""So many of a column whose texts nearly all differ, as names and ids do."""

BATCH: Final = 4_000
_DATE_HEAD: Final = 10
_MEMO: Final = 20_000
_NEARLY_ALL: Final = 0.9

Row = tuple[int, list[str]]


@dataclass(slots=True)
class Surveyed:
    """One mapped column under survey.

    Attributes:
        index: position of its cells.
        name: the column's name.
        attribute: what it is mapped to.
        texts: distinct texts → how often; at most `LISTED`.
        many: there are more distinct texts than `texts` lists.
        heads: beginnings of the texts of a date column, which tell the order of day and month.
        hints: how to read the column, once the survey is done.
    """

    index: int
    name: str
    attribute: str
    texts: Counter[str] = field(default_factory=Counter)
    many: bool = False
    heads: set[str] = field(default_factory=set)
    hints: ColumnHints = field(default_factory=ColumnHints)
    _taken: int = 0

    def take(self, texts: Sequence[str]) -> None:
        """Count the texts of a batch of rows."""
        if ATTRIBUTES[self.attribute].kind is Kind.DATE and len(self.heads) < LISTED:
            self.heads.update({t[:_DATE_HEAD] for t in texts})
        if self.many:
            return
        self.texts.update(texts)
        self._taken += len(texts)
        names = len(self.texts) > max(LISTED_NAMES, _NEARLY_ALL * self._taken)
        if names or len(self.texts) > LISTED:
            self.many = True
            # Counting begins anew in the second reading, for the listed texts only.
            listed = islice(self.texts, LISTED_NAMES if names else LISTED)
            self.texts = Counter(dict.fromkeys(listed, 0))

    @property
    def distinct(self) -> int | None:
        """How many distinct texts there are; None where there are too many to list."""
        return None if self.many else sum(1 for t in self.texts if t and not t.isspace())

    def evidence(self) -> Iterable[str]:
        """Distinct texts to work the hints out from."""
        yield from self.heads
        yield from self.texts


class Memo(dict[str, Cleansed]):
    """The outcome for each distinct text of a column; forgets all when it is full."""

    def __init__(self, attribute: str, hints: ColumnHints, limit: int = _MEMO) -> None:
        super().__init__()
        self._attribute, self._hints, self._limit = attribute, hints, limit

    def __missing__(self, raw: str) -> Cleansed:
        """Cleanse a text that is not known yet."""
        if len(self) >= self._limit:
            self.clear()
        cleansed = self[raw] = cleanse(self._attribute, raw, self._hints)
        return cleansed


def survey(
    rows: Iterable[Row], columns: Sequence[Surveyed], headers: Sequence[str], source: str | None
) -> Iterator[int]:
    """Read all rows once and leave every column with its texts and hints.

    Args:
        rows: number and cells.
        columns: the mapped columns.
        headers: names of all columns of the table.
        source: the tool that wrote the file, where it was recognised.

    Yields:
        The number of rows read since the last time.
    """
    for batch in batches(rows):
        cells = [row[1] for row in batch]
        for column in columns:
            column.take(texts_of(cells, column.index))
        yield len(batch)
    hints = [work_out(c.attribute, c.name, c.evidence(), source) for c in columns]
    agreed = agree([c.attribute for c in columns], hints, headers)
    for column, hint in zip(columns, agreed, strict=True):
        column.hints = hint


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in lists of at most `BATCH`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def texts_of(cells: Sequence[Sequence[str]], index: int) -> list[str]:
    """The texts of one column; short rows have none there."""
    return [row[index] if index < len(row) else "" for row in cells]


@dataclass(slots=True)
class Tally:
    """What became of the cells of a column.

    Attributes:
        filled: cells that are not blank.
        changed: cells whose value differs from their text.
        unusable: cells with an issue.
        rules: rule id → cells.
    """

    filled: int = 0
    changed: int = 0
    unusable: int = 0
    rules: Counter[str] = field(default_factory=Counter)

    def count_plain(self, attribute: str, texts: list[str]) -> list[str]:
        """Count the cells whose texts are in their final form; returns the other texts."""
        plain = plain_of(attribute)
        if plain is None:
            return texts
        is_plain = plain.pattern.fullmatch
        others: list[str] = []
        found: list[str] = []
        for text in texts:
            (found if is_plain(text) else others).append(text)
        if found:
            self.filled += len(found)
            self.rules[plain.rule] += len(found)
        if plain.shape in {Shape.LOWER, Shape.LOWER_LIST, Shape.DNS_NAME}:
            self.changed += sum(1 for t in found if t != t.lower())
        elif plain.shape is Shape.DAY:
            self.changed += sum(1 for t in found if len(t) > _DATE_HEAD)
        return others

    def count(self, attribute: str, raw: str, cleansed: Cleansed, cells: int) -> None:
        """Count cells that hold one text."""
        if cleansed.rule == EMPTY:
            return
        self.filled += cells
        self.rules[cleansed.rule] += cells
        if cleansed.issue is not None:
            self.unusable += cells
        kept_aside = cleansed.issue is not None and not cleansed.values
        if not kept_aside and is_change(attribute, raw, cleansed):
            self.changed += cells
