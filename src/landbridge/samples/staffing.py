"""Applications, and the machines that serve them."""

from __future__ import annotations

from random import Random
from typing import Final

from landbridge.samples.machines import MachineFactory
from landbridge.samples.model import Application
from landbridge.samples.names import APPLICATIONS, REGIONS

# The machines an application has, in the order in which it grows.
_SHAPE: Final = (
    ("app", "production"), ("db", "production"), ("app", "test"), ("web", "production"),
    ("app", "production"), ("app", "development"), ("db", "test"), ("web", "production"),
    ("app", "production"), ("db", "production"), ("web", "test"), ("app", "production"),
    ("app", "test"), ("db", "development"), ("web", "production"), ("app", "production"),
)  # fmt: skip
_FAMILY: Final = {"dotnet": "windows", "php": "linux", "go": "linux", "python": "linux"}


def make_application(factory: MachineFactory, index: int) -> Application:
    """An application without machines; regional instances once the names run out."""
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


def share_out(rng: Random, count: int, total: int) -> list[int]:
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


def staff(
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
