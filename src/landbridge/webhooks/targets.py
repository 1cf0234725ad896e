"""What a webhook's URL may be, and its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from landbridge.webhooks.addresses import Address, Network, require_reachable
from landbridge.webhooks.errors import WebhookAddressRefused, WebhookUrlInvalid

LONGEST: Final = 2000
_PORT: Final = (
    "6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}"
)
_LABEL: Final = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME: Final = rf"{_LABEL}(\.{_LABEL})*\.?"
_PATH: Final = "(%[0-9A-Fa-f]{2}|[!$&-;=?-Z_a-z~])*"
URL_PATTERN: Final = rf"^https?://{_NAME}(:({_PORT}))?([/?]{_PATH})?$"
"""The usual form of such an address, for documentation: `target_of` decides."""
DEFAULT_PORTS: Final = {"https": 443, "http": 80}


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
    if parts.scheme not in DEFAULT_PORTS:
        raise WebhookUrlInvalid(reason="it does not begin with https://")
    if parts.scheme == "http" and not allowed:
        raise WebhookAddressRefused(address="http addresses")
    if not host or port == 0:
        raise WebhookUrlInvalid(reason="host or port is missing")
    if "@" in parts.netloc:
        raise WebhookUrlInvalid(reason="it holds a user name or password")
    if parts.fragment:
        raise WebhookUrlInvalid(reason="it has a fragment (#)")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not re.fullmatch(_PATH, path):
        raise WebhookUrlInvalid(reason="its path holds characters that have to be escaped as %XX")
    target = Target(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], path)
    literal = _literal(host)
    if literal is not None:
        require_reachable(literal, target.scheme, allowed)
    elif not re.fullmatch(_NAME, host):
        raise WebhookUrlInvalid(reason="its host is no name")
    return target


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
