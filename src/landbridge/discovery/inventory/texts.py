"""Texts that a database can hold: no NUL, no half characters."""

from __future__ import annotations

from typing import Any, Final

import orjson

from landbridge.discovery.records import Record, RecordBatch

_LARGEST: Final = 1 << 63


def storable_record(record: Record) -> Record:
    """The record, or a copy without what neither JSON nor PostgreSQL can hold: NUL characters go,
    half characters become a question mark, integers of more than 64 bits are no values.
    """
    try:
        dirty = b"\\u0000" in orjson.dumps([record.values, record.custom, record.also])
    except TypeError:
        dirty = True
    if not dirty:
        return record
    return Record(
        record.row_number,
        _scrubbed(record.values),
        _scrubbed(record.custom),
        _scrubbed(record.also),
    )


def storable_batch(batch: RecordBatch) -> RecordBatch:
    """The same for the records of a batch."""
    try:
        dirty = b"\\u0000" in orjson.dumps([batch.values, batch.custom, list(batch.also.values())])
    except TypeError:
        dirty = True
    return RecordBatch.of([storable_record(r) for r in batch]) if dirty else batch


def _scrubbed(item: Any) -> Any:
    if isinstance(item, str):
        return item.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(item, list):
        return [_scrubbed(i) for i in item if not _is_too_large(i)]
    if isinstance(item, dict):
        return {_scrubbed(k): _scrubbed(v) for k, v in item.items() if not _is_too_large(v)}
    return item


def _is_too_large(item: Any) -> bool:
    return isinstance(item, int) and not -_LARGEST <= item < _LARGEST
