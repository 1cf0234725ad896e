"""Parquet files as one sheet: a row of names, then the records; nested objects become dotted
columns. Needs the extra `parquet`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from arro3.core import DataType
from arro3.io import read_parquet

from landbridge.discovery.imports.formats.jsonvalues import SEPARATOR
from landbridge.discovery.imports.formats.numberformats import decimal_text
from landbridge.discovery.imports.formats.sheetsink import (
    MAX_COLUMN,
    Note,
    SheetFault,
    SheetSink,
)

_MOST_ROWS: Final = 1 << 40
_MAGIC: Final = b"PAR1"
_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "µs": 10**6, "ns": 10**9}
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - moments without a zone stay without one
_DAY: Final = 86_400
Texts = tuple[list[str], list[int]]
"""The texts of a column, and the places of those that are no value."""


class ParquetReader:
    """One Parquet file.

    Args:
        path: where it is.
        name: what to call its only sheet.
    """

    def __init__(self, path: Path, name: str) -> None:
        _require_end(path)
        self._path = path
        self._name = name

    def sheet_names(self) -> list[str]:
        """The name of the only sheet."""
        return [self._name]

    def read(self, sink: SheetSink) -> None:
        """Read all records."""
        if not sink.begin(self._name, rows=_MOST_ROWS):
            return
        reader = read_parquet(self._path)
        schema = reader.schema
        fields = [(n, schema.field(i).type) for i, n in enumerate(schema.names)]
        names = [n for name, kind in fields for n in _names(name, kind)]
        if len(names) > MAX_COLUMN:
            raise SheetFault(f"it has more than {MAX_COLUMN} columns")
        sink.row(1, names)
        number = 1
        for batch in reader:
            columns: list[Texts] = []
            for (_, kind), values in zip(fields, batch.columns, strict=True):
                columns += _texts(kind, values)
            faulty = _notes(columns)
            for place, cells in enumerate(zip(*(c for c, _ in columns), strict=True)):
                number += 1
                sink.row(number, list(cells), faulty.get(place))
        sink.end()


def _require_end(path: Path) -> None:
    """A file that was cut off has no table of contents, for which the library has no words."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8))
        tail = file.read(8)
    length, magic = struct.unpack("<I4s", tail) if len(tail) == 8 else (0, b"")
    if magic != _MAGIC or not 0 < length <= size - 12:
        raise SheetFault("its end is missing")


def _notes(columns: list[Texts]) -> dict[int, list[Note]]:
    notes: dict[int, list[Note]] = {}
    for index, (texts, faulty) in enumerate(columns):
        for place in faulty:
            notes.setdefault(place, []).append((index, "DATE_INVALID", texts[place], None))
    return notes


def _names(name: str, kind: DataType) -> Iterator[str]:
    if DataType.is_struct(kind) and kind.fields:
        for field in kind.fields:
            yield from _names(f"{name}.{field.name}", field.type)
    else:
        yield name


def _texts(kind: DataType, values: Any) -> list[Texts]:
    if DataType.is_timestamp(kind):
        unit, zone = _PER_SECOND[str(kind.time_unit)], "+00:00" if kind.tz else ""
        whole = values.cast(DataType.int64()).to_pylist()
        return [_dated(whole, lambda n: _moment(n, unit) + zone)]
    if DataType.is_date32(kind):
        days = values.cast(DataType.int32()).to_pylist()
        return [_dated(days, lambda n: (_EPOCH + timedelta(days=n)).date().isoformat())]
    return [(texts, []) for texts in _plain(kind, values.to_pylist())]


def _plain(kind: DataType, values: list[Any]) -> list[list[str]]:
    if DataType.is_struct(kind) and kind.fields:
        parts: list[list[str]] = []
        for field in kind.fields:
            inner = [None if v is None else v[field.name] for v in values]
            parts += _plain(field.type, inner)
        return parts
    short = _single if DataType.is_float32(kind) or DataType.is_float16(kind) else _text
    return [["" if v is None else v if type(v) is str else short(v) for v in values]]


def _dated(values: list[int | None], shown: Callable[[int], str]) -> Texts:
    """Counts since 1970 as dates; one that no calendar has stays a number."""
    texts: list[str] = []
    faulty: list[int] = []
    for place, value in enumerate(values):
        try:
            texts.append("" if value is None else shown(value))
        except OverflowError:
            texts.append(str(value))
            faulty.append(place)
    return texts, faulty


def _moment(count: int, per_second: int) -> str:
    seconds, rest = divmod(count, per_second)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat(" ")
    if not rest:
        return text
    digits = len(str(per_second)) - 1
    return f"{text}.{rest:0{digits}}".rstrip("0")


def _single(value: float) -> str:
    """A number of single precision with the fewest digits that mean it."""
    bits = struct.pack("<f", value)
    for digits in range(6, 10):
        text = f"{value:.{digits}g}"
        if struct.pack("<f", float(text)) == bits:
            return decimal_text(float(text))
    return decimal_text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        return _bytes(bytes(value))
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list) and not any(isinstance(v, (dict, list, tuple)) for v in value):
        return SEPARATOR.join("" if v is None else _text(v) for v in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=_text)
    return str(value)


def _bytes(value: bytes) -> str:
    """Older writers do not mark text as text; what is none is shown in hexadecimal digits."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex()}"


def _duration(value: timedelta) -> str:
    seconds = value.days * _DAY + value.seconds
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
