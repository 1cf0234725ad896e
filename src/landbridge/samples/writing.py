"""Writes a sample estate: its files as the tools export them, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landbridge.samples import connections, german_list
from landbridge.samples.estate import build
from landbridge.samples.model import Estate, Machine
from landbridge.samples.rvtools import workbook
from landbridge.samples.scenario import Scenario, imagine
from landbridge.samples.servicenow import applications, records, relations
from landbridge.samples.truth import ExpectedRelease, SeededConflict, Thing, Truth

DEFAULT_SEED = 20260302


@dataclass(frozen=True, slots=True)
class SampleEstate:
    """One written estate.

    Attributes:
        files: the exports, in the order in which an analyst would upload them.
        truth: what is true about them.
    """

    files: list[Path]
    truth: Truth


def write(directory: Path, seed: int = DEFAULT_SEED, servers: int = 400) -> SampleEstate:
    """Write the estate of a seed into a directory that exists.

    The same seed and size give the same bytes. `servers` counts VMs and physical servers;
    hypervisor hosts, templates and retired machines come on top.

    Raises:
        ValueError: for fewer than 100 servers.
        OSError: the directory cannot be written.
    """
    estate = build(seed, servers)
    scenario = imagine(estate)
    truth = Truth(seed, servers)
    _enter_things(estate, truth)
    workbook.render(scenario, directory, truth)
    names = records.render(scenario, directory, truth)
    applications.render(estate.applications, directory, truth)
    relations.render(scenario, names, directory, truth)
    connections.render(scenario, directory, truth)
    german_list.render(scenario, directory, truth)
    _enter_conflicts(scenario, truth)
    _enter_releases(scenario, truth)
    files = dict.fromkeys(table.file for table in truth.tables)
    return SampleEstate([directory / file for file in files], truth)


def _enter_things(estate: Estate, truth: Truth) -> None:
    for machine in (*estate.machines, *estate.hosts, *estate.templates, *estate.retired):
        truth.things[machine.key] = Thing(
            machine.kind.value, machine.name, machine.environment, machine.retired
        )
    for cluster in estate.clusters:
        truth.things[cluster.key] = Thing("cluster", cluster.name, "unknown")
    for application in estate.applications:
        truth.things[application.key] = Thing("application", application.name, "unknown")


def _enter_conflicts(scenario: Scenario, truth: Truth) -> None:
    machines = {m.key: m for m in scenario.estate.machines}

    def enter(key: str, attribute: str, true: str, stale: str) -> None:
        values = {"true": true, records.FILE: stale}
        truth.conflicts.append(SeededConflict(key, attribute, values))

    for key, memory in scenario.stale_memory.items():
        enter(key, "memory_gb", f"{machines[key].memory} MiB", f"{memory} MB")
    for key, stale in scenario.stale_release.items():
        release = machines[key].release
        enter(key, "os_version", release.tools if release else "", stale.snow)
    for key, owner in scenario.cmdb_owner.items():
        enter(key, "business_owner", machines[key].owner, owner)


def _enter_releases(scenario: Scenario, truth: Truth) -> None:
    for machine in scenario.estate.machines:
        release = machine.release
        if release is None or machine.key in scenario.stale_release:
            continue
        cycles = _revealed(scenario, machine)
        if cycles:
            truth.releases.append(ExpectedRelease(machine.key, release.product, cycles))
        database = machine.database
        if database and machine.key in scenario.listed:
            truth.releases.append(
                ExpectedRelease(database.key, database.engine.product, (database.engine.cycle,))
            )
    for host in scenario.estate.hosts:
        cycle = ("6.7", "7.0")[host.esxi]
        truth.releases.append(ExpectedRelease(host.key, "vmware-esxi", (cycle,)))


def _revealed(scenario: Scenario, machine: Machine) -> tuple[str, ...]:
    """The release cycles that the files, read together, leave possible; none if they are silent."""
    release = machine.release
    if release is None:
        return ()
    if machine.key in scenario.cmdb or machine.key in scenario.listed:
        return tuple(dict.fromkeys(c for c in (release.cycle, release.vm_cycle) if c))
    if (
        release.vm_cycle
        and machine.host
        and (machine.powered_on or release.config == release.tools)
    ):
        return tuple(dict.fromkeys((release.vm_cycle, release.cycle)))
    return ()
