"""The true estate: what really stands in the data centres, before any tool looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from landbridge.samples.names import Site
from landbridge.samples.releases import Engine, Hardware, Release


class Kind(StrEnum):
    """What a true thing is; the names are those of the asset types."""

    VIRTUAL_MACHINE = "virtual_machine"
    SERVER = "server"
    HYPERVISOR_HOST = "hypervisor_host"
    CLUSTER = "cluster"
    DATABASE = "database"


@dataclass(slots=True)
class Disk:
    """One virtual or physical disk; MiB."""

    size: int
    used: int
    mount: str


@dataclass(slots=True)
class Nic:
    """One network adapter."""

    mac: str
    ip: str
    network: str


@dataclass(slots=True)
class Database:
    """One database instance on a machine."""

    key: str
    name: str
    engine: Engine


@dataclass(slots=True)
class Machine:
    """One server, VM or hypervisor host.

    Attributes:
        key: identifies the machine in the truth.
        number: position in the estate, unique among machines.
        memory: MiB.
        host: name of the hypervisor host of a VM.
        application: key of the application it serves; None for shared infrastructure.
        twin: key of another machine that carries the same name.
    """

    key: str
    number: int
    kind: Kind
    name: str
    domain: str
    site: Site
    role: str
    environment: str
    release: Release | None
    hardware: Hardware
    cores: int
    sockets: int
    memory: int
    disks: list[Disk]
    nics: list[Nic]
    uuid: str
    bios_uuid: str
    serial: str
    asset_tag: str
    installed: date
    last_seen: datetime
    owner: str
    technician: str
    department: int
    criticality: int
    application: str | None = None
    cluster: str = ""
    host: str = ""
    powered_on: bool = True
    template: bool = False
    retired: bool = False
    database: Database | None = None
    twin: str | None = None
    esxi: int = 0

    @property
    def fqdn(self) -> str:
        """Name in DNS."""
        return f"{self.name.lower()}.{self.domain}"

    @property
    def ip(self) -> str:
        """Primary address, empty when it has none."""
        return self.nics[0].ip if self.nics else ""

    @property
    def storage(self) -> int:
        """Total disk capacity in MiB."""
        return sum(disk.size for disk in self.disks)

    @property
    def storage_used(self) -> int:
        """Used disk space in MiB."""
        return sum(disk.used for disk in self.disks)


@dataclass(slots=True)
class Cluster:
    """One vSphere cluster."""

    key: str
    name: str
    site: Site
    hosts: list[Machine] = field(default_factory=list)


@dataclass(slots=True)
class Application:
    """One business application and the machines that serve it."""

    key: str
    number: str
    name: str
    vendor: str
    technology: str
    department: int
    owner: str
    technician: str
    criticality: int
    users: int
    members: list[Machine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """One true network dependency: source calls target on a port."""

    source: Machine
    target: Machine
    port: int
    client: str
    service: str


@dataclass(slots=True)
class Estate:
    """Everything that is true."""

    seed: int
    machines: list[Machine]
    hosts: list[Machine]
    clusters: list[Cluster]
    templates: list[Machine]
    retired: list[Machine]
    applications: list[Application]
    links: list[Link]

    @property
    def virtual(self) -> list[Machine]:
        """The VMs."""
        return [m for m in self.machines if m.kind is Kind.VIRTUAL_MACHINE]

    @property
    def physical(self) -> list[Machine]:
        """The physical servers, hypervisor hosts apart."""
        return [m for m in self.machines if m.kind is Kind.SERVER]
