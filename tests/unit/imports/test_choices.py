"""What people and programs may decide about reading files."""

from __future__ import annotations

import pytest

from landbridge.discovery.imports.choices import read_options
from landbridge.discovery.imports.errors import HeaderRowInvalid, UnknownEncoding
from landbridge.discovery.imports.formats.encodings import USUAL


@pytest.mark.parametrize("name", USUAL)
def test_each_documented_encoding_is_read(name: str) -> None:
    encoding = read_options(encoding=name).encoding
    assert encoding
    assert "host".encode(encoding).decode(encoding) == "host"


def test_an_encoding_by_its_other_name_is_read_too() -> None:
    assert read_options(encoding=" Latin-1 ").encoding == "iso8859-1"


@pytest.mark.parametrize("name", ["no such", "rot13", "\x00", "zip"])
def test_what_makes_no_text_of_bytes_is_refused(name: str) -> None:
    with pytest.raises(UnknownEncoding):
        read_options(encoding=name)


@pytest.mark.parametrize("row", ["one", "-2", "1.5"])
def test_a_header_row_is_a_whole_number(row: str) -> None:
    with pytest.raises(HeaderRowInvalid):
        read_options(header_row=row)


def test_empty_texts_decide_nothing() -> None:
    nothing = read_options(encoding=" ", delimiter="", header_row="", sheets=["", " "])
    assert nothing == read_options()
