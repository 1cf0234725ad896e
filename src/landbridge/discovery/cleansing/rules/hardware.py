"""MAC addresses and UUIDs."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable

MAC: Final = rule(
    "network.mac_addresses",
    "MAC addresses, one by one",
    "Each address as six pairs of lower-case hexadecimal digits with colons, in the order "
    "found, without repeats, whatever separators the cell uses.",
)
MAC_FILLER: Final = rule(
    "network.mac_filler",
    "A MAC address that belongs to no adapter",
    "Addresses of only zeros or only ones are fillers. The attribute stays without a value.",
)
UUID: Final = rule(
    "network.uuid",
    "UUID in canonical form",
    "32 hexadecimal digits, lower case, with hyphens; braces, 'urn:uuid:' and the spaces of a "
    "VMware serial number are dropped.",
)
UUID_FILLER: Final = rule(
    "network.uuid_filler",
    "A UUID that many machines share",
    "Some firmware ships one UUID for all boards. Such a value identifies nothing, so the "
    "attribute stays without a value.",
)
_HEX12 = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{2}([:.\- ]?)[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}"
    r"|[0-9a-f]{4}[.:-][0-9a-f]{4}[.:-][0-9a-f]{4}|[0-9a-f]{6}[-:][0-9a-f]{6}"
    r"|[0-9a-f](?::[0-9a-f]{1,2}){5}|[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})(?![0-9a-f])",
    re.IGNORECASE,
)
_PLAIN_MAC = re.compile(r"(?!00:00:00:00:00:00|ff:ff:ff:ff:ff:ff)[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_NOT_HEX = re.compile(r"[^0-9a-f]", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;|/()\[\]]*")
_UUID_FRAME = re.compile(r"(?:urn:uuid:|vmware-|uuid[:=]?|[\s{}()\-])+", re.IGNORECASE)
_PLAIN_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHARED_UUIDS: Final = frozenset(
    {
        "03000200-0400-0500-0006-000700080009",
        "00020003-0004-0005-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc",
        "12345678-1234-1234-1234-123456789012",
        "11111111-2222-3333-4444-555555555555",
        "4c4c4544-0000-2010-8020-80c04f202020",
        "4c4c4544-0000-2010-8020-a0c04f202020",
    }
)


def mac_addresses(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A list of MAC addresses as aa:bb:cc:dd:ee:ff."""
    if _PLAIN_MAC.fullmatch(text):
        return single(attribute, [text], MAC)
    addresses: dict[str, None] = {}
    fillers = 0
    for match in _HEX12.finditer(text):
        digits = match[0].lower()
        parts = digits.split(":")
        digits = "".join(p.zfill(2) for p in parts) if len(parts) == 6 else _NOT_HEX.sub("", digits)
        if digits in {"0" * 12, "f" * 12}:
            fillers += 1
        else:
            addresses[":".join(digits[i : i + 2] for i in range(0, 12, 2))] = None
    clean = _SEPARATORS.fullmatch(_HEX12.sub(" ", text)) is not None
    issue = None if clean and (addresses or fillers) else issues.NOT_A_MAC
    if not addresses:
        return unusable(issue) if issue else Cleansed({}, MAC_FILLER)
    return Cleansed({attribute: list(addresses)}, MAC, issue)


def uuid(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A UUID in lower case with hyphens."""
    plain = _PLAIN_UUID.fullmatch(text)
    digits = text.replace("-", "") if plain else _UUID_FRAME.sub("", text).lower()
    if not plain and (len(digits) != 32 or _NOT_HEX.search(digits)):
        damaged = re.fullmatch(r"\d[.,]\d+e\+\d+", text, re.IGNORECASE)
        return unusable(issues.SERIAL_DAMAGED if damaged else issues.NOT_A_UUID)
    value = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    if len(set(digits)) <= 2 or value in _SHARED_UUIDS:
        return Cleansed({}, UUID_FILLER)
    return single(attribute, value, UUID)
