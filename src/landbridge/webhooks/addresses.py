"""Which addresses webhooks may reach: public ones, and the networks that the operator allows."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from typing import Final

from landbridge.webhooks.errors import WebhookAddressRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TRANSLATED: Final = tuple(
    ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "::/96")
)
"""IPv6 ranges that stand for IPv4 addresses behind a translator or tunnel."""
NEVER_PUBLIC: Final = tuple(
    ip_network(n) for n in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "fec0::/10")
)
"""Shared, protocol and former site-local ranges that not every Python counts as not global."""


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
