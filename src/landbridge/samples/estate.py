"""Builds the true estate from a seed: machines, clusters, applications and their links."""

from __future__ import annotations

from random import Random
from typing import Final

from landbridge.samples.clusters import make_clusters, place
from landbridge.samples.links import draw_links
from landbridge.samples.machines import MachineFactory
from landbridge.samples.model import Estate, Kind, Machine
from landbridge.samples.names import LAB_DOMAIN, SITES
from landbridge.samples.staffing import make_application, share_out, staff

MINIMUM: Final = 100
PHYSICAL_SHARE: Final = 0.12


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
    applications = [make_application(factory, index) for index in range(count)]
    members: list[Machine] = []
    budget = round(servers * PHYSICAL_SHARE)
    for application, size in zip(
        applications, share_out(rng, count, servers - len(infrastructure)), strict=True
    ):
        budget = staff(factory, rng, application, size, budget)
        members.extend(application.members)
    machines = infrastructure + members
    hosts, clusters = make_clusters(factory, machines)
    _twins(rng, factory, machines)
    templates = [_template(factory, rng) for _ in range(max(2, servers * 6 // 400))]
    for template in templates:
        place(rng, template, clusters)
    retired = [_retire(factory, rng) for _ in range(max(3, servers // 20))]
    return Estate(
        seed, machines, hosts, clusters, templates, retired, applications,
        draw_links(rng, applications, infrastructure),
    )  # fmt: skip


def _infrastructure(factory: MachineFactory, servers: int) -> list[Machine]:
    machines = []
    for site in SITES:
        roles: list[tuple[str, str | None]] = [("dc", "windows"), ("dc", "windows")]
        roles += [("fs", "windows"), ("mon", "linux")]
        roles += [("bck", None), ("fs", "windows")] * max(1, servers // 2000)
        for role, family in roles:
            if role == "bck":
                machines.append(factory.physical(site, role, "production", "windows"))
            else:
                machines.append(factory.virtual(site, role, "production", family))
    return machines


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
