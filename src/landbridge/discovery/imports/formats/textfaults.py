"""Finding what does not belong into text: undecodable bytes, NUL and control characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from landbridge.discovery.imports import issues as kinds
from landbridge.discovery.imports.tables import RawRecord

_KEPT = re.compile("[\ud800-\udfff]")
_BAD = re.compile("[\ud800-\udfff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EITHER = re.compile("[\ud800-\udfff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def repaired(text: str, *, mixed: bool) -> str:
    """Text with its undecodable bytes read as Windows-1252 (`mixed`) or shown as U+FFFD."""
    return _KEPT.sub(lambda m: _fallback(m[0]) if mixed else "\ufffd", text)


def _fallback(kept: str) -> str:
    if not "\udc80" <= kept <= "\udcff":
        return "\ufffd"
    byte = bytes([ord(kept) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")


def flag_faults(records: Iterable[RawRecord], *, mixed: bool) -> Iterator[RawRecord]:
    """The same records, with faults in their cells repaired and noted.

    Args:
        records: as read with the error handler `encodings.KEEP`.
        mixed: whether undecodable bytes are Windows-1252 in a file of UTF-8.
    """
    for record in records:
        if not _EITHER.search("\n".join(record.cells)):
            yield record
            continue
        notes = list(record.notes or ())
        for index, cell in enumerate(record.cells):
            if _BAD.search(cell):
                stray = mixed and "\ufffd" not in cell
                record.cells[index] = fixed = repaired(cell, mixed=mixed)
                notes.append(
                    (kinds.MIXED_ENCODING if stray else kinds.UNDECODABLE, index, fixed, None)
                )
            if _CONTROL.search(cell):
                kind = kinds.NUL_CHARACTER if "\0" in cell else kinds.CONTROL_CHARACTER
                notes.append((kind, index, _visible(record.cells[index]), None))
        record.notes = [(k, i, v and repaired(v, mixed=mixed), d) for k, i, v, d in notes]
        yield record


def _visible(text: str) -> str:
    """Control characters as their pictures (␀ ␇ …)."""
    return _CONTROL.sub(lambda m: chr(0x2421 if m[0] == "\x7f" else 0x2400 + ord(m[0])), text)
