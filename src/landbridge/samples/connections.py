"""The estate as a netstat collection sees it: what each instrumented machine is connected to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from landbridge.samples.model import Link, Machine
from landbridge.samples.scenario import Scenario
from landbridge.samples.tables import Column, Row, Sheet, constant, write_csv
from landbridge.samples.truth import TableTruth, Truth

FILE: Final = "netstat_connections.csv"

_DIRECTORY_PORTS: Final = ((53, "UDP"), (88, "TCP"), (389, "TCP"), (123, "UDP"))
_OUTSIDE: Final = ("203.0.113.7", "198.51.100.24", "192.0.2.80")


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of netstat on one machine."""

    machine: Machine
    protocol: str
    local_ip: str
    local_port: int
    remote_ip: str
    remote_port: int
    state: str
    process: str
    pid: int


N = Column[Observation]
_COLUMNS: Final = (
    N("Computer", "rel_source", lambda o: o.machine.name, ("hostname",)),
    N("Protocol", "protocol", lambda o: o.protocol),
    N("LocalAddress", "source_ip", lambda o: o.local_ip),
    N("LocalPort", "port", lambda o: o.local_port, (None,)),
    N("RemoteAddress", "target_ip", lambda o: o.remote_ip),
    N("RemotePort", "port", lambda o: o.remote_port),
    N("State", None, lambda o: o.state, ("status",)),
    N("ProcessName", "process_name", lambda o: o.process),
    N("PID", None, lambda o: o.pid),
    constant("CollectedAt", "2026-03-01 22:00:00", None, ("last_seen",)),
)


def render(scenario: Scenario, path: Path, truth: Truth) -> None:
    """Write the collection. A link is seen from its client, from its server, or from both; the
    server's line shows it the wrong way round.
    """
    table = TableTruth(
        FILE, Path(FILE).stem, "connections", 1, [column.truth for column in _COLUMNS]
    )
    truth.tables.append(table)

    def rows() -> Iterator[Row]:
        for seen in _observations(scenario, truth):
            yield None, [column.value(seen) for column in _COLUMNS]

    write_csv(path / FILE, Sheet(table, rows()), "utf-8", quote_all=False)


def _observations(scenario: Scenario, truth: Truth) -> Iterator[Observation]:
    rng = Random(f"{scenario.estate.seed}/connections")
    estate = scenario.estate
    outgoing: dict[str, list[Link]] = {}
    incoming: dict[str, list[Link]] = {}
    for link in estate.links:
        outgoing.setdefault(link.source.key, []).append(link)
        incoming.setdefault(link.target.key, []).append(link)
    directories = {
        site: [m for m in estate.machines if m.role == "dc" and m.site.code == site]
        for site in {m.site.code for m in estate.machines}
    }
    for machine in estate.machines:
        if machine.key not in scenario.agents or machine.role == "dc":
            continue
        for link in outgoing.get(machine.key, ()):
            truth.note_edge(link.source.key, link.target.key, "connects_to", link.port, FILE)
            for _ in range(rng.randint(1, 3)):
                yield _from_client(rng, link)
        served = incoming.get(machine.key, [])
        for port, process in sorted({(link.port, link.service) for link in served}):
            yield _listening(rng, machine, port, process)
        for link in served:
            truth.note_edge(link.source.key, link.target.key, "connects_to", link.port, FILE)
            yield _from_server(rng, link)
        yield from _noise(rng, machine, rng.choice(directories[machine.site.code]))
        if machine.role == "web" and machine.environment == "production":
            yield from _users(rng, machine)


def _ephemeral(rng: Random) -> int:
    return rng.randint(49152, 65535)


def _seen(
    rng: Random, machine: Machine, local: int, remote: tuple[str, int], process: str,
    protocol: str = "TCP", state: str = "ESTABLISHED",
) -> Observation:  # fmt: skip
    return Observation(
        machine, protocol, machine.ip, local, *remote, state, process, rng.randint(400, 32000)
    )


def _from_client(rng: Random, link: Link) -> Observation:
    state = "ESTABLISHED" if rng.random() < 0.9 else "TIME_WAIT"
    remote = (link.target.ip, link.port)
    return _seen(rng, link.source, _ephemeral(rng), remote, link.client, state=state)


def _from_server(rng: Random, link: Link) -> Observation:
    return _seen(rng, link.target, link.port, (link.source.ip, _ephemeral(rng)), link.service)


def _listening(rng: Random, machine: Machine, port: int, process: str) -> Observation:
    return Observation(
        machine, "TCP", "0.0.0.0", port, "0.0.0.0", 0, "LISTEN", process,
        rng.randint(400, 32000),
    )  # fmt: skip


def _noise(rng: Random, machine: Machine, directory: Machine) -> Iterator[Observation]:
    """What every machine does and no application depends on."""
    for port, protocol in rng.sample(_DIRECTORY_PORTS, 2):
        process = "lsass.exe" if port in (88, 389) else "svchost.exe"
        remote = (directory.ip, port)
        yield _seen(rng, machine, _ephemeral(rng), remote, process, protocol)
    loopback = Observation(
        machine, "TCP", "127.0.0.1", _ephemeral(rng), "127.0.0.1", 9229, "ESTABLISHED", "agent",
        rng.randint(400, 32000),
    )  # fmt: skip
    yield loopback
    if rng.random() < 0.1:
        yield _seen(rng, machine, _ephemeral(rng), (rng.choice(_OUTSIDE), 443), "updater")


def _users(rng: Random, machine: Machine) -> Iterator[Observation]:
    """Browsers of people, whose addresses no inventory holds."""
    for _ in range(2):
        desk = f"10.{machine.site.octet + 90}.{rng.randint(0, 7)}.{rng.randint(20, 250)}"
        yield _seen(rng, machine, 443, (desk, _ephemeral(rng)), "nginx")
