"""What a person decides about reading files, as texts of a form or a request."""

from __future__ import annotations

from collections.abc import Sequence

from landbridge.discovery.imports.errors import HeaderRowInvalid
from landbridge.discovery.imports.formats.encodings import codec_named
from landbridge.discovery.imports.tables import NO_HEADER, ReadOptions


def read_options(
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: str | int | None = None,
    sheets: Sequence[str] = (),
) -> ReadOptions:
    """The options that these texts mean; an empty text decides nothing.

    Args:
        encoding: a name Python knows.
        delimiter: the marks themselves, or `tab`, `comma`, `semicolon`, `pipe`.
        header_row: index of the header among the records, from 0; -1 for none.
        sheets: names of the only sheets to read; blank names are left out.

    Raises:
        UnknownEncoding: there is no such encoding.
        HeaderRowInvalid: the header row is no such number.
    """
    wanted = tuple(s for s in (sheet.strip() for sheet in sheets) if s)
    return ReadOptions(
        encoding=codec_named(encoding.strip()) if encoding and encoding.strip() else None,
        delimiter=delimiter or None,
        header_row=_row(header_row),
        sheets=wanted or None,
    )


def _row(given: str | int | None) -> int | None:
    if given is None or not str(given).strip():
        return None
    try:
        row = int(given)
    except ValueError:
        raise HeaderRowInvalid(header_row=str(given)[:40]) from None
    if row < NO_HEADER:
        raise HeaderRowInvalid(header_row=str(row))
    return row
