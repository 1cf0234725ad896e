"""The output of the phase."""

from __future__ import annotations

from pydantic import BaseModel


class RuleUse(BaseModel):
    """A rule, and how many cells it decided."""

    rule: str
    title: str
    values: int


class Cleansing(BaseModel):
    """What cleansing did.

    Attributes:
        tables: tables with at least one mapped column.
        columns: columns mapped to an attribute.
        rows: rows of these tables.
        values: cells of these columns that are not blank.
        distinct_values: distinct texts, of columns that do not have too many to list.
        changed_values: cells whose value differs from their text; each by a recorded rule.
        rules_used: the rules that decided most cells.
        issues: issues found; the text of such a cell is kept.
    """

    tables: int = 0
    columns: int = 0
    rows: int = 0
    values: int = 0
    distinct_values: int = 0
    changed_values: int = 0
    rules_used: list[RuleUse] = []
    issues: int = 0
