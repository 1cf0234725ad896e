"""Cleansing one table: survey, judgement, second reading, storing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from landbridge.discovery.cleansing import repository
from landbridge.discovery.cleansing.decided import mappings_of, places
from landbridge.discovery.cleansing.output import Cleansing
from landbridge.discovery.cleansing.rules import Cleansed
from landbridge.discovery.cleansing.survey import (
    Memo,
    Row,
    Surveyed,
    Tally,
    batches,
    survey,
    texts_of,
)
from landbridge.discovery.imports.models import ImportTable
from landbridge.discovery.imports.repository import IssueWriter, iter_rows
from landbridge.discovery.imports.tables import CellIssue
from landbridge.flows.phases import PhaseContext

_LONGEST_SHOWN: Final = 1_000


class RowProgress:
    """Counts rows; a table is done when both its readings are, or when it needs only one."""

    def __init__(self, context: PhaseContext, total: int) -> None:
        self._context, self._total = context, total
        self._halves = 0
        self._context.progress(0, total)

    def add(self, rows: int) -> None:
        """Report rows that were read."""
        self._halves += rows
        self._context.progress(min(self._halves // 2, self._total), self._total)


class TableWork:
    """Cleansing one table."""

    def __init__(self, context: PhaseContext, table: ImportTable) -> None:
        self.table = table
        self._session = context.session
        self._mappings = mappings_of(self._session, table)
        self.columns = [
            Surveyed(m.index, m.name, m.attribute)
            for m in self._mappings
            if m.attribute is not None
        ]
        self._memos: dict[int, Memo] = {}
        self._tallies = {c.index: Tally() for c in self.columns}
        self._writer = IssueWriter(self._session, repository.PHASE)
        self._rows = 0
        self._issues = 0

    def run(self, progress: RowProgress) -> None:
        """Read the table once, or twice where rows have to be named, and store the outcome."""
        session, table = self._session, self.table
        for n in survey(iter_rows(session, table.id), self.columns, table.columns, table.source):
            self._rows += n
            progress.add(n)
        watched = [c for c in self.columns if self._judge(c)]
        if watched:
            for batch in batches(iter_rows(session, table.id)):
                self._read_again(batch, watched)
                progress.add(len(batch))
            self._writer.flush()
        else:
            progress.add(self._rows)
        place_of = places(self._mappings)
        repository.store_columns(
            session,
            table.id,
            [(c, self._tallies[c.index], place_of[c.index]) for c in self.columns],
        )
        repository.store_values(session, table.id, self._lineage())

    def report(self, output: Cleansing, rules: Counter[str]) -> None:
        """Add what was done to the phase's output."""
        output.columns += len(self.columns)
        output.rows += self._rows
        output.issues += self._issues
        for column in self.columns:
            tally = self._tallies[column.index]
            output.values += tally.filled
            output.changed_values += tally.changed
            output.distinct_values += column.distinct or 0
            rules.update(tally.rules)

    def _judge(self, column: Surveyed) -> bool:
        """Cleanse the listed texts of a column; whether its rows must be read again."""
        memo = self._memos[column.index] = Memo(column.attribute, column.hints)
        if column.many:
            return True
        tally = self._tallies[column.index]
        for raw, cells in column.texts.items():
            tally.count(column.attribute, raw, memo[raw], cells)
        return tally.unusable > 0

    def _read_again(self, batch: list[Row], columns: list[Surveyed]) -> None:
        cells = [row[1] for row in batch]
        for column in columns:
            texts = texts_of(cells, column.index)
            memo = self._memos[column.index]
            others: Iterable[str] = set(texts)
            if column.many:
                others = self._count(column, texts)
            bad = {raw: memo[raw] for raw in others if memo[raw].issue is not None}
            if bad:
                self._write_issues(batch, column, texts, bad)

    def _count(self, column: Surveyed, texts: list[str]) -> Iterable[str]:
        """Count the texts of a column that is not listed; returns those that are not plain."""
        tally, memo = self._tallies[column.index], self._memos[column.index]
        counted = Counter(tally.count_plain(column.attribute, texts))
        for raw, n in counted.items():
            tally.count(column.attribute, raw, memo[raw], n)
        listed = column.texts
        for raw in texts:
            if raw in listed:
                listed[raw] += 1
        return counted

    def _write_issues(
        self, batch: list[Row], column: Surveyed, texts: list[str], bad: dict[str, Cleansed]
    ) -> None:
        for (number, _), raw in zip(batch, texts, strict=True):
            cleansed = bad.get(raw)
            if cleansed is None or cleansed.issue is None:
                continue
            shown = raw if len(raw) <= _LONGEST_SHOWN else raw[:_LONGEST_SHOWN] + "…"
            detail = f"{cleansed.issue.explanation} The column is mapped to {column.attribute}."
            self._writer.add(
                self.table.id, CellIssue(cleansed.issue, number, column.name, shown, detail)
            )
            self._issues += 1

    def _lineage(self) -> Iterator[tuple[int, str, Cleansed, int]]:
        for column in self.columns:
            memo = self._memos[column.index]
            for raw, occurrences in column.texts.items():
                if raw and not raw.isspace():
                    yield column.index, raw, memo[raw], occurrences
