"""JSON of any shape becomes tables, whatever the size of the pieces it is read in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.discovery.imports.errors import JsonMalformed
from landbridge.discovery.imports.formats import jsonstream
from landbridge.discovery.imports.formats.jsonoutline import outline
from landbridge.discovery.imports.formats.jsonstream import JsonStream
from landbridge.discovery.imports.formats.jsonvalues import flatten
from landbridge.discovery.imports.reading import read_file

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=4), v, max_size=4),
    max_leaves=12,
)


def stream_of(text: str, piece: int = 1) -> JsonStream:
    place = 0

    def read(_size: int) -> str:
        nonlocal place
        part = text[place : place + piece]
        place += piece
        return part

    return JsonStream(read, "a.json")


def as_text(value: Any) -> Any:
    """Numbers as the stream gives them: the digits of the document."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return [as_text(v) for v in value]
    return {k: as_text(v) for k, v in value.items()}


@settings(deadline=None)
@given(
    items=st.lists(values, max_size=5), piece=st.integers(1, 7), indent=st.sampled_from([None, 2])
)
def test_elements_do_not_depend_on_how_the_document_is_cut(
    items: list[Any], piece: int, indent: int | None
) -> None:
    stream = stream_of(json.dumps(items, indent=indent, ensure_ascii=False), piece)
    assert list(stream.elements()) == as_text(items)
    assert stream.peek() == ""


@pytest.mark.parametrize(
    "text",
    ["[1", "[1,]", "[1 2]", '{"a" 1}', "{a:1}", '{"a":1,}', "[tru]", '["\\x"]', '{"a":[}', "[] x"],
)
def test_what_is_not_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(JsonMalformed) as caught:
        outline(stream_of(text))
    assert "character" in caught.value.detail


def test_an_early_mistake_is_found_without_reading_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "_CHUNK", 64)
    text = '[{"a" 1},' + '{"a":1},' * 10_000
    read = 0

    def piece(size: int) -> str:
        nonlocal read
        part = text[read : read + size]
        read += size
        return part

    with pytest.raises(JsonMalformed):
        outline(JsonStream(piece, "a.json"))
    assert read < 1_000


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ({"a": {"b": {"c": 1}}}, {"a.b.c": "1"}),
        ({"a": {}, "b": [], "c": None}, {"a": "", "b": "", "c": ""}),
        ({"a": [1, "x", None]}, {"a": "1, x, "}),
        ({"d": [{"n": "C", "gb": 1}, {"n": "D"}]}, {"d.n": "C, D", "d.gb": "1, "}),
        ({"a": [{"b": 1}, 2]}, {"a": '{"b": 1}, 2'}),
        ({"a.b": 1, "a": {"b": 2}}, {"a.b": "1, 2"}),
        (5, {"value": "5"}),
        ([1, 2], {"value": "1, 2"}),
    ],
)
def test_nested_values_become_columns(value: Any, cells: dict[str, str]) -> None:
    assert flatten(value) == cells


def read(folder: Path, text: str | bytes) -> dict[str, list[list[str]]]:
    path = folder / "a.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return {t.name: [r.cells for r in t.records] for t in read_file(path)}


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ('[{"a":1},{"b":6.10}]', {"a": [["a", "b"], ["1", ""], ["", "6.10"]]}),
        ('{"a":1e3,"b":{"c":"x"},"d":["p","q"]}', {"a": [["a", "b.c", "d"], ["1e3", "x", "p, q"]]}),
        (
            '{"n":2,"x":{"s":[{"i":1}],"t":[{"j":2}]},"e":[]}',
            {"x.s": [["i"], ["1"]], "x.t": [["j"], ["2"]]},
        ),
        ('{"a":[1,2],"b":[{"i":1}]}', {"b": [["i"], ["1"]]}),
        ("[1,2]", {"a": [["value"], ["1"], ["2"]]}),
        ('[["Name","IP"],["s","1.1.1.1"]]', {"a": [["Name", "IP"], ["s", "1.1.1.1"]]}),
        ('[{"a":1},7]', {"a": [["a", "value"], ["1", ""], ["", "7"]]}),
        ("[]", {"a": [[]]}),
        ('{"a":"x\ty"}', {"a": [["a"], ["x\ty"]]}),
        ('{"a":1,"a":2}', {"a": [["a"], ["1, 2"]]}),
        ('\ufeff[{"a":1}]', {"a": [["a"], ["1"]]}),
    ],
)
def test_every_shape_of_document(
    text: str, tables: dict[str, list[list[str]]], tmp_path: Path
) -> None:
    assert read(tmp_path, text) == tables


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_documents_in_any_encoding(codec: str, tmp_path: Path) -> None:
    assert read(tmp_path, '[{"Größe":"groß"}]'.encode(codec)) == {"a": [["Größe"], ["groß"]]}


@pytest.mark.parametrize("indent", [None, 2])
def test_documents_one_after_the_other_are_records(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "servers.json"
    records: list[Any] = [{"name": "srv1", "os": {"name": "RHEL"}}, {"name": "srv2"}]
    path.write_text("".join(json.dumps(r, indent=indent) for r in [*records, records]))
    (table,) = read_file(path)
    rows = [["srv1", "RHEL"], ["srv2", ""]]
    assert [r.cells for r in table.records] == [["name", "os.name"], *rows, *rows]
