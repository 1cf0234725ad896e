"""Who knows what: which tool sees which machine, and where a tool is out of date."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from landbridge.samples.model import Estate, Kind, Machine
from landbridge.samples.names import FIRST_NAMES, LAB_DOMAIN, LAST_NAMES
from landbridge.samples.releases import Release


@dataclass(frozen=True, slots=True)
class Scenario:
    """What each tool knows of the estate; sets hold machine keys.

    Attributes:
        cmdb: machines recorded in ServiceNow.
        entered_twice: machines that ServiceNow holds a second, hand-made record of.
        listed: physical servers in the German list.
        agents: machines that report their network connections.
        stale_memory: MiB that ServiceNow still believes in.
        stale_release: operating system that ServiceNow still believes in.
        cmdb_owner: owner that ServiceNow still names.
        tagged_service: VMs whose vCenter attribute "Business service" is filled in.
        tagged_owner: VMs whose vCenter attribute "Service owner" is filled in.
        placeholder_serials: what ServiceNow holds in place of a serial number.
    """

    estate: Estate
    cmdb: frozenset[str]
    entered_twice: frozenset[str]
    listed: frozenset[str]
    agents: frozenset[str]
    stale_memory: dict[str, int]
    stale_release: dict[str, Release]
    cmdb_owner: dict[str, str]
    tagged_service: frozenset[str]
    tagged_owner: frozenset[str]
    placeholder_serials: dict[str, str]


_PLACEHOLDERS = (
    "To Be Filled By O.E.M.", "Default string", "System Serial Number", "0", "N/A", "None",
)  # fmt: skip


def imagine(estate: Estate) -> Scenario:
    """Decide what each tool knows; the same estate gives the same scenario."""
    rng = Random(f"{estate.seed}/scenario")
    everyone = [*estate.machines, *estate.hosts]
    cmdb = {m.key for m in everyone if m.domain != LAB_DOMAIN and rng.random() < _coverage(m)}
    listed = [m for m in estate.physical if m.site.german and rng.random() < 0.9]
    both = [m for m in estate.virtual if m.key in cmdb and m.powered_on]
    tagged_service = {m.key for m in estate.virtual if m.application and rng.random() < 0.5}
    tagged_owner = {m.key for m in estate.virtual if m.application and rng.random() < 0.4}
    share = len(both)
    stale_memory = {m.key: m.memory // 2 for m in rng.sample(both, max(3, share // 25))}
    upgraded = [
        m
        for m in both
        if m.release and m.release.cycle in ("2019", "2022") and m.key not in stale_memory
    ]
    older = {r.cycle: r for m in estate.virtual if (r := m.release) and r.family == "windows"}
    previous = older.get("2012-r2") or next(iter(older.values()))
    stale_release = {
        m.key: previous for m in rng.sample(upgraded, min(len(upgraded), max(2, share // 50)))
    }
    owners = [m for m in estate.machines if m.key in cmdb and m.key in tagged_owner]
    owners += [m for m in listed if m.key in cmdb]
    changed = rng.sample(owners, min(len(owners), max(3, share // 25)))
    boxes = [m for m in estate.physical if m.key in cmdb and m.key not in {x.key for x in listed}]
    whiteboxes = rng.sample(boxes, min(len(boxes), max(3, share // 60)))
    return Scenario(
        estate=estate,
        cmdb=frozenset(cmdb),
        entered_twice=frozenset(m.key for m in rng.sample(both, max(3, share // 20))),
        listed=frozenset(m.key for m in listed),
        agents=frozenset(
            m.key for m in estate.machines if m.powered_on and rng.random() < _instrumented(m)
        ),
        stale_memory=stale_memory,
        stale_release=stale_release,
        cmdb_owner={m.key: _somebody_else(rng, m) for m in changed},
        tagged_service=frozenset(tagged_service),
        tagged_owner=frozenset(tagged_owner),
        placeholder_serials={
            m.key: _PLACEHOLDERS[index % len(_PLACEHOLDERS)] for index, m in enumerate(whiteboxes)
        },
    )


def _coverage(machine: Machine) -> float:
    if machine.kind is Kind.SERVER:
        return 0.9
    return 0.8 if machine.kind is Kind.HYPERVISOR_HOST else 0.88


def _instrumented(machine: Machine) -> float:
    family = machine.release.family if machine.release else ""
    return {"unix": 0.1, "linux": 0.75, "windows": 0.85}.get(family, 0.0)


def _somebody_else(rng: Random, machine: Machine) -> str:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    name = f"{first} {last}"
    return name if name != machine.owner else f"{first}-Marie {last}"
