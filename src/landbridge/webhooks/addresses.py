"""Where webhooks may go: public addresses, and the networks that the operator allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

from landbridge.webhooks.errors import WebhookAddressRefused, WebhookUrlInvalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST: Final = 2000
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
TRANSLATED: Final = tuple(
    ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "::/96")
)
"""IPv6 ranges that stand for IPv4 addresses behind a translator or tunnel."""
NEVER_PUBLIC: Final = tuple(
    ip_network(n) for n in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "fec0::/10")
)
"""Shared, protocol and former site-local ranges that not every Python counts as not global."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's address.

    Attributes:
        host: in ASCII, without brackets.
        path: path and query.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, allowed: Sequence[Network] = ()) -> Target:
    """The parts of a URL that can be a webhook.

    Args:
        url: the address.
        allowed: networks that the operator allows; with any, http is accepted too.

    Raises:
        WebhookUrlInvalid: it is no such URL.
        WebhookAddressRefused: its host is an address that webhooks may not reach.
    """
    if not 8 <= len(url) <= LONGEST:
        raise WebhookUrlInvalid(reason=f"it needs 8 to {LONGEST} characters")
    if not (url.isascii() and url.isprintable() and " " not in url and "\\" not in url):
        raise WebhookUrlInvalid(reason="it may hold only printable ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WebhookUrlInvalid(reason="host or port is malformed") from None
    if parts.scheme not in DEFAULT_PORTS or (parts.scheme == "http" and not allowed):
        raise WebhookUrlInvalid(reason="it does not begin with https://")
    if not host or port == 0:
        raise WebhookUrlInvalid(reason="host or port is missing")
    if "@" in parts.netloc:
        raise WebhookUrlInvalid(reason="it holds a user name or password")
    if parts.fragment:
        raise WebhookUrlInvalid(reason="it has a fragment (#)")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], path)
    literal = _literal(host)
    if literal is not None:
        require_reachable(literal, target.scheme, allowed)
    return target


def require_reachable(address: Address, scheme: str, allowed: Sequence[Network]) -> None:
    """Refuse an address that webhooks may not reach; http reaches allowed networks only.

    Raises:
        WebhookAddressRefused: it is not public and in no allowed network.
    """
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in allowed):
        return
    if scheme != "https" or not is_public(plain):
        raise WebhookAddressRefused(address=str(address))


def is_public(address: Address) -> bool:
    """Whether an address is one machine on the public internet."""
    inside = any(address in network for network in (*TRANSLATED, *NEVER_PUBLIC))
    return address.is_global and not inside and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
