"""Sizes of memory and disks, in GiB."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints, SizeUnit
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable
from landbridge.discovery.cleansing.rules.numbers import NUMBER, ZERO, parse

_BINARY = (
    "Inventories write {name} and mean powers of 1024, as memory modules and hypervisors do, "
    "so {name} and its binary form count the same."
)
BY_UNIT: Final[dict[SizeUnit, str]] = {
    SizeUnit.BYTE: rule(
        "size.bytes_to_gib", "Bytes to GiB", "The number of bytes is divided by 1024³."
    ),
    SizeUnit.KIB: rule(
        "size.kib_to_gib",
        "KB or KiB to GiB",
        "The number is divided by 1024². " + _BINARY.format(name="KB"),
    ),
    SizeUnit.MIB: rule(
        "size.mib_to_gib",
        "MB or MiB to GiB",
        "The number is divided by 1024. " + _BINARY.format(name="MB"),
    ),
    SizeUnit.GIB: rule(
        "size.gib", "GB or GiB", "The number is taken as it is. " + _BINARY.format(name="GB")
    ),
    SizeUnit.TIB: rule(
        "size.tib_to_gib",
        "TB or TiB to GiB",
        "The number is multiplied by 1024. " + _BINARY.format(name="TB"),
    ),
    SizeUnit.PIB: rule(
        "size.pib_to_gib",
        "PB or PiB to GiB",
        "The number is multiplied by 1024². " + _BINARY.format(name="PB"),
    ),
}
USED_OF_TOTAL: Final = rule(
    "size.used_of_total",
    "Used and total in one cell",
    "Of '61.2 GiB / 127 GiB' the attribute decides: a capacity takes the total, used space the "
    "first number, free space the difference.",
)
SUM: Final = rule(
    "size.sum_of_parts",
    "Several parts added up",
    "'2 x 512 GB' or '300 GB + 600 GB' lists parts; the size is their sum.",
)

_UNITS: Final = {
    "b": SizeUnit.BYTE, "byte": SizeUnit.BYTE, "bytes": SizeUnit.BYTE, "octet": SizeUnit.BYTE,
    "octets": SizeUnit.BYTE, "k": SizeUnit.KIB, "m": SizeUnit.MIB, "g": SizeUnit.GIB,
    "t": SizeUnit.TIB, "p": SizeUnit.PIB,
}  # fmt: skip
UNIT: Final = r"[kmgtp]i?(?:b(?:ytes?)?|o)|[kmgt]|bytes?|octets?|b"
_PART = re.compile(
    rf"(?:(?P<times>\d{{1,3}})\s*[x×*]\s*)?(?P<number>{NUMBER})\s*(?P<unit>(?:{UNIT})(?![a-z]))?",
    re.IGNORECASE,
)
_PAREN = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOISE = re.compile(
    r"(?:ram|memory|mem|arbeitsspeicher|speicher|m[ée]moire|memoria|disk|disque|hdd|ssd|nvme"
    r"|ddr\d?|ecc|total|used|free|of|von|de|sur|di|van|belegt|genutzt|frei|gesamt|utilis[ée]"
    r"|provisioned|approx|circa|ca|each|je|und|and|et|[\s~:.,;=/+|&-])*",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\s*(?:/|\bof\b|\bvon\b|\bsur\b|\bde\b|\bout of\b)\s*", re.IGNORECASE)
_TOTALS: Final = frozenset({"memory_gb", "storage_gb", "component_capacity_gb"})
_USED: Final = frozenset({"storage_used_gb", "component_used_gb"})
_NEVER_ZERO: Final = frozenset({"memory_gb", "storage_gb"})
_MOST_GIB: Final = {"memory_gb": 65_536.0}
_MOST_STORAGE: Final = 104_857_600.0  # 100 PiB


def unit_named(text: str) -> SizeUnit | None:
    """The unit a text such as 'MB', 'MiB' or 'Mo' names."""
    return _UNITS.get(text.lower()) or _UNITS.get(text[0].lower())


def size(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A size in GiB, from a text with or without units."""
    default = hints.size_unit or SizeUnit.GIB
    number = parse(text, hints.decimal)
    if number == -1:
        return Cleansed({}, ZERO)
    if number is not None:
        return _checked(attribute, default.gib(number), BY_UNIT[default])
    stripped = _PAREN.sub(" ", text)
    parts = list(_PART.finditer(stripped))
    if not parts or not _NOISE.fullmatch(_PART.sub(" ", stripped)):
        return unusable(issues.NOT_A_SIZE)
    last_unit = next((p["unit"] for p in reversed(parts) if p["unit"]), None)
    sizes: list[float] = []
    unit = default
    for part in parts:
        number = parse(part["number"], hints.decimal)
        if number is None:
            return unusable(issues.NOT_A_SIZE)
        name = part["unit"] or last_unit
        unit = (unit_named(name) if name else None) or default
        sizes.append(unit.gib(number) * int(part["times"] or 1))
    if len(sizes) == 1:
        multiplied = parts[0]["times"] is not None
        return _checked(attribute, sizes[0], SUM if multiplied else BY_UNIT[unit])
    if len(sizes) == 2 and _PAIR.search(stripped) and "+" not in stripped:
        return _of_pair(attribute, *sizes)
    if "+" in stripped or any(p["times"] for p in parts):
        return _checked(attribute, sum(sizes), SUM)
    return unusable(issues.NOT_A_SIZE)


def _of_pair(attribute: str, first: float, second: float) -> Cleansed:
    used, total = min(first, second), max(first, second)
    if attribute in _TOTALS:
        return _checked(attribute, total, USED_OF_TOTAL)
    if attribute in _USED:
        return _checked(attribute, used, USED_OF_TOTAL)
    return _checked(attribute, total - used, USED_OF_TOTAL)


def _checked(attribute: str, gib: float, rule_id: str) -> Cleansed:
    if attribute in _NEVER_ZERO and gib == 0:
        return Cleansed({}, ZERO)
    if gib < 0 or gib > _MOST_GIB.get(attribute, _MOST_STORAGE):
        return unusable(issues.OUT_OF_RANGE)
    return single(attribute, round(gib, 6), rule_id)
