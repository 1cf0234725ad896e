"""What cleansing tells about columns and values, in words."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from landbridge.discovery.cleansing.hints import Basis, ColumnHints, DateOrder


class RuleCount(BaseModel):
    """A rule, and how many cells of a column it decided."""

    rule: str
    title: str
    explanation: str
    values: int


class ColumnReport(BaseModel):
    """How one column was read.

    Attributes:
        filled: cells that are not blank.
        distinct_values: None where there are too many to list.
        changed: cells whose value differs from their text.
        unusable: cells with an issue.
        reading: sentences that say what the whole column told about its values.
        rules: the rules that decided, most used first.
    """

    ordinal: int
    column: str
    attribute: str
    filled: int
    distinct_values: int | None
    changed: int
    unusable: int
    reading: list[str]
    rules: list[RuleCount]


class ValueLineage(BaseModel):
    """How one text became a value.

    Attributes:
        raw: the text as found.
        values: attribute → typed value; empty when the text gives none.
        rule, title, explanation: the rule that decided.
        issue: code of what is wrong with the text, if anything.
        remedy: what to do about it.
        occurrences: rows of the column with this text; None where they were not counted.
        reading: sentences that say what the whole column told about its values.
    """

    column: str
    attribute: str
    raw: str
    values: dict[str, Any]
    rule: str
    title: str
    explanation: str
    issue: str | None
    remedy: str | None
    occurrences: int | None
    reading: list[str]


_BASIS = {
    Basis.HEADER: "the column's name says so",
    Basis.SOURCE: "the tool that wrote the file is known to use it",
    Basis.VALUES: "the values of the column show it",
    Basis.TABLE: "other columns of the table show it",
    Basis.DEFAULT: "nothing says otherwise",
}


def reading(hints: ColumnHints) -> list[str]:
    """What a column as a whole told about its values, in sentences."""
    told: list[str] = []
    if hints.size_unit and hints.size_basis:
        told.append(
            f"Numbers without a unit are {hints.size_unit.value}: {_BASIS[hints.size_basis]}."
        )
    if hints.frequency_unit:
        told.append(f"Numbers without a unit are {hints.frequency_unit.value}.")
    if hints.decimal:
        sign = "comma" if hints.decimal == "," else "point"
        told.append(f"Decimals are written with a {sign}.")
    if hints.date_order and hints.date_basis:
        order = "day first" if hints.date_order is DateOrder.DAY_FIRST else "month first"
        told.append(f"Dates are written {order}: {_BASIS[hints.date_basis]}.")
    if hints.fraction:
        told.append("All numbers lie between 0 and 1, so they are shares of one.")
    if hints.inverted:
        told.append("The column asks for physical systems, so a yes means not virtual.")
    return told
