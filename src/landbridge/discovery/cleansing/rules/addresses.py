"""IP addresses."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import Cleansed, single, unusable

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
    "system from another. The attribute stays without a value. In the ends of connections such "
    "addresses are kept: they say that nobody else is meant.",
)
_OF_CONNECTIONS: Final = frozenset(("source_ip", "target_ip"))
IP_PORT: Final = rule(
    "network.ip_and_port",
    "Address and port in one cell",
    "'10.0.0.5:1433' holds an address and a port; the target of a connection gives both.",
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
        elif attribute not in _OF_CONNECTIONS and _is_filler(address):
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


def _is_filler(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    broadcast = str(address) == "255.255.255.255"
    return address.is_unspecified or address.is_loopback or broadcast


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
