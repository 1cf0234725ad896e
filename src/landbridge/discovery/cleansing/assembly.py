"""Assembling records: the cells of rows, cleansed and united by attribute. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.columns import (
    SYSTEM,
    Column,
    Implied,
    System,
    Texts,
    fill,
    join_texts,
    keep,
    overrule,
    put,
    values_of,
)
from landbridge.discovery.records import RecordBatch

USED_OF_TOTAL: Final = rule(
    "percent.used_of_total",
    "Share worked out from used and total",
    "The row tells how much memory is used and how much there is; their ratio is the "
    "utilisation, in percent.",
)

_JOIN_MEMO: Final = 4_096


class Assembler:
    """Makes the records of one table, a batch of rows at a time and column by column."""

    def __init__(self, columns: Iterable[Column]) -> None:
        """
        Args:
            columns: those that are not ignored; of several with one attribute, the most
                trusted first.
        """
        self._columns = list(columns)
        self._width = max((c.index for c in self._columns), default=-1) + 1
        self._systems: dict[tuple[str, ...], System] = {}

    def batch(self, rows: Sequence[tuple[int, Sequence[str]]]) -> RecordBatch:
        """The records of some rows: number and cells of each."""
        made = RecordBatch([number for number, _ in rows])
        width = self._width
        cells = (
            row if len(row) >= width else [*row, *[""] * (width - len(row))] for _, row in rows
        )
        by_column = list(zip(*cells, strict=False))
        implied: Implied = []
        systems: list[tuple[Column, Texts]] = []
        for column in self._columns:
            texts = by_column[column.index] if rows else ()
            if column.attribute is None or column.outcomes is None:
                keep(made, column.name, texts, lambda raw: not raw.isspace())
            elif column.attribute in SYSTEM:
                systems.append((column, texts))
            else:
                put(made, column, texts, values_of(made, column, texts, implied))
        if systems:
            self._join(made, systems)
        for attribute, values in implied:
            fill(made.values, attribute, values)
        if "memory_used_gb" in made.values:
            _share_of_memory(made)
        return made

    def _join(self, made: RecordBatch, systems: list[tuple[Column, Texts]]) -> None:
        """What the columns about the operating system say together."""
        columns = [column for column, _ in systems]
        every = list(zip(*(texts for _, texts in systems), strict=True))
        if len(self._systems) >= _JOIN_MEMO:
            self._systems.clear()
        for texts in set(every) - self._systems.keys():
            self._systems[texts] = join_texts(columns, texts)
        told = [self._systems[texts] for texts in every]
        for attribute in sorted({a for joined, _ in set(told) for a, _ in joined}):
            values = [dict(joined).get(attribute) for joined, _ in told]
            overrule(made.values, attribute, values)
        for at, (_, kept) in enumerate(told):
            for name, raw in kept:
                made.custom.setdefault(name, [None] * len(made))[at] = raw


def _share_of_memory(made: RecordBatch) -> None:
    nothing = [None] * len(made)
    used = made.values.pop("memory_used_gb")
    totals = made.values.get("memory_gb", nothing)
    shares = [
        round(100 * part / total, 2) if part is not None and total and part <= total else None
        for part, total in zip(used, totals, strict=True)
    ]
    if any(share is not None for share in shares):
        fill(made.values, "memory_utilization", shares)


def trust(attribute: str, header: str, confidence: int, ordinal: int) -> tuple[int, int, int]:
    """The order in which columns of one attribute are asked, most trusted first.

    What runs inside a machine knows its system better than the file that configures it;
    otherwise the confidence of the mapping decides, then the place in the table.
    """
    configured = attribute == "os_name" and "config" in header.casefold()
    return int(configured), -confidence, ordinal
