"""Working out a column's hints from its header, its source and its values as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from landbridge.discovery.cleansing.hints import (
    Basis,
    ColumnHints,
    DateOrder,
    FrequencyUnit,
)
from landbridge.discovery.cleansing.rules.numbers import parse
from landbridge.discovery.cleansing.size_evidence import header_unit, size_hints
from landbridge.discovery.vocabulary import ATTRIBUTES, Kind

NEEDS_VALUES: Final = frozenset({Kind.GIB, Kind.MHZ, Kind.PERCENT, Kind.INTEGER, Kind.DATE})
"""Kinds whose hints depend on the values; for the others the header is enough."""

_NUMERIC: Final = NEEDS_VALUES - {Kind.DATE}
_FREQUENCY = re.compile(r"([MG]?Hz)(?![a-z])", re.IGNORECASE)
_PHYSICAL = re.compile(r"ph?[yií][sz]i", re.IGNORECASE)
_VIRTUAL = re.compile(r"virt|wirt|\bvm\b|p\s*/\s*v|v\s*/\s*p", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(?:\d{4}|\d{2})(?!\d)")
_AM_PM = re.compile(r"\d\s*[ap]\.?m\.?\b", re.IGNORECASE)
_SIGN = re.compile(r"(?<=\d)([.,])(\d+)(?![.,\d])")
_DAY_FIRST_HEADER = re.compile(
    r"datum|wartung|garantie|inbetrieb|anschaffung|umgebung|kerne|speicher|betriebssystem"
    r"|date d|mise en|fin de|environnement|m[ée]moire|syst[èe]me d|fecha|entorno|sistema operativo"
    r"|garant[ií]a|data di|ambiente|scadenza|omgeving|geheugen|besturingssysteem|[śs]rodowisko"
    r"|pami[ęe][ćc]|data zakupu|sistema operacional|mem[óo]ria|servidor|serveur|rechner|ger[äa]t",
    re.IGNORECASE,
)


def work_out(
    attribute: str, header: str, values: Iterable[str], source: str | None = None
) -> ColumnHints:
    """The hints of one column.

    Args:
        attribute: the canonical attribute the column is mapped to.
        header: the column's name.
        values: distinct values of the whole column, or as many as are known.
        source: the tool that wrote the file, where it was recognised.
    """
    kind = ATTRIBUTES[attribute].kind
    if kind is Kind.BOOLEAN:
        inverted = bool(_PHYSICAL.search(header)) and not _VIRTUAL.search(header)
        return ColumnHints(header, inverted=inverted)
    if kind not in NEEDS_VALUES:
        return ColumnHints(header)
    texts = [v.strip() for v in values if v and not v.isspace()]
    if kind is Kind.DATE:
        order = _date_order(texts)
        return ColumnHints(header, date_order=order, date_basis=Basis.VALUES if order else None)
    decimal = _decimal(texts)
    if kind is Kind.GIB:
        return size_hints(attribute, header, texts, source, decimal)
    if kind is Kind.MHZ:
        found = _FREQUENCY.search(header)
        units = {u.value.lower(): u for u in FrequencyUnit}
        unit = units[found[1].lower()] if found else None
        return ColumnHints(header, frequency_unit=unit, decimal=decimal)
    if kind is Kind.PERCENT:
        unit_of_size = header_unit(header)
        fraction = unit_of_size is None and _is_fraction(texts, decimal)
        return ColumnHints(header, unit_of_size, decimal=decimal, fraction=fraction)
    return ColumnHints(header, decimal=decimal)


def agree(
    attributes: Sequence[str], columns: Sequence[ColumnHints], headers: Iterable[str]
) -> list[ColumnHints]:
    """Hints completed from the other columns of the same table.

    A table is written in one locale: where a column leaves the order of dates or the decimal
    separator open, columns that tell decide for it, then the language of the headers.

    Args:
        attributes: the attributes of the mapped columns.
        columns: their hints, in the same order.
        headers: the names of all columns of the table.
    """
    orders = {c.date_order for c in columns if c.date_order}
    decimals = {c.decimal for c in columns if c.decimal}
    order = next(iter(orders)) if len(orders) == 1 else None
    if not orders and (
        decimals == {","} or sum(1 for h in headers if _DAY_FIRST_HEADER.search(h)) >= 2
    ):
        order = DateOrder.DAY_FIRST
    decimal = next(iter(decimals)) if len(decimals) == 1 else None
    kinds = [ATTRIBUTES[a].kind for a in attributes]
    return [_completed(k, c, order, decimal) for k, c in zip(kinds, columns, strict=True)]


def _completed(
    kind: Kind, hints: ColumnHints, order: DateOrder | None, decimal: str | None
) -> ColumnHints:
    if kind is Kind.DATE and hints.date_order is None and order is not None:
        return replace(hints, date_order=order, date_basis=Basis.TABLE)
    if kind in _NUMERIC and hints.decimal is None and decimal is not None:
        return replace(hints, decimal=decimal)
    return hints


def _decimal(texts: list[str]) -> str | None:
    """The decimal separator the values themselves prove; None when they leave it open."""
    votes = {".": 0, ",": 0}
    for text in texts:
        points, commas = text.count("."), text.count(",")
        if not points and not commas:
            continue
        if points and commas:
            votes["," if text.rfind(",") > text.rfind(".") else "."] += 1
        elif points > 1:
            votes[","] += 1
        elif commas > 1:
            votes["."] += 1
        elif (found := _SIGN.search(text)) and len(found[2]) != 3:
            votes[found[1]] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda sign: votes[sign])


def _is_fraction(texts: list[str], decimal: str | None) -> bool:
    numbers = {n for t in texts if not t.endswith("%") and (n := parse(t, decimal)) is not None}
    return len(numbers) >= 3 and 0 < max(numbers) <= 1 and min(numbers) >= 0


def _date_order(texts: list[str]) -> DateOrder | None:
    """The order that values with a day above 12, points, or AM and PM prove."""
    day_first = month_first = clock = 0
    for text in texts:
        found = _NUMERIC_DATE.match(text)
        if not found:
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 or found[2] == ".":
            day_first += 1
        elif second > 12:
            month_first += 1
        clock += bool(_AM_PM.search(text))
    if day_first and month_first:
        return None
    if day_first:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if month_first or clock else None
