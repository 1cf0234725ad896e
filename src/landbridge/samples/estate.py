"""Builds the true estate from a seed: machines, clusters, applications and their links."""

from __future__ import annotations

from random import Random
from typing import Final

from landbridge.samples.links import draw_links
from landbridge.samples.machines import MachineFactory
from landbridge.samples.model import Application, Cluster, Estate, Kind, Machine
from landbridge.samples.names import APPLICATIONS, LAB_DOMAIN, REGIONS, SITES, Site

MINIMUM: Final = 100
VMS_PER_HOST: Final = 18
HOSTS_PER_CLUSTER: Final = 6
PHYSICAL_SHARE: Final = 0.12

# The machines an application has, in the order in which it grows.
_SHAPE: Final = (
    ("app", "production"), ("db", "production"), ("app", "test"), ("web", "production"),
    ("app", "production"), ("app", "development"), ("db", "test"), ("web", "production"),
    ("app", "production"), ("db", "production"), ("web", "test"), ("app", "production"),
    ("app", "test"), ("db", "development"), ("web", "production"), ("app", "production"),
)  # fmt: skip
_FAMILY: Final = {"dotnet": "windows", "php": "linux", "go": "linux", "python": "linux"}


def build(seed: int, servers: int) -> Estate:
    """Build an estate of `servers` machines: VMs and physical servers, hypervisors apart.

    Raises:
        ValueError: for fewer servers than hold the infrastructure and every application.
    """
    if servers < MINIMUM:
        raise ValueError(f"a sample estate needs at least {MINIMUM} servers")
    rng = Random(seed)
    factory = MachineFactory(rng)
    infrastructure = _infrastructure(factory, servers)
    count = max(60, servers * 60 // 400)
    applications = [_application(factory, index) for index in range(count)]
    members: list[Machine] = []
    budget = round(servers * PHYSICAL_SHARE)
    for application, size in zip(
        applications, _sizes(rng, count, servers - len(infrastructure)), strict=True
    ):
        budget = _staff(factory, rng, application, size, budget)
        members.extend(application.members)
    machines = infrastructure + members
    hosts, clusters = _clusters(factory, machines)
    _twins(rng, factory, machines)
    templates = [_template(factory, rng) for _ in range(max(2, servers * 6 // 400))]
    for template in templates:
        _place(rng, template, clusters)
    retired = [_retire(factory, rng) for _ in range(max(3, servers // 20))]
    return Estate(
        seed, machines, hosts, clusters, templates, retired, applications,
        draw_links(rng, applications, infrastructure),
    )  # fmt: skip


def _infrastructure(factory: MachineFactory, servers: int) -> list[Machine]:
    machines = []
    for site in SITES:
        roles: list[tuple[str, str | None]] = [
            ("dc", "windows"),
            ("dc", "windows"),
            ("fs", "windows"),
            ("mon", "linux"),
        ]
        roles += [("bck", None), ("fs", "windows")] * max(1, servers // 2000)
        for role, family in roles:
            if role == "bck":
                machines.append(factory.physical(site, role, "production", "windows"))
            else:
                machines.append(factory.virtual(site, role, "production", family))
    return machines


def _application(factory: MachineFactory, index: int) -> Application:
    cycle, position = divmod(index, len(APPLICATIONS))
    name, vendor, department, technology = APPLICATIONS[position]
    if cycle:
        region, series = REGIONS[(cycle - 1) % len(REGIONS)], (cycle - 1) // len(REGIONS)
        name = f"{name} {region}{series + 1 if series else ''}"
    return Application(
        key=f"application-{index + 1:05d}",
        number=f"APP{index + 1:04d}",
        name=name,
        vendor=vendor,
        technology=technology,
        department=department,
        owner=factory.person(),
        technician=factory.person(),
        criticality=1 + (index * 7 + position) % 4,
        users=12 * (1 + index * 37 % 400),
    )


def _sizes(rng: Random, count: int, total: int) -> list[int]:
    """Share out `total` machines, at least one to each application."""
    sizes = [rng.choices((1, 2, 4, 6, 9, 14), (15, 20, 25, 20, 12, 8))[0] for _ in range(count)]
    excess = sum(sizes) - total
    while excess:
        index = rng.randrange(count)
        if excess < 0:
            sizes[index] += 1
            excess += 1
        elif sizes[index] > 1:
            sizes[index] -= 1
            excess -= 1
    return sizes


def _staff(
    factory: MachineFactory, rng: Random, application: Application, size: int, budget: int
) -> int:
    """Give an application its machines; returns what is left of the physical budget."""
    site = factory.site()
    family = _FAMILY.get(application.technology)
    for position in range(size):
        role, environment = _SHAPE[position % len(_SHAPE)]
        if budget and role == "db" and environment == "production" and rng.random() < 0.7:
            kind = rng.choice(("unix", "unix", "linux", "windows"))
            machine = factory.physical(site, role, environment, kind)
            budget -= 1
        elif budget and size <= 2 and rng.random() < 0.5:
            machine = factory.physical(site, role, environment, family or "windows")
            budget -= 1
        else:
            machine = factory.virtual(site, role, environment, family)
        if role == "db" or size == 1:
            factory.database(machine)
        machine.application = application.key
        machine.owner, machine.technician = application.owner, application.technician
        machine.department = application.department
        if environment == "production":
            machine.criticality = application.criticality
        machine.powered_on = environment == "production" or rng.random() > 0.12
        application.members.append(machine)
    return budget


def _clusters(
    factory: MachineFactory, machines: list[Machine]
) -> tuple[list[Machine], list[Cluster]]:
    """Hosts and clusters enough for the VMs of each site, and every VM placed on a host."""
    hosts: list[Machine] = []
    clusters: list[Cluster] = []
    for site in SITES:
        virtual = [m for m in machines if m.kind is Kind.VIRTUAL_MACHINE and m.site is site]
        needed = max(2, -(-len(virtual) // VMS_PER_HOST))
        local: list[Machine] = []
        for index in range(needed):
            if index % HOSTS_PER_CLUSTER == 0:
                clusters.append(_cluster(site, index // HOSTS_PER_CLUSTER + 1))
            host = factory.hypervisor(site)
            host.cluster = clusters[-1].name
            clusters[-1].hosts.append(host)
            local.append(host)
        for index, machine in enumerate(virtual):
            host = local[index % len(local)]
            machine.host, machine.cluster = host.fqdn, host.cluster
        hosts.extend(local)
    return hosts, clusters


def _cluster(site: Site, index: int) -> Cluster:
    name = f"{site.code.upper()}-CL{index:02d}"
    return Cluster(f"cluster-{name}", name, site)


def _place(rng: Random, machine: Machine, clusters: list[Cluster]) -> None:
    cluster = rng.choice([c for c in clusters if c.site is machine.site])
    machine.cluster, machine.host = cluster.name, rng.choice(cluster.hosts).fqdn


def _twins(rng: Random, factory: MachineFactory, machines: list[Machine]) -> None:
    """Let some VMs carry a name that is taken: lab copies and restored images."""
    virtual = [m for m in machines if m.kind is Kind.VIRTUAL_MACHINE]
    production = [m for m in virtual if m.environment == "production" and m.powered_on]
    copies = [m for m in virtual if m.environment != "production" and m.database is None]
    for index in range(max(2, len(machines) // 200)):
        original = rng.choice(production)
        copy = rng.choice(copies)
        if copy.twin or original.twin:
            continue
        copy.name, copy.twin, original.twin = original.name, original.key, copy.key
        copy.domain = LAB_DOMAIN
        copy.powered_on = index % 2 == 0


def _template(factory: MachineFactory, rng: Random) -> Machine:
    template = factory.virtual(factory.site(), "tpl", "production", None)
    system = template.release.product if template.release else "os"
    template.name = f"tpl-{system}-{template.number}"
    template.powered_on, template.template = False, True
    template.nics = [rng.choice(template.nics)]
    template.nics[0].ip = ""
    return template


def _retire(factory: MachineFactory, rng: Random) -> Machine:
    """A machine that was switched off for good and lives on in the CMDB only."""
    site = factory.site()
    family = rng.choice(("windows", "linux"))
    machine = factory.physical(site, rng.choice(("app", "db", "web")), "production", family)
    machine.retired, machine.powered_on = True, False
    return machine
