"""The estate as RVTools exports it: one workbook, one sheet for each kind of row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from landbridge.samples.machines import TODAY
from landbridge.samples.model import Application, Machine
from landbridge.samples.names import VCENTER
from landbridge.samples.rvtools.details import VCPU, VMEMORY, VTOOLS
from landbridge.samples.rvtools.hosts import VCLUSTER, VHOST
from landbridge.samples.rvtools.parts import VDISK, VNETWORK, VPARTITION, DiskView, NicView
from landbridge.samples.rvtools.view import VCENTER_UUID, VmView
from landbridge.samples.rvtools.vinfo import VINFO
from landbridge.samples.scenario import Scenario
from landbridge.samples.tables import Column, Sheet, constant, sheet, write_workbook
from landbridge.samples.truth import Truth

FILE: Final = "RVTools_export_all_2026-03-02_09.14.11.xlsx"

_NOTES: Final = (
    "", "", "", "Do not reboot without CAB approval", "Migrated from old cluster in 2019",
    "test box, can be deleted?", "Backup: daily 02:00\nContact: service desk",
)  # fmt: skip
_META: Final = (
    constant("RVTools major version", "4.7"),
    constant("RVTools version", "4.7.1.4"),
    constant("xlsx creation datetime", TODAY),
    constant("Server", VCENTER),
)
_HEALTH: Final[tuple[Column[str], ...]] = (
    Column("Name", None, lambda name: name, ("hostname",)),
    constant("Message", "VMware Tools are out of date", None, ("description",)),
    constant("Message type", "Warning"),
    constant("VI SDK Server", VCENTER),
    constant("VI SDK UUID", VCENTER_UUID),
)


def render(scenario: Scenario, path: Path, truth: Truth) -> None:
    """Write the workbook, and enter its tables and what it shows into the truth."""
    estate = scenario.estate
    views = _views(scenario)
    vms = [(view.vm.key, view) for view in views]
    sheets: list[Sheet] = [
        sheet(FILE, "vInfo", "assets", VINFO, vms),
        sheet(FILE, "vCPU", "details", VCPU, vms),
        sheet(FILE, "vMemory", "details", VMEMORY, vms),
        sheet(FILE, "vDisk", "disks", VDISK, _disks(views)),
        sheet(FILE, "vPartition", "partitions", VPARTITION, _partitions(views)),
        sheet(FILE, "vNetwork", "nics", VNETWORK, _nics(views)),
        sheet(FILE, "vTools", "details", VTOOLS, vms),
        sheet(FILE, "vHost", "assets", VHOST, [(host.key, host) for host in estate.hosts]),
        sheet(FILE, "vCluster", "reference", VCLUSTER, [(c.key, c) for c in estate.clusters]),
        sheet(FILE, "vHealth", "reference", _HEALTH,
              [(None, view.vm.name) for view in views if view.vm.number % 9 == 0]),
        sheet(FILE, "vMetaData", "reference", _META, [(None, None)]),
    ]  # fmt: skip
    write_workbook(path / FILE, sheets)
    truth.tables.extend(table.truth for table in sheets)
    hosts = {host.fqdn: host.key for host in estate.hosts}
    for view in views:
        truth.note_edge(view.vm.key, hosts[view.vm.host], "runs_on", 0, FILE)
        if view.service and view.vm.application:
            truth.note_member(view.vm.application, view.vm.key)


def _views(scenario: Scenario) -> list[VmView]:
    rng = Random(f"{scenario.estate.seed}/rvtools")
    applications = {a.key: a for a in scenario.estate.applications}
    machines = [*scenario.estate.virtual, *scenario.estate.templates]
    rng.shuffle(machines)
    return [
        VmView(
            machine,
            _service(scenario, machine, applications),
            machine.owner if machine.key in scenario.tagged_owner else "",
            rng.choice(_NOTES),
        )
        for machine in machines
    ]


def _service(scenario: Scenario, machine: Machine, applications: dict[str, Application]) -> str:
    if machine.application is None or machine.key not in scenario.tagged_service:
        return ""
    name = applications[machine.application].name
    return name.upper() if machine.number % 11 == 0 else name


def _disks(views: list[VmView]) -> Iterator[tuple[str | None, DiskView]]:
    for view in views:
        for index, disk in enumerate(view.vm.disks):
            yield (
                view.vm.key,
                DiskView(view.vm, view.service, view.owner, view.annotation, disk, index),
            )


def _partitions(views: list[VmView]) -> Iterator[tuple[str | None, DiskView]]:
    """Only a running guest reports its partitions."""
    return ((key, disk) for key, disk in _disks(views) if disk.running)


def _nics(views: list[VmView]) -> Iterator[tuple[str | None, NicView]]:
    for view in views:
        for index, nic in enumerate(view.vm.nics):
            yield (
                view.vm.key,
                NicView(view.vm, view.service, view.owner, view.annotation, nic, index),
            )
