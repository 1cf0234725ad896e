"""Names, serial numbers, other identifiers, lists of names."""

from __future__ import annotations

import re
from typing import Any, Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single, unusable
from landbridge.discovery.cleansing.rules.words import load

FQDN: Final = rule(
    "name.fqdn",
    "DNS name in lower case",
    "DNS names ignore case and a trailing dot. The first label also serves as host name where "
    "the row has no other.",
)
FQDN_SPLIT: Final = rule(
    "name.fqdn_split",
    "Host name taken from a DNS name",
    "The host name is the first label of 'srv01.corp.example.com'; the whole text is kept as "
    "the fully qualified name.",
)
FQDN_SHORT: Final = rule(
    "name.short_in_fqdn_column",
    "A short name in a column of DNS names",
    "A name without a domain is a host name, not a fully qualified one; it is used as such where "
    "the row has no other.",
)
IP_AS_NAME: Final = rule(
    "name.ip_as_name",
    "Named by its address",
    "The system is named by its IP address. The name is kept, and the address serves as IP "
    "address where the row has no other.",
)
LOCALHOST: Final = rule(
    "name.localhost",
    "'localhost' names no system",
    "Systems without a configured name report 'localhost'. The attribute stays without a value.",
)
NAME_LIST: Final = rule(
    "list.names",
    "Names, one by one",
    "Semicolons, bars and line breaks separate the names; where there are none, commas do. "
    "Repeats that differ only in case are dropped.",
)
SERIAL: Final = rule(
    "serial.upper_case",
    "Serial number in upper case",
    "Serial numbers are compared without case; letters are written in upper case. Digits, "
    "leading zeros included, are untouched.",
)
SERIAL_FILLER: Final = rule(
    "serial.filler",
    "A serial number that many machines share",
    "Firmware that was never filled in reports texts such as 'System Serial Number', "
    "'0123456789' or one repeated character. Such a value identifies nothing, so the attribute "
    "stays without a value.",
)
SERIAL_FLOAT: Final = rule(
    "serial.decimal_dropped",
    "'.0' dropped from an identifier",
    "A tool wrote a serial number of digits as a decimal number, such as 123456.0.",
)

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS = re.compile(rf"{_LABEL}(?:\.{_LABEL})+\.?", re.IGNORECASE)
_TOP = re.compile(r"[a-z][a-z0-9-]*[a-z]|[a-z]{2}", re.IGNORECASE)
_HOST = re.compile(_LABEL, re.IGNORECASE)
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_INNER_ZONE = re.compile(
    r"local|lan|internal|intern|corp|home|localdomain|intra|intranet|priv|private|ad|domain"
    r"|com|net|org|de|at|ch|fr|es|it|nl|pl|pt|be|uk|eu|info|biz|gov|edu|mil|io"
)
_LOCALHOST: Final = frozenset({"localhost", "localhost.localdomain", "localhost.local"})
_DAMAGED = re.compile(r"\d(?:[.,]\d+)?e\+\d{1,3}", re.IGNORECASE)
_FLOAT = re.compile(r"(\d{3,})\.0+")
_STRONG_SEPARATOR = re.compile(r"[;|\n\r\t]+")
_COMMA = re.compile(r",")
_SERIAL_FILLERS: Final = frozenset(load("placeholders")["serial"])


def hostname(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """The name of a system; a DNS name gives its first label and is kept whole beside it."""
    word = text.casefold()
    if word in _LOCALHOST:
        return Cleansed({}, LOCALHOST)
    if "." not in text:
        return single(attribute, text, AS_IS)
    if _IPV4.fullmatch(text):
        return Cleansed({attribute: text, "ip_address": [text]}, IP_AS_NAME)
    if is_dns_name(text):
        return Cleansed({attribute: text.split(".", 1)[0], "fqdn": word.rstrip(".")}, FQDN_SPLIT)
    return single(attribute, text, AS_IS)


def is_dns_name(text: str) -> bool:
    """Whether a text is a DNS name rather than a display name with dots in it."""
    if not _DNS.fullmatch(text) or _IPV4.fullmatch(text):
        return False
    labels = text.casefold().rstrip(".").split(".")
    if not _TOP.fullmatch(labels[-1]):
        return False
    return len(labels) > 2 or _INNER_ZONE.fullmatch(labels[-1]) is not None


def fqdn(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A fully qualified name in lower case."""
    word = text.casefold().rstrip(".")
    if word in _LOCALHOST:
        return Cleansed({}, LOCALHOST)
    if _IPV4.fullmatch(text):
        return Cleansed({"ip_address": [text]}, IP_AS_NAME)
    if _DNS.fullmatch(text):
        return Cleansed({attribute: word, "hostname": text.split(".", 1)[0]}, FQDN)
    if _HOST.fullmatch(text):
        return Cleansed({"hostname": text}, FQDN_SHORT)
    return unusable(issues.NOT_A_NAME)


def serial(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A serial number in upper case."""
    word = text.casefold()
    letters = set(word) - set(" -._:/")
    if word in _SERIAL_FILLERS or len(letters) <= 1 or len(text) < 3:
        return Cleansed({}, SERIAL_FILLER)
    if _DAMAGED.fullmatch(text):
        return unusable(issues.SERIAL_DAMAGED)
    if match := _FLOAT.fullmatch(text):
        return single(attribute, match[1], SERIAL_FLOAT)
    value = text.upper()
    return single(attribute, value, AS_IS if value == text else SERIAL)


def identifier(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """An identifier of the source system, kept letter by letter."""
    if re.fullmatch(r"\d[.,]\d{2,}e\+\d{1,3}", text, re.IGNORECASE):
        return unusable(issues.SERIAL_DAMAGED)
    return single(attribute, text, AS_IS)


def name_list(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A list of names."""
    separator = _STRONG_SEPARATOR if _STRONG_SEPARATOR.search(text) else _COMMA
    names: dict[str, str] = {}
    for part in separator.split(text):
        if name := part.strip(" ,;\"'"):
            names.setdefault(name.casefold(), name)
    items: list[Any] = list(names.values())
    if not items:
        return Cleansed({}, NAME_LIST)
    return single(attribute, items, NAME_LIST if items != [text] else AS_IS)
