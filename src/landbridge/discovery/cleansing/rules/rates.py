"""Clock speeds in MHz and shares in percent."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints, FrequencyUnit
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable
from landbridge.discovery.cleansing.rules.numbers import NUMBER, ZERO, parse

MHZ: Final = rule("frequency.mhz", "MHz", "The number is taken as MHz.")
GHZ: Final = rule("frequency.ghz_to_mhz", "GHz to MHz", "The number is multiplied by 1000.")
HZ: Final = rule("frequency.hz_to_mhz", "Hz to MHz", "The number is divided by 1,000,000.")
FROM_MODEL: Final = rule(
    "frequency.from_cpu_model",
    "Clock speed from the processor's name",
    "'Intel Xeon Gold 5218 CPU @ 2.30GHz' states its nominal clock speed.",
)
PERCENT: Final = rule(
    "percent.of_hundred",
    "A share of 100",
    "The number is a percentage; a percent sign is dropped.",
)
FRACTION: Final = rule(
    "percent.of_one",
    "A share of 1, times 100",
    "All numbers of the column lie between 0 and 1, as spreadsheets store percentages.",
)
USED_MEMORY: Final = rule(
    "percent.used_memory",
    "Used memory instead of a share",
    "The column's unit is a size, so it states how much memory is used. The share is worked "
    "out where the row also tells the memory size.",
)

_FREQUENCY = re.compile(rf"({NUMBER})\s*([kmg]?hz)?", re.IGNORECASE)
_AT = re.compile(r"@\s*(\d+(?:[.,]\d+)?)\s*([mg]hz)", re.IGNORECASE)
_RULE_OF: Final = {FrequencyUnit.HZ: HZ, FrequencyUnit.MHZ: MHZ, FrequencyUnit.GHZ: GHZ}
_UNIT_OF: Final = {"hz": FrequencyUnit.HZ, "mhz": FrequencyUnit.MHZ, "ghz": FrequencyUnit.GHZ}


def frequency(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A clock speed in MHz."""
    if found := _AT.search(text):
        number = parse(found[1], hints.decimal)
        return _checked_mhz(attribute, number, _UNIT_OF[found[2].lower()], FROM_MODEL)
    match = _FREQUENCY.fullmatch(text)
    number = parse(match[1], hints.decimal) if match else None
    if match is None or number is None:
        return unusable(issues.NOT_A_FREQUENCY)
    unit = _UNIT_OF.get((match[2] or "").lower()) or hints.frequency_unit
    if unit is None:
        unit = FrequencyUnit.GHZ if number < 10 else FrequencyUnit.MHZ
        unit = FrequencyUnit.HZ if number >= 10_000_000 else unit
    return _checked_mhz(attribute, number, unit, _RULE_OF[unit])


def _checked_mhz(
    attribute: str, number: float | None, unit: FrequencyUnit, rule_id: str
) -> Cleansed:
    if number is None:
        return unusable(issues.NOT_A_FREQUENCY)
    mhz = round(unit.mhz(number))
    if number in {0, -1}:
        return Cleansed({}, ZERO)
    if not 1 <= mhz <= 20_000:
        return unusable(issues.OUT_OF_RANGE)
    return single(attribute, mhz, rule_id)


def percent(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A share in percent, 0–100."""
    signed = text.endswith("%")
    number = parse(text.removesuffix("%").strip(), hints.decimal)
    if number is None:
        return unusable(issues.NOT_A_PERCENTAGE)
    if attribute == "memory_utilization" and hints.size_unit and not signed:
        used = hints.size_unit.gib(number)
        return Cleansed({"memory_used_gb": round(used, 6)}, USED_MEMORY)
    rule_id = PERCENT
    if hints.fraction and not signed:
        number, rule_id = number * 100, FRACTION
    if number == -1:
        return Cleansed({}, ZERO)
    if not 0 <= number <= 100:
        return unusable(issues.NOT_A_PERCENTAGE)
    return single(attribute, round(number, 4), rule_id)
