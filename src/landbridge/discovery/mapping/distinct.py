"""Distinct values of columns, as many as it takes to tell what they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

VALUES: Final = 50
_LONGEST: Final = 200


def distinct_values(rows: Iterable[list[str]], columns: int) -> list[list[str]]:
    """Up to `VALUES` distinct texts of each column, in the order they come."""
    found: list[dict[str, None]] = [{} for _ in range(columns)]
    open_columns = set(range(columns))
    for cells in rows:
        for index in tuple(open_columns):
            value = cells[index].strip() if index < len(cells) else ""
            if value:
                found[index].setdefault(value[:_LONGEST])
                if len(found[index]) >= VALUES:
                    open_columns.discard(index)
        if not open_columns:
            break
    return [list(values) for values in found]
