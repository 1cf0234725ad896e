"""Working out the unit of a column of sizes."""

from __future__ import annotations

import re
from statistics import median_low
from typing import Final

from landbridge.discovery.cleansing.hints import Basis, ColumnHints, SizeUnit
from landbridge.discovery.cleansing.rules.numbers import parse

_HEADER_WORD = re.compile(r"[KMGTP]i?B(?![a-z])|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LETTERS: Final = {"k": SizeUnit.KIB, "m": SizeUnit.MIB, "g": SizeUnit.GIB, "t": SizeUnit.TIB}
_SIZE_WORDS: Final = {
    "byte": SizeUnit.BYTE, "bytes": SizeUnit.BYTE, "octet": SizeUnit.BYTE, "octets": SizeUnit.BYTE,
    "pb": SizeUnit.PIB, "pib": SizeUnit.PIB,
    **{f"{k}{end}": u for k, u in _LETTERS.items() for end in ("b", "ib", "byte", "bytes", "io")},
    "kilobytes": SizeUnit.KIB, "megabytes": SizeUnit.MIB, "gigabytes": SizeUnit.GIB,
    "megabyte": SizeUnit.MIB, "gigabyte": SizeUnit.GIB, "terabytes": SizeUnit.TIB,
}  # fmt: skip
_OCTET_UNITS: Final = {f"{k.upper()}o": u for k, u in _LETTERS.items()}
_BARE = re.compile(r"[+-]?\d[\d.,'’ ]*")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_MIB_SOURCES: Final = ("rvtools",)


def header_unit(header: str) -> SizeUnit | None:
    """The unit of size a column's name states: 'Capacity MiB', 'RAM (GB)', 'Mémoire (Go)'."""
    unit = None
    for word in _HEADER_WORD.findall(header):
        unit = _OCTET_UNITS.get(word) or _SIZE_WORDS.get(word.lower()) or unit
    return unit


def size_hints(
    attribute: str, header: str, texts: list[str], source: str | None, decimal: str | None
) -> ColumnHints:
    """The hints of a column of sizes.

    Args:
        attribute: what it is mapped to.
        header: its name.
        texts: distinct texts that are not blank.
        source: the tool that wrote the file.
        decimal: the decimal separator the texts prove.
    """
    unit, basis = header_unit(header), Basis.HEADER
    if unit is None and source and source.lower().startswith(_MIB_SOURCES):
        unit, basis = SizeUnit.MIB, Basis.SOURCE
    if decimal is None and unit not in {None, SizeUnit.GIB, SizeUnit.TIB, SizeUnit.PIB}:
        # '16.384' MB can only be thousands: nothing has a memory of sixteen megabytes.
        decimal = "," if any(_ONE_GROUP.fullmatch(t) for t in texts) else None
    if unit is None:
        bare = [n for t in texts if _BARE.fullmatch(t) and (n := parse(t, decimal)) and n > 0]
        unit = _unit_by_magnitude(attribute, bare)
        basis = Basis.VALUES if unit else Basis.DEFAULT
    return ColumnHints(header, unit or SizeUnit.GIB, basis, decimal=decimal)


def _unit_by_magnitude(attribute: str, numbers: list[float]) -> SizeUnit | None:
    """The unit in which numbers without one make plausible machines; None if GiB is as good."""
    if not numbers:
        return None
    middle, least, most = median_low(numbers), min(numbers), max(numbers)
    if attribute == "memory_gb":
        if middle >= 1 << 29:
            return SizeUnit.BYTE
        if middle >= 1 << 18:
            return SizeUnit.KIB
        return SizeUnit.MIB if least >= 128 and (middle >= 2048 or most >= 8192) else None
    if middle >= 1 << 33:
        return SizeUnit.BYTE
    if middle >= 1 << 25:
        return SizeUnit.KIB
    return SizeUnit.MIB if middle >= 20_000 and least >= 100 else None
