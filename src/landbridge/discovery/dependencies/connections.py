"""Connections: observed traffic becomes client → server on a service port, or is noise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from landbridge.discovery.dependencies.ports import (
    EPHEMERAL_FROM,
    NOISE,
    is_service,
    useless_address,
)
from landbridge.discovery.records import Record


class End(NamedTuple):
    """One end of a connection or relation as the row names it; any part may be empty.

    Attributes:
        name: host name, application name or id.
        ip: address.
        stated_class: the class of the thing, if a column states it.
        within: the host of a database, which its name alone does not tell from others.
    """

    name: str = ""
    ip: str = ""
    stated_class: str = ""
    within: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the row says who it is."""
        return bool(self.name or self.ip)


class Flow(NamedTuple):
    """One observed connection, the right way round."""

    client: End
    server: End
    port: int
    protocol: str
    process: str
    seen: int
    turned: bool


class Noise(NamedTuple):
    """A row that says nothing about an application, and why."""

    reason: str


_SOURCE_PORT = re.compile(r"(?:local|src|source|client|quell\w*|lokal\w*)[\s_.-]*port", re.I)
_TARGET_PORT = re.compile(
    r"(?:remote|dst|dest\w*|target|server|foreign|listen\w*|ziel\w*|peer)[\s_.-]*port", re.I
)
_STATE = re.compile(r"(?:tcp[\s_]?|connection[\s_]?)?(?:state|status|zustand|[ée]tat)", re.I)
_COUNT = re.compile(
    r"(?:connection|flow|session|hit)s?[\s_]?(?:count|number)?|count|anzahl|occurrences", re.I
)
HIGHEST_PORT: Final = 65_535
_MOST_SEEN: Final = 10**12
_PROTOCOLS: Final = {"6": "tcp", "17": "udp", "1": "icmp", "tcpv6": "tcp", "udpv6": "udp",
                     "tcp6": "tcp", "udp6": "udp"}  # fmt: skip


@dataclass(frozen=True)
class ConnectionColumns:
    """Which columns of a connection table say what beyond the canonical attributes."""

    columns: Sequence[str]
    mapped_ports: Sequence[str]

    @cached_property
    def source_ports(self) -> list[str]:
        """Columns that hold the source's port."""
        return [c for c in self.columns if _SOURCE_PORT.fullmatch(c.strip())]

    @cached_property
    def target_ports(self) -> list[str]:
        """Columns that hold the target's port."""
        return [c for c in self.columns if _TARGET_PORT.fullmatch(c.strip())]

    @cached_property
    def states(self) -> list[str]:
        """Columns that hold the state of the connection."""
        return [c for c in self.columns if _STATE.fullmatch(c.strip())]

    @cached_property
    def counts(self) -> list[str]:
        """Columns that hold how often the connection was seen."""
        return [c for c in self.columns if _COUNT.fullmatch(c.strip())]

    def ports(self, record: Record) -> tuple[int, int]:
        """Source and target port; 0 where unknown. Where several columns are mapped to `port`,
        the one that lost stands among the custom columns.
        """
        source = _number(record.custom, self.source_ports, HIGHEST_PORT)
        target = _number(record.custom, self.target_ports, HIGHEST_PORT)
        given = int(record.values.get("port") or 0)
        if given and not target and (source or not self._port_is_of_source()):
            target = given
        elif given and not source:
            source = given
        return source, target

    def _port_is_of_source(self) -> bool:
        mapped = set(self.mapped_ports)
        return bool(mapped & set(self.source_ports)) and not mapped & set(self.target_ports)


def read(record: Record, columns: ConnectionColumns, source: End, target: End) -> Flow | Noise:
    """The flow in a row of a connection table, or why it is none."""
    values, custom = record.values, record.custom
    state = next((custom[c] for c in columns.states if custom.get(c)), "") or str(
        values.get("status") or ""
    )
    if re.match(r"listen|bound|abhören", state, re.IGNORECASE):
        return Noise("listening")
    for end in (source, target):
        if end.ip and (reason := useless_address(end.ip)):
            return Noise(reason)
    source_port, target_port = columns.ports(record)
    protocol = str(values.get("protocol") or "").strip().casefold()
    protocol = _PROTOCOLS.get(protocol, protocol)
    if protocol.startswith("icmp"):
        return Noise("icmp")
    turned = _is_reply(source_port, target_port)
    port = source_port if turned else target_port
    if port in NOISE:
        return Noise(NOISE[port])
    if port >= EPHEMERAL_FROM and not is_service(port) and not turned:
        return Noise("ephemeral")
    seen = _number(custom, columns.counts, _MOST_SEEN) or 1
    client, server = (target, source) if turned else (source, target)
    process = str(values.get("process_name") or "").strip()
    return Flow(client, server, port, protocol, process, seen, turned)


def _is_reply(source_port: int, target_port: int) -> bool:
    """Whether the row was seen from the server's side, so that its target is the client."""
    if not source_port:
        return False
    if is_service(source_port) and is_service(target_port):
        return source_port < EPHEMERAL_FROM <= target_port
    if is_service(target_port):
        return False
    if is_service(source_port) and (target_port == 0 or target_port >= 1024):
        return True
    return source_port < EPHEMERAL_FROM <= target_port


def _number(custom: Mapping[str, Any], columns: Sequence[str], most: int) -> int:
    for column in columns:
        text = str(custom.get(column) or "").strip()
        if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most:
            return int(text)
    return 0
