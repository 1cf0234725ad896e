"""The inventory as a Parquet file: the columns of the other tables, each with its type. Needs the
extra `parquet`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.exported import ExportedAsset, assets
from landbridge.discovery.vocabulary import ATTRIBUTES, Kind

_BATCH: Final = 10_000
_INTEGERS: Final = frozenset((Kind.INTEGER, Kind.MHZ, Kind.PORT))
_NUMBERS: Final = frozenset((Kind.GIB, Kind.PERCENT))


def write_parquet(
    session: TenantSession,
    engagement_id: UUID,
    path: Path,
    columns: Sequence[str],
    row: Callable[[ExportedAsset], list[Any]],
) -> None:
    """Write all assets of an engagement, some ten thousand in memory at a time.

    Args:
        session: of the client account.
        engagement_id: whose assets.
        path: the file.
        columns: names of the columns.
        row: their values for an asset: texts, numbers and None.
    """
    from arro3.core import Array, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    types = [_type_of(column) for column in columns]
    schema = Schema([Field(c, t, nullable=True) for c, t in zip(columns, types, strict=True)])

    def batches() -> Iterator[RecordBatch]:
        rows = map(row, assets(session, engagement_id))
        while batch := list(islice(rows, _BATCH)):
            values = zip(*batch, strict=True)
            arrays = [Array(list(v), t) for v, t in zip(values, types, strict=True)]
            yield RecordBatch(arrays, schema=schema)

    write(RecordBatchReader.from_batches(schema, batches()), path)


def _type_of(column: str) -> Any:
    from arro3.core import DataType

    kind = ATTRIBUTES[column].kind if column in ATTRIBUTES else None
    if kind in _INTEGERS or column == "landbridge_conflicts":
        return DataType.int64()
    return DataType.float64() if kind in _NUMBERS else DataType.utf8()
