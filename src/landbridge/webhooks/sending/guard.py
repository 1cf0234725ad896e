"""Connections to addresses that were checked after their name was resolved."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any, Final

import httpcore2

from landbridge.webhooks.addresses import Address, Network, require_reachable
from landbridge.webhooks.sending.errors import WebhookNameUnknown
from landbridge.webhooks.targets import Target

MOST_ADDRESSES: Final = 3


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the address that was checked, and to no other: the name is resolved once."""

    def __init__(self, target: Target, allowed: Sequence[Network]) -> None:
        self._target = target
        self._allowed = allowed
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's interface has it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to one of the host's addresses.

        Raises:
            WebhookNameUnknown: the host has none.
            WebhookAddressRefused: one of them may not be reached.
        """
        addresses = await _resolve(host, port)
        for address in addresses:
            require_reachable(address, self._target.scheme, self._allowed)
        *others, last = addresses[:MOST_ADDRESSES]
        for address in others:
            try:
                return await self._inner.connect_tcp(str(address), port, timeout)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(str(last), port, timeout)


async def _resolve(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        found = []
    if not found:
        raise WebhookNameUnknown(host=host)
    return list(dict.fromkeys(ip_address(item[4][0]) for item in found))
