"""The lists of records inside a JSON document, found and read from a stream of parse events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from landbridge.discovery.imports.formats.jsonvalues import flatten, merged, text_of

Event = tuple[str, Any]
MAX_DEPTH: Final = 200
_MAX_OUTSIDE: Final = 100
_SHORT_LIST: Final = 100


class TooDeep(Exception):
    """The document is nested more deeply than any record is."""


@dataclass(slots=True)
class JsonList:
    """A list of records.

    Attributes:
        path: dotted path from the root; empty for the root itself.
        ordinal: how many lists begin before it, those inside records not counted.
        columns: union of the records' columns, in order of appearance.
        grid: whether the records are lists of cells.
        count: how many there are.
    """

    path: str
    ordinal: int
    columns: dict[str, None] = field(default_factory=dict)
    grid: bool = False
    count: int = 0


@dataclass(slots=True)
class Outline:
    """What a document holds.

    Attributes:
        lists: its lists of records.
        outside: path → text of values beside them.
        root_record: the root object as one record, when there is no list of records.
        scalar: whether the document is a single plain value.
        arrays: how many lists there are, those inside records not counted.
    """

    lists: list[JsonList] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    root_record: dict[str, str] | None = None
    scalar: bool = False
    arrays: int = 0


def outline(events: Iterator[Event]) -> Outline:
    """Read a document once to learn its lists and their columns."""
    result = Outline()
    kind, _ = next(events, ("end", None))
    if kind == "start_array":
        _learn(result, "", events)
    elif kind == "start_map":
        _walk(result, "", events, depth=0)
        if not result.lists:
            result.root_record = dict(result.outside)
            result.outside = []
    else:
        result.scalar = True
    del result.outside[_MAX_OUTSIDE:]
    return result


def _walk(result: Outline, prefix: str, events: Iterator[Event], depth: int) -> None:
    """Go through an object; lists of objects or lists become tables, all else is outside."""
    if depth > MAX_DEPTH:
        raise TooDeep
    key = ""
    for kind, value in events:
        if kind == "map_key":
            key = value
        elif kind == "end_map":
            return
        elif kind == "start_map":
            _walk(result, f"{prefix}{key}.", events, depth + 1)
        elif kind == "start_array":
            _learn(result, prefix + key, events)
        else:
            result.outside.append((prefix + key, text_of(value)))


def _learn(result: Outline, path: str, events: Iterator[Event]) -> None:
    """Go through a list; a short one of plain values inside an object is no table."""
    found = JsonList(path, result.arrays)
    result.arrays += 1
    plain: list[str] = []
    records = False
    for value in elements(events):
        if not found.count:
            found.grid = isinstance(value, list)
        found.count += 1
        records = records or isinstance(value, (dict, list))
        if not found.grid:
            for column in flatten(value):
                found.columns.setdefault(column)
        if found.count <= _SHORT_LIST:
            plain.append(text_of(value))
    if path and not records and found.count <= _SHORT_LIST:
        result.outside.append((path, ", ".join(plain)))
    else:
        result.lists.append(found)


def elements(events: Iterator[Event]) -> Iterator[Any]:
    """The values of the list whose beginning was just read."""
    for kind, value in events:
        if kind == "end_array":
            return
        yield build(kind, value, events)


def build(kind: str, value: Any, events: Iterator[Event], depth: int = 0) -> Any:
    """The value that begins with this event."""
    if depth > MAX_DEPTH:
        raise TooDeep
    if kind == "start_map":
        pairs: list[tuple[str, Any]] = []
        key = ""
        for inner, item in events:
            if inner == "map_key":
                key = item
            elif inner == "end_map":
                break
            else:
                pairs.append((key, build(inner, item, events, depth + 1)))
        return merged(pairs)
    if kind == "start_array":
        items: list[Any] = []
        for inner, item in events:
            if inner == "end_array":
                break
            items.append(build(inner, item, events, depth + 1))
        return items
    return value


def seek(events: Iterator[Event], skip: int) -> None:
    """Advance to just behind the beginning of a list, having passed `skip` others."""
    for kind, _ in events:
        if kind == "start_array":
            if not skip:
                return
            skip -= 1
            for _ in elements(events):
                pass
