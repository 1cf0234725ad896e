"""Texts that are in their final form already. Columns with very many distinct texts hold
little else, and one pattern recognises them far faster than all rules can be asked.

A pattern is right only if `cleanse` gives the same values by the same rule for every text that
it matches, under any hints; a property test holds each pattern to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from landbridge.discovery.cleansing.rules.addresses import IP
from landbridge.discovery.cleansing.rules.base import AS_IS
from landbridge.discovery.cleansing.rules.dates import ISO
from landbridge.discovery.cleansing.rules.hardware import MAC, UUID
from landbridge.discovery.cleansing.rules.names import FQDN
from landbridge.discovery.vocabulary import ATTRIBUTES, Kind


class Shape(Enum):
    """How the value follows from a plain text."""

    SAME = 0  # the text
    LOWER = 1  # the text in lower case
    LIST = 2  # a list of the text
    LOWER_LIST = 3  # a list of the text in lower case
    DAY = 4  # its first ten characters
    DNS_NAME = 5  # the text in lower case, and its first label as host name


@dataclass(frozen=True, slots=True)
class Plain:
    """Recognises the plain texts of an attribute.

    Attributes:
        pattern: matches a text as a whole only if it is plain.
        shape: how the value follows.
        rule: the rule that `cleanse` would name.
    """

    pattern: re.Pattern[str]
    shape: Shape
    rule: str


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_HEX = "[0-9a-fA-F]"
# A digit keeps words such as 'unknown' out: no filler for "no value" has one.
_IDENTIFIER = Plain(re.compile(r"(?=\D*\d)[A-Za-z0-9_-]{3,}", re.ASCII), Shape.SAME, AS_IS)
_TEXT = Plain(
    re.compile(r"(?=\D*\d)(?=[ -~]*[A-Za-z])(?![ -~]*  )[!-~][ -~]*[!-~]", re.ASCII),
    Shape.SAME,
    AS_IS,
)
_BY_KIND: Final = {
    Kind.TEXT: _TEXT,
    Kind.NAME: _TEXT,
    Kind.IP_LIST: Plain(
        re.compile(
            rf"(?!0\.0\.0\.0|127\.|255\.255\.255\.255){_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII
        ),
        Shape.LIST,
        IP,
    ),
    Kind.MAC_LIST: Plain(
        re.compile(rf"(?=.*[1-9a-eA-E]){_HEX}{{2}}(?::{_HEX}{{2}}){{5}}", re.ASCII),
        Shape.LOWER_LIST,
        MAC,
    ),
    Kind.UUID: Plain(
        # Three sorts of digits at least; not the beginnings of UUIDs that many boards share.
        re.compile(
            r"(?=.*[0-4])(?=.*[5-9])(?=.*[a-fA-F])(?!03000200|00020003|12345678|4[cC]4[cC]4544-0000)"
            rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
            re.ASCII,
        ),
        Shape.LOWER,
        UUID,
    ),
    Kind.SERIAL: Plain(
        re.compile(
            r"(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])(?!SERNUM|SSN1|MB-1|0123)[A-Z0-9-]{5,}", re.ASCII
        ),
        Shape.SAME,
        AS_IS,
    ),
    Kind.DATE: Plain(
        re.compile(
            r"(?:198[1-9]|199\d|20[0-8]\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
            r"(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,7})?Z?)?",
            re.ASCII,
        ),
        Shape.DAY,
        ISO,
    ),
}
_BY_ATTRIBUTE: Final[dict[str, Plain | None]] = {
    "hostname": _IDENTIFIER,
    "asset_id": _IDENTIFIER,
    "asset_tag": _IDENTIFIER,
    "fqdn": Plain(
        re.compile(
            r"(?=[a-z0-9-]*\d)[a-z][a-z0-9-]{0,60}[a-z0-9](?:\.[a-z](?:[a-z0-9-]{0,60}[a-z0-9])?)+",
            re.ASCII | re.IGNORECASE,
        ),
        Shape.DNS_NAME,
        FQDN,
    ),
    # These look for more in a text than its attribute's kind says.
    "asset_type": None,
    "os_version": None,
    "protocol": None,
}


def plain_of(attribute: str) -> Plain | None:
    """How to recognise plain texts of an attribute; None where every text needs its rules."""
    if attribute in _BY_ATTRIBUTE:
        return _BY_ATTRIBUTE[attribute]
    return _BY_KIND.get(ATTRIBUTES[attribute].kind)
