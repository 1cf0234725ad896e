"""End-of-life data: releases of products with the dates their makers support them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self

from landbridge.discovery.techdebt.errors import EndOfLifeDataInvalid, EndOfLifeDataMissing
from landbridge.kit.settings import settings

COLUMNS: Final = (
    *("product", "title", "cycle", "label", "release", "end_of_active_support", "eol"),
    *("extended_support_end", "latest", "category", "source", "provenance", "confidence", "as_of"),
)


class Open(StrEnum):
    """What stands where no date is known."""

    SUPPORTED = "supported"  # still supported, no end announced
    ENDED = "ended"  # over, the day is not known


class Confidence(StrEnum):
    """How well a line of the data was checked."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


End = date | Open | None
"""A date, or what is known instead of one; None: nothing is known."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One release cycle of a product.

    Attributes:
        product: key of the product, such as 'windows-server'.
        title: the product's name.
        cycle: key of the release, such as '2012-r2'.
        label: the release as people call it.
        release: the day it came out.
        active_end: end of active development.
        end: end of regular support, security fixes included.
        extended_end: end of support that must be bought.
        category: os, database, server-app, …
        source: where the dates are published.
        provenance: through whom they came to us, and under which licence.
        confidence: how well they were checked.
        as_of: the day on which they were taken.
    """

    product: str
    title: str
    cycle: str
    label: str
    release: date | None
    active_end: End
    end: End
    extended_end: End
    category: str
    source: str
    provenance: str
    confidence: Confidence
    as_of: date

    @property
    def name(self) -> str:
        """Product and release, as a reader expects them."""
        label = self.label or self.cycle
        title = self.title.removeprefix("Microsoft ")
        words, known = label.lower().split(), self.title.lower().split()
        if known[-1] in words or words[0] in known:
            return label.removeprefix("Microsoft ")
        return f"{title} {label}"

    def ended(self, today: date) -> bool | None:
        """Whether regular support is over; None if the data does not say."""
        return is_over(self.end, today)


def is_over(end: End, today: date) -> bool | None:
    """Whether an end lies before today; None if nothing is known of it."""
    if end is None:
        return None
    if isinstance(end, date):
        return end < today
    return end is Open.ENDED


class EolData:
    """All cycles, by product."""

    def __init__(self, cycles: Iterable[Cycle]) -> None:
        self.products: dict[str, list[Cycle]] = {}
        for cycle in cycles:
            self.products.setdefault(cycle.product, []).append(cycle)
        days = (c.as_of for cs in self.products.values() for c in cs)
        self.as_of: date = max(days, default=date.min)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read the data from a CSV file with the columns `COLUMNS`.

        Raises:
            EndOfLifeDataMissing: the file cannot be opened.
            EndOfLifeDataInvalid: a column is missing, or a line cannot be used.
        """
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return cls(_read(file, path.name))
        except OSError as e:
            raise EndOfLifeDataMissing(file=path.name, reason=e.strerror or str(e)) from e

    def newest_supported(self, product: str, today: date) -> Cycle | None:
        """The newest release of a product that is still supported."""
        supported = [c for c in self.products.get(product, ()) if c.ended(today) is False]
        released = [c for c in supported if c.release and c.release <= today]
        return max(released, key=lambda c: (c.release or date.min, c.cycle), default=None)


@lru_cache(maxsize=1)
def shipped() -> EolData:
    """The data that comes with this release."""
    text = files(__package__).joinpath("data", "eol.csv").read_text("utf-8")
    return EolData(_read(io.StringIO(text, newline=""), "eol.csv"))


def current() -> EolData:
    """The data in use: that of the setting `end_of_life_data`, else the shipped one.

    Raises:
        EndOfLifeDataMissing: the file of the setting cannot be opened.
        EndOfLifeDataInvalid: a line of it cannot be used.
    """
    path = settings().end_of_life_data
    if path is None:
        return shipped()
    try:
        changed = path.stat().st_mtime_ns
    except OSError as e:
        raise EndOfLifeDataMissing(file=path.name, reason=e.strerror or str(e)) from e
    return _loaded(path, changed)


@lru_cache(maxsize=2)
def _loaded(path: Path, _changed: int) -> EolData:
    """The data of a file, read anew when the file has changed."""
    return EolData.from_file(path)


def _read(lines: Iterable[str], name: str) -> Iterator[Cycle]:
    reader = csv.DictReader(lines)
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        raise EndOfLifeDataInvalid(
            line=1, file=name, reason=f"the column '{missing[0]}' is missing"
        )
    for line in reader:
        try:
            yield _cycle(line)
        except ValueError as e:
            raise EndOfLifeDataInvalid(line=reader.line_num, file=name, reason=str(e)) from e


def _cycle(line: dict[str, Any]) -> Cycle:
    if any(line[column] is None for column in COLUMNS):
        raise ValueError("it has too few cells")
    if not line["product"] or not line["cycle"]:
        raise ValueError("product and cycle must not be empty")
    return Cycle(
        product=line["product"],
        title=line["title"],
        cycle=line["cycle"],
        label=line["label"],
        release=date.fromisoformat(line["release"]) if line["release"] else None,
        active_end=_end(line["end_of_active_support"]),
        end=_end(line["eol"]),
        extended_end=_end(line["extended_support_end"]),
        category=line["category"],
        source=line["source"],
        provenance=line["provenance"],
        confidence=Confidence(line["confidence"]),
        as_of=date.fromisoformat(line["as_of"]),
    )


def _end(text: str) -> End:
    if not text:
        return None
    return date.fromisoformat(text) if text[0].isdigit() else Open(text)
