"""Taking samples of a stored table: its beginning, and places spread over the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from landbridge.discovery.imports.models import ImportTable
from landbridge.discovery.imports.repository import iter_rows
from landbridge.discovery.mapping.distinct import distinct_values

_FIRST: Final = 400
_PLACES: Final = 8
_AT_A_PLACE: Final = 60


def samples_of(session: Session, table: ImportTable) -> list[list[str]]:
    """Some distinct texts of each column that are not blank."""
    return distinct_values(_rows(session, table), len(table.columns))


def _rows(session: Session, table: ImportTable) -> Iterator[list[str]]:
    last = 0
    for number, cells in islice(iter_rows(session, table.id), _FIRST):
        last = number
        yield cells
    rest = table.rows_stored - _FIRST
    if rest <= 0:
        return
    step = max(1, rest // _PLACES)
    for place in range(_PLACES):
        after = last + place * step
        for _, cells in islice(iter_rows(session, table.id, after=after), _AT_A_PLACE):
            yield cells
