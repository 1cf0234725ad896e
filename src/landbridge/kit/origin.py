"""Where a request comes from: known at the edge, written down by the database."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

IPV6_NETWORK: Final = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """The way somebody came in.

    Attributes:
        via: `http` or `cli`; empty where nobody has said.
        address: the client's network address; empty where there is none.
    """

    via: str = ""
    address: str = ""


_origin: ContextVar[Origin] = ContextVar("landbridge_origin", default=Origin())  # noqa: B039 - frozen, so it can be shared


def current_origin() -> Origin:
    """The origin of what is going on."""
    return _origin.get()


def set_origin(origin: Origin) -> None:
    """Make `origin` the current one in this context."""
    _origin.set(origin)


def place_of(address: str) -> str:
    """The network that limits count: one IPv4 address, or the 2⁶⁴ addresses that one IPv6
    connection has.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
