"""The one entry: which rule file cleanses which attribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from landbridge.discovery.cleansing.hints import NO_HINTS, ColumnHints
from landbridge.discovery.cleansing.rules import (
    addresses,
    classes,
    dates,
    hardware,
    names,
    numbers,
    ports,
    rates,
    sizes,
    vocabularies,
)
from landbridge.discovery.cleansing.rules.base import AS_IS, EMPTY, TRIMMED, Cleansed, single, tidy
from landbridge.discovery.cleansing.rules.os import text as os_text
from landbridge.discovery.cleansing.rules.placeholders import PLACEHOLDER, is_placeholder
from landbridge.discovery.vocabulary import ATTRIBUTES, Kind

Cleanser = Callable[[str, str, ColumnHints], Cleansed]


def _text(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    return single(attribute, text, AS_IS)


_BY_KIND: Final[dict[Kind, Cleanser]] = {
    Kind.TEXT: _text,
    Kind.NAME: _text,
    Kind.INTEGER: numbers.whole,
    Kind.GIB: sizes.size,
    Kind.MHZ: rates.frequency,
    Kind.PERCENT: rates.percent,
    Kind.BOOLEAN: vocabularies.boolean,
    Kind.DATE: dates.day,
    Kind.IP_LIST: addresses.ip_addresses,
    Kind.MAC_LIST: hardware.mac_addresses,
    Kind.UUID: hardware.uuid,
    Kind.SERIAL: names.serial,
    Kind.OS: os_text.operating_system,
    Kind.ENVIRONMENT: vocabularies.environment,
    Kind.CRITICALITY: vocabularies.criticality,
    Kind.POWER: vocabularies.power,
    Kind.NAME_LIST: names.name_list,
    Kind.PORT: ports.port,
}
_BY_ATTRIBUTE: Final[dict[str, Cleanser]] = {
    "hostname": names.hostname,
    "fqdn": names.fqdn,
    "asset_type": classes.asset_type,
    "asset_id": names.identifier,
    "asset_tag": names.identifier,
    "os_version": os_text.version,
    "protocol": ports.protocol,
}
_LISTS: Final = frozenset({Kind.NAME_LIST, Kind.IP_LIST, Kind.MAC_LIST})


def cleanser_of(attribute: str) -> Cleanser:
    """The rule function for an attribute of the vocabulary."""
    return _BY_ATTRIBUTE.get(attribute) or _BY_KIND[ATTRIBUTES[attribute].kind]


def cleanse(attribute: str, raw: str, hints: ColumnHints = NO_HINTS) -> Cleansed:
    """Turn one text into the typed values of an attribute.

    The result depends on the arguments alone: the same text under the same hints always gives
    the same values and the same rule.

    Args:
        attribute: a name of `vocabulary.ATTRIBUTES`.
        raw: the cell's text as found.
        hints: what is known of its column.
    """
    if "\n" in raw and ATTRIBUTES[attribute].kind in _LISTS:
        raw = raw.replace("\n", ";")
    text = tidy(raw)
    if not text:
        return Cleansed({}, EMPTY)
    if is_placeholder(text, attribute):
        return Cleansed({}, PLACEHOLDER)
    cleansed = cleanser_of(attribute)(attribute, text, hints)
    if cleansed.rule is AS_IS and text != raw:
        return Cleansed(cleansed.values, TRIMMED, cleansed.issue)
    return cleansed


def is_change(attribute: str, raw: str, cleansed: Cleansed) -> bool:
    """Whether cleansing altered what the cell says, beyond giving it a type."""
    value = cleansed.values.get(attribute)
    if isinstance(value, list):
        return value != [raw]
    return raw != (str(value) if value is not None else "")
