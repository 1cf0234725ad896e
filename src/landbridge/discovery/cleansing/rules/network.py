"""Network identifiers: IP addresses, MAC addresses, UUIDs, ports, protocols."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single, unusable

IP: Final = rule(
    "network.ip_addresses",
    "IP addresses, one by one",
    "Each address of the cell in its canonical form, in the order found, without repeats. "
    "Commas, semicolons, bars, blanks and line breaks separate them; a network mask, a zone and "
    "an adapter name are dropped; zeros that pad '010.001.002.003' count as padding.",
)
IP_FILLER: Final = rule(
    "network.ip_filler",
    "An address that belongs to no system",
    "0.0.0.0, ::, loopback and broadcast addresses, and words such as 'DHCP', do not tell one "
    "system from another. The attribute stays without a value.",
)
IP_PORT: Final = rule(
    "network.ip_and_port",
    "Address and port in one cell",
    "'10.0.0.5:1433' holds an address and a port; the target of a connection gives both.",
)
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
PORT: Final = rule(
    "network.port",
    "Port number",
    "The number of '443', '443/tcp', 'tcp/443' or 'https'; a protocol beside it is kept too.",
)
PROTOCOL: Final = rule(
    "network.protocol",
    "Protocol by name",
    "Protocol names in lower case; the numbers of flow exports become names (6 is tcp, 17 udp).",
)

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PLAIN_IP = re.compile(rf"(?!0\.0\.0\.0|127\.|255\.255\.255\.255){_OCTET}(?:\.{_OCTET}){{3}}")
_V4 = re.compile(
    r"(?<![\w.:])(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?:/(?P<mask>\d{1,3}(?:\.\d{1,3}){3}|\d{1,2})"
    r"|:(?P<port>\d{1,5}))?(?![\w.])"
)
_V6 = re.compile(
    r"(?<![\w.:])\[?(?P<ip>(?=[0-9a-f.]*:[0-9a-f.]*:)[0-9a-f:]+(?::\d{1,3}(?:\.\d{1,3}){3})?)"
    r"(?:%[\w.-]+)?(?:\](?::(?P<port>\d{1,5}))?|/(?P<mask>\d{1,3}))?(?![\w:.])",
    re.IGNORECASE,
)
_IP_WORDS = re.compile(
    r"(?:ip(?:v[46])?|eth\d*|ens?\d*|bond\d*|lan\d*|nic\d*|mgmt|prod|backup|primary|secondary"
    r"|dhcp|static|dynamic|and|und|et|[\s,;|/()\[\]{}'\":=+&-])*",
    re.IGNORECASE,
)
_IP_RANGE = re.compile(r"\.\d{1,3}\s*[-–]\s*\d")
_NO_IP = frozenset({"dhcp", "dynamic", "auto", "automatic", "dynamisch", "dynamique", "any", "*"})
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
_PORT_TEXT = re.compile(
    r"(?:(tcp|udp|sctp)\s*[/: -]\s*)?(\d{1,6})(?:\.0+)?(?:\s*[/: -]?\s*(tcp|udp|sctp))?",
    re.IGNORECASE,
)
_SERVICES: Final = {
    "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "dns": 53, "http": 80, "kerberos": 88,
    "ntp": 123, "snmp": 161, "ldap": 389, "https": 443, "smb": 445, "ldaps": 636, "mssql": 1433,
    "ms-sql-s": 1433, "oracle": 1521, "nfs": 2049, "mysql": 3306, "rdp": 3389,
    "ms-wbt-server": 3389, "postgresql": 5432, "postgres": 5432, "winrm": 5985, "redis": 6379,
    "mongodb": 27017,
}  # fmt: skip
_PROTOCOLS: Final = {
    "1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "41": "ipv6", "47": "gre", "50": "esp",
    "58": "icmpv6", "89": "ospf", "132": "sctp", "tcp4": "tcp", "tcp6": "tcp", "udp4": "udp",
    "udp6": "udp", "tcpip": "tcp", "tcp/ip": "tcp", "ipv6-icmp": "icmpv6",
}  # fmt: skip


def ip_addresses(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A list of IP addresses in canonical text."""
    if _PLAIN_IP.fullmatch(text):
        return single(attribute, [text], IP)
    if text.casefold() in _NO_IP:
        return Cleansed({}, IP_FILLER)
    if _IP_RANGE.search(text):
        return unusable(issues.NOT_AN_IP)
    found = sorted([*_V4.finditer(text), *_V6.finditer(text)], key=lambda m: m.start())
    addresses: dict[str, None] = {}
    fillers = networks = bad = 0
    ports: list[int] = []
    for match in found:
        address = _address(match["ip"])
        if address is None:
            bad += 1
        elif address.is_unspecified or address.is_loopback or str(address) == "255.255.255.255":
            fillers += 1
        elif _is_network(address, match["mask"]):
            networks += 1
        else:
            addresses[str(address)] = None
            if match["port"]:
                ports.append(int(match["port"]))
    rest = _V6.sub(" ", _V4.sub(" ", text))
    issue = None
    if bad or not _IP_WORDS.fullmatch(rest) or not found:
        issue = issues.NOT_AN_IP
    elif networks:
        issue = issues.IP_IS_NETWORK
    if not addresses:
        return (
            Cleansed({}, IP_FILLER)
            if fillers and not issue
            else unusable(issue or issues.NOT_AN_IP)
        )
    values: dict[str, Any] = {attribute: list(addresses)}
    if attribute == "target_ip" and len(ports) == 1 and ports[0] <= 65535:
        return Cleansed({**values, "port": ports[0]}, IP_PORT, issue)
    return Cleansed(values, IP_PORT if ports else IP, issue)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        if ":" not in text:
            return ipaddress.IPv4Address(".".join(str(int(part)) for part in text.split(".")))
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address


def _is_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, mask: str | None) -> bool:
    """Whether address and mask name a whole network rather than one of its hosts."""
    if not mask:
        return False
    try:
        network = ipaddress.ip_interface(f"{address}/{mask}").network
    except ValueError:
        return False
    whole = network.max_prefixlen - network.prefixlen
    return whole >= 2 and network.network_address == address


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


def port(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A port number, and the protocol where the cell names it."""
    word = text.casefold()
    if word in {"*", "any", "all", "alle"}:
        return Cleansed({}, IP_FILLER)
    if word in _SERVICES:
        return single(attribute, _SERVICES[word], PORT)
    match = _PORT_TEXT.fullmatch(text)
    if not match or int(match[2]) > 65535:
        return unusable(issues.NOT_A_PORT)
    values: dict[str, Any] = {attribute: int(match[2])}
    if name := match[1] or match[3]:
        values["protocol"] = name.lower()
    return Cleansed(values, PORT)


def protocol(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A protocol by its usual name."""
    word = text.casefold()
    name = _PROTOCOLS.get(word, word)
    return single(attribute, name, AS_IS if name == text else PROTOCOL)
