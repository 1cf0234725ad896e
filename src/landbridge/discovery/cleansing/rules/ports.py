"""Ports and protocols of connections."""

from __future__ import annotations

import re
from typing import Any, Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single, unusable

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
ANY_PORT: Final = rule(
    "network.any_port",
    "Any port",
    "'*' and 'any' stand for all ports; the attribute stays without a value.",
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


def port(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A port number, and the protocol where the cell names it."""
    word = text.casefold()
    if word in {"*", "any", "all", "alle"}:
        return Cleansed({}, ANY_PORT)
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
