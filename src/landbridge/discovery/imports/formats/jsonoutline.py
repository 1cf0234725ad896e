"""Where the lists of records are in a JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from landbridge.discovery.imports.formats.bounds import require_width
from landbridge.discovery.imports.formats.jsonstream import JsonStream
from landbridge.discovery.imports.formats.jsonvalues import add_cell, flatten, text_of

_MAX_DEPTH: Final = 200
_MAX_OUTSIDE: Final = 100
_SHORT_LIST: Final = 100


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
        several: whether another object or list follows; then only the first was looked at.
    """

    lists: list[JsonList] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    root_record: dict[str, str] | None = None
    scalar: bool = False
    arrays: int = 0
    several: bool = False


def outline(stream: JsonStream) -> Outline:
    """Read a document once to learn its lists and their columns.

    Raises:
        JsonMalformed: it is not valid to its end.
        TableTooWide: records, or values beside them, have more keys than a table has columns.
    """
    result = Outline()
    match stream.peek():
        case "[":
            _learn(result, "", stream)
        case "{":
            _walk(result, "", stream, depth=0)
            if not result.lists:
                result.root_record = {}
                for path, text in result.outside:
                    add_cell(result.root_record, path, text)
                result.outside = []
        case _:
            stream.value()
            result.scalar = True
    follows = stream.peek()
    if follows in {"{", "["} and not result.scalar:
        return Outline(several=True)
    if follows:
        stream.refuse("something follows the end of the document")
    del result.outside[_MAX_OUTSIDE:]
    return result


def _walk(result: Outline, prefix: str, stream: JsonStream, depth: int) -> None:
    """Go through an object; lists of objects or lists become tables, all else is outside."""
    if depth > _MAX_DEPTH:
        stream.refuse("it is nested too deeply")
    empty = True
    for key in stream.members():
        empty = False
        match stream.peek():
            case "{":
                _walk(result, f"{prefix}{key}.", stream, depth + 1)
            case "[":
                _learn(result, prefix + key, stream)
            case _:
                result.outside.append((prefix + key, text_of(stream.value())))
        require_width(stream.name, len(result.outside))
    if empty and prefix:
        result.outside.append((prefix.removesuffix("."), ""))


def _learn(result: Outline, path: str, stream: JsonStream) -> None:
    """Go through a list; a short one of plain values inside an object is no table."""
    found = JsonList(path, result.arrays)
    result.arrays += 1
    plain: list[str] = []
    records = False
    for value in stream.elements():
        if not found.count:
            found.grid = isinstance(value, list)
        found.count += 1
        records = records or isinstance(value, (dict, list))
        if not found.grid:
            for column in flatten(value):
                found.columns.setdefault(column)
            require_width(stream.name, len(found.columns))
        if found.count <= _SHORT_LIST:
            plain.append(text_of(value))
    if path and not records and found.count <= _SHORT_LIST:
        result.outside.append((path, ", ".join(plain)))
    else:
        result.lists.append(found)


def arrays(stream: JsonStream, index: int = 0) -> Iterator[int]:
    """The ordinal of each list, as in `JsonList`; the caller reads its elements in between."""
    match stream.peek():
        case "[":
            yield index
        case "{":
            for _ in stream.members():
                for found in arrays(stream, index):
                    yield found
                    index = found + 1
        case _:
            stream.value()
