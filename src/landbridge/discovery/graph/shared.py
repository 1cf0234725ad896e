"""Shared services: assets that serve the whole estate and hold no group together.

An asset is one by its ports (name resolution, directory, time, monitoring, updates, backup) and
the number of its clients, by its name and clients, or by clients alone when there are very many.
What goes out to everybody – scanners, monitoring that asks, backup that fetches – is one by its
name and the number of assets it reaches, or by that number alone when it is very high.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.discovery.dependencies.ports import NOISE
from landbridge.discovery.graph.links import Ints

BACKUP_PORTS: Final = frozenset((9392, 10005, 13720, 13724, 13782, 1556, 8400, 8403, 1500, 6106))
FEW: Final = 5
SOME: Final = 15
MOST_OF_IT: Final = 0.6
LARGE_SHARE: Final = 0.02
MANY: Final = 200

_NAMES: Final = tuple(
    (kind, re.compile(rf"(?:^|[^a-z])(?:{words})\d*(?:$|[^a-z])", re.IGNORECASE))
    for kind, words in (
        ("dns", "dns|ns|bind|infoblox"),
        ("directory", "dc|adc|ad|adds|ldap|radius|idm|ipa"),
        ("time", "ntp|time|chrony"),
        ("backup", "backup|bkp|veeam|netbackup|nbu|commvault|tsm|networker|rubrik|cohesity"),
        (
            "monitoring",
            "mon|monitoring|nagios|zabbix|prtg|scom|icinga|splunk|syslog|graylog|prometheus",
        ),
        ("updates", "wsus|sccm|satellite|foreman|mecm"),
        ("scanner", "nessus|qualys|nexpose|openvas|tenable|rapid7|vulnscan|scan|scanner"),
    )
)
_GO_OUT: Final = frozenset(("backup", "monitoring", "updates", "scanner"))


@dataclass(frozen=True, slots=True)
class SharedService:
    """An asset that serves or reaches many.

    Attributes:
        node: its number.
        kind: dns, directory, time, monitoring, discovery, updates, dhcp, backup, scanner, or
            unknown.
        clients: different assets that need it, or that it reaches when it is one by that.
        confidence: per mille.
        why: in words.
    """

    node: int
    kind: str
    clients: int
    confidence: int
    why: str


def shared_services(
    names: Sequence[str], source: Ints, target: Ints, port: Ints
) -> list[SharedService]:
    """The shared services of an estate, by node.

    Args:
        names: of each node.
        source, target: the ends of each edge: source needs target.
        port: of each edge; 0 where none is known.
    """
    size = len(names)
    many = max(MANY, int(LARGE_SHARE * size))
    clients = _partners(target, source, size)
    candidates = np.flatnonzero(clients >= FEW)
    order = np.argsort(target, kind="stable")
    begin = np.searchsorted(target[order], candidates)
    end = np.searchsorted(target[order], candidates, side="right")
    found = {}
    for node, first, last in zip(candidates.tolist(), begin, end, strict=True):
        here = order[first:last]
        service = _service(node, names[node], int(clients[node]), port[here], many)
        if service is not None:
            found[node] = service
    reached = _partners(source, target, size)
    for node in np.flatnonzero(reached >= SOME).tolist():
        service = _reaching(node, names[node], int(reached[node]), many)
        if service is not None:
            found.setdefault(node, service)
    return [found[node] for node in sorted(found)]


def _partners(of: Ints, others: Ints, size: int) -> Ints:
    """Of each node in `of`, how many different ones it has in `others`; itself does not count."""
    apart = of != others
    pairs = np.unique(of[apart] * np.int64(max(size, 1)) + others[apart])
    return np.bincount(pairs // max(size, 1), minlength=size)


def _service(node: int, name: str, clients: int, ports: Ints, many: int) -> SharedService | None:
    kinds: dict[str, int] = {}
    numbers, counts = np.unique(ports[ports > 0], return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        kind = "backup" if number in BACKUP_PORTS else NOISE.get(number, "")
        if kind:
            kinds[kind] = kinds.get(kind, 0) + count
    by_port = min(kinds, key=lambda k: (-kinds[k], k), default="")
    share = sum(kinds.values()) / max(int(counts.sum()), 1)
    by_name = _named(name)
    served = f"{clients:,} assets need it"
    if by_port and share >= MOST_OF_IT and (by_name == by_port or clients >= SOME):
        sure = 950 if by_name == by_port else 850
        why = f"{served}, {share:.0%} of the connections to ports of {by_port}"
        return SharedService(node, by_port, clients, sure, why)
    if by_name and clients >= SOME:
        return SharedService(node, by_name, clients, 700, f"{served}, and its name says {by_name}")
    if clients >= many:
        why = f"{served}: more than any one application has"
        return SharedService(node, by_port or "unknown", clients, 600, why)
    return None


def _reaching(node: int, name: str, reached: int, many: int) -> SharedService | None:
    by_name = _named(name)
    told = f"it reaches {reached:,} assets"
    if by_name in _GO_OUT:
        return SharedService(node, by_name, reached, 700, f"{told}, and its name says {by_name}")
    if reached >= many:
        why = f"{told}: more than any one application does"
        return SharedService(node, "unknown", reached, 600, why)
    return None


def _named(name: str) -> str:
    return next((kind for kind, pattern in _NAMES if pattern.search(name)), "")
