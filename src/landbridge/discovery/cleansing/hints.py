"""What is known of a column as a whole, which a single cell cannot tell."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class SizeUnit(StrEnum):
    """A unit of size; decimal names count as their binary form."""

    BYTE = "B"
    KIB = "KiB"
    MIB = "MiB"
    GIB = "GiB"
    TIB = "TiB"
    PIB = "PiB"

    def gib(self, number: float) -> float:
        """The number of this unit in GiB."""
        return number * _GIB_IN[self]


_GIB_IN = {
    SizeUnit.BYTE: 1 / (1 << 30),
    SizeUnit.KIB: 1 / (1 << 20),
    SizeUnit.MIB: 1 / (1 << 10),
    SizeUnit.GIB: 1,
    SizeUnit.TIB: 1 << 10,
    SizeUnit.PIB: 1 << 20,
}


class FrequencyUnit(StrEnum):
    """A unit of clock speed."""

    HZ = "Hz"
    MHZ = "MHz"
    GHZ = "GHz"

    def mhz(self, number: float) -> float:
        """The number of this unit in MHz."""
        return number * {"Hz": 1e-6, "MHz": 1.0, "GHz": 1e3}[self.value]


class DateOrder(StrEnum):
    """In which order a column writes day, month and year."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Basis(StrEnum):
    """What a hint was worked out from, strongest first."""

    HEADER = "header"
    SOURCE = "source"  # the tool that wrote the file is known to use it
    VALUES = "values"
    TABLE = "table"  # other columns of the same table
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ColumnHints:
    """How to read the values of one column.

    Attributes:
        header: the column's name as found.
        size_unit: unit of numbers without one; None where the column is no size.
        size_basis: what the unit was worked out from.
        frequency_unit: unit of clock speeds without one; None decides by magnitude.
        decimal: decimal separator, "." or ","; None where nothing tells.
        date_order: order of day and month; None where nothing tells.
        date_basis: what the order was worked out from.
        fraction: shares are written as parts of one.
        inverted: a yes means no: the column asks for "physical" where the attribute asks for
            "virtual".
    """

    header: str = ""
    size_unit: SizeUnit | None = None
    size_basis: Basis | None = None
    frequency_unit: FrequencyUnit | None = None
    decimal: str | None = None
    date_order: DateOrder | None = None
    date_basis: Basis | None = None
    fraction: bool = False
    inverted: bool = False

    def as_json(self) -> dict[str, Any]:
        """The hints that say something, as a JSON document."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The hints of a document made by `as_json`."""
        values: dict[str, Any] = dict(document)
        for name, kind in _ENUMS.items():
            if name in values:
                values[name] = kind(values[name])
        return cls(**values)


_ENUMS: dict[str, type[StrEnum]] = {
    "size_unit": SizeUnit,
    "size_basis": Basis,
    "frequency_unit": FrequencyUnit,
    "date_order": DateOrder,
    "date_basis": Basis,
}
NO_HINTS = ColumnHints()
