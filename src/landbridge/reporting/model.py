"""What a report is made of, whatever it is written as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

Cell = str | int | float | None

MOST_ROWS: Final = 5_000
"""Rows of one table at most; what is left out is counted, and the memory of a report is bounded."""


class ChartKind(StrEnum):
    """How a table is drawn: one bar for each row, lying or, for points in time, standing."""

    BARS = "bars"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: its head.
        width: in characters, for workbooks.
        number: its values are numbers.
    """

    title: str
    width: int = 16
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the chart that draws its first column against one of numbers.

    Attributes:
        title: what it shows.
        columns: its columns; `rows` have as many values.
        rows: MOST_ROWS at most.
        total: how many rows there are altogether, where some may be left out.
        chart: how to draw it; None: not.
        drawn: index of the column that is drawn.
        whole: the value of a full bar; None: the largest there is.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: int | None = None
    chart: ChartKind | None = None
    drawn: int = 1
    whole: int | None = None

    @property
    def left_out(self) -> int:
        """Rows that exist and are not here."""
        return max(0, (self.total or 0) - len(self.rows))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a sheet, or a chapter.

    Attributes:
        name: up to 31 characters, unique.
        words: how to read it.
        tables: what it shows.
    """

    name: str
    words: Sequence[str]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Report:
    """The report of an engagement on one day.

    Attributes:
        engagement, client_account: whose it is, by name.
        made_on: the day.
        sections: those about which there is something to say.
    """

    engagement: str
    client_account: str
    made_on: date
    sections: Sequence[Section] = field(default_factory=tuple)

    @property
    def dated(self) -> str:
        """The line that says when it was made."""
        return f"Made on {self.made_on:%d %B %Y} by Landbridge"


def percent(part: int, whole: int) -> float:
    """A share in percent, to one place."""
    return round(100 * part / whole, 1) if whole else 0.0


def named(name: str | None) -> str:
    """A value of a vocabulary in words."""
    return name.replace("_", " ").capitalize() if name else "Unknown"
