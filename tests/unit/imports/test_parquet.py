"""Parquet files are read without changing a value, and damaged ones are named."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import pytest
from arro3.core import Array, DataType, Field, Table, list_array, struct_array
from arro3.io import write_parquet

from landbridge.discovery.imports.errors import ParquetNotInstalled
from landbridge.discovery.imports.formats import workbooks
from landbridge.discovery.imports.reading import read_file
from landbridge.errors.catalogue import LandbridgeError

NAMES = Array(["RHEL", None], DataType.utf8())
ADDRESSES = list_array(Array([0, 2, 2], DataType.int32()), Array(["a", "b"], DataType.utf8()))
INSIDE = [Field("name", NAMES.type), Field("ips", ADDRESSES.type)]
SEEN = int(datetime(2024, 5, 1, 10, 11, 12, tzinfo=UTC).timestamp()) * 10**6 + 340_000
COLUMNS = {
    "id": Array(["00123", None], DataType.utf8()),
    "ram": Array([16.0, 1.5], DataType.float64()),
    "share": Array([0.1, 0.25], DataType.float32()),
    "disk": Array([2**64 - 1, 0], DataType.uint64()),
    "cost": Array([6.1, 0.0], DataType.float64()).cast(DataType.decimal128(9, 2)),
    "seen": Array([SEEN, None], DataType.int64()).cast(DataType.timestamp("us", tz="UTC")),
    "nanos": Array([1704164645678901234, 0], DataType.int64()).cast(DataType.timestamp("ns")),
    "far": Array([2**62, 0], DataType.int64()).cast(DataType.timestamp("s")),
    "day": Array([19782, None], DataType.int32()).cast(DataType.date32()),
    "up": Array([108_000, -5], DataType.int64()).cast(DataType.duration("s")),
    "on": Array([True, False], DataType.bool()),
    "raw": Array([b"text", b"\x00\xff"], DataType.binary()),
    "os": struct_array([NAMES, ADDRESSES], fields=INSIDE),
}


def write(path: Path, columns: dict[str, Array]) -> Path:
    write_parquet(Table.from_pydict(columns), path)
    return path


def test_every_type_comes_out_as_it_is_meant(tmp_path: Path) -> None:
    tables = read_file(write(tmp_path / "servers.parquet", COLUMNS))
    table = next(tables)
    header, first, second = list(table.records)
    assert table.name == "servers"
    assert dict(zip(header.cells, first.cells, strict=True)) == {
        "id": "00123", "ram": "16", "share": "0.1", "disk": "18446744073709551615",
        "cost": "6.10", "seen": "2024-05-01 10:11:12.34+00:00",
        "nanos": "2024-01-02 03:04:05.678901234", "far": str(2**62), "day": "2024-02-29",
        "up": "30:00:00", "on": "true", "raw": "text", "os.name": "RHEL", "os.ips": "a, b",
    }  # fmt: skip
    assert dict(zip(header.cells, second.cells, strict=True)) == {
        "id": "", "ram": "1.5", "share": "0.25", "disk": "0", "cost": "0.00", "seen": "",
        "nanos": "1970-01-01 00:00:00", "far": "1970-01-01 00:00:00", "day": "",
        "up": "-00:00:05", "on": "false", "raw": "0x00ff", "os.name": "", "os.ips": "",
    }  # fmt: skip
    assert [(i.kind.code, i.column) for i in first.issues] == [("DATE_INVALID", "far")]


def test_names_that_look_like_values_are_still_names(tmp_path: Path) -> None:
    tables = read_file(write(tmp_path / "a.parquet", {"10.0.0.1": COLUMNS["id"]}))
    table = next(tables)
    assert [r.kind.value for r in table.records] == ["header", "data", "blank"]
    assert table.columns == ["10.0.0.1"]


@pytest.mark.parametrize("kept", [3, 200, -1])
def test_a_file_cut_off_is_named_as_such(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path / "servers.parquet", COLUMNS)
    path.write_bytes(b"PAR1" + path.read_bytes()[4:][:kept])
    with pytest.raises(LandbridgeError) as caught:
        list(read_file(path))
    assert caught.value.code == "FILE_DAMAGED"


def test_a_file_that_repeats_a_long_value_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", {"n": Array(["x" * 10_000] * 11_000, DataType.utf8())})
    size = path.stat().st_size
    assert size < 100_000
    tables = read_file(path)
    table = next(tables)
    with pytest.raises(LandbridgeError) as caught:
        deque(table.records, maxlen=0)
    assert caught.value.code == "CONTENT_TOO_LARGE"


def test_without_the_extra_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "find_spec", lambda _: None)
    path = write(tmp_path / "a.parquet", {"id": COLUMNS["id"]})
    with pytest.raises(ParquetNotInstalled):
        list(read_file(path))
