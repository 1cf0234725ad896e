"""The server list as ServiceNow exports it, with its dirt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from landbridge.samples.model import Machine
from landbridge.samples.scenario import Scenario
from landbridge.samples.servicenow.servers import SERVERS, CiView, system_of
from landbridge.samples.tables import Cell, Row, Sheet, write_csv
from landbridge.samples.truth import SeededIssue, TableTruth, Truth

FILE: Final = "cmdb_ci_server.csv"

_INDEX: Final = {column.header: index for index, column in enumerate(SERVERS)}
_IDENTIFYING: Final = (
    "Name", "Fully Qualified Domain Name", "IP Address", "MAC Address", "Serial number",
    "Asset tag", "Sys ID",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: str
    column: str
    value: str
    usable: bool = True


_FAULTS: Final = (
    _Fault("short_row", "", ""),
    _Fault("long_row", "", "moved here by hand"),
    _Fault("bad_date", "Installed", "31-02-2019 00:00:00"),
    _Fault("bad_date", "Installed", "see contract"),
    _Fault("bad_ip", "IP Address", "10.20.300.17"),
    _Fault("bad_ip", "IP Address", "10.44.7"),
    _Fault("no_name", "Name", "", usable=False),
    _Fault("no_name", "Name", "", usable=False),
)


def render(scenario: Scenario, path: Path, truth: Truth) -> dict[str, str]:
    """Write the server export, in the encoding ServiceNow uses by default, with its dirt.

    Returns:
        The display name of each recorded machine, by key.
    """
    records = _records(scenario)
    table = TableTruth(FILE, Path(FILE).stem, "assets", 1, [column.truth for column in SERVERS])
    truth.tables.append(table)
    rows = _with_dirt(scenario, records, table, truth)
    write_csv(path / FILE, Sheet(table, rows), "cp1252", quote_all=True)
    return {r.machine.key: r.name for r in records if not r.manual}


def _records(scenario: Scenario) -> list[CiView]:
    rng = Random(f"{scenario.estate.seed}/servicenow")
    estate = scenario.estate
    records = []
    for machine in (*estate.machines, *estate.hosts, *estate.retired):
        if machine.key not in scenario.cmdb and not machine.retired:
            continue
        records.append(_record(scenario, rng, machine))
        if machine.key in scenario.entered_twice:
            records.append(_typed_again(rng, records[-1]))
    records.sort(key=lambda record: (record.name.lower(), record.machine.number, record.manual))
    return records


def _record(scenario: Scenario, rng: Random, machine: Machine) -> CiView:
    stale = scenario.stale_release.get(machine.key)
    memory = scenario.stale_memory.get(machine.key, machine.memory)
    return CiView(
        machine=machine,
        name=_spelling(rng, machine),
        system=(stale.snow, stale.snow_version) if stale else system_of(machine),
        memory=memory - 1 if rng.random() < 0.1 else memory,
        owner=scenario.cmdb_owner.get(machine.key, machine.owner),
        serial=scenario.placeholder_serials.get(machine.key, machine.serial),
    )


def _typed_again(rng: Random, record: CiView) -> CiView:
    machine = record.machine
    name = machine.fqdn if record.name != machine.fqdn and rng.random() < 0.5 else machine.name
    serial = rng.choice(("", "N/A", "unknown"))
    return CiView(machine, name, record.system, record.memory, record.owner, serial, manual=True)


def _spelling(rng: Random, machine: Machine) -> str:
    if rng.random() < 0.06:
        return machine.fqdn
    windows = machine.release is not None and machine.release.family == "windows"
    return machine.name.upper() if windows else machine.name


def _with_dirt(
    scenario: Scenario, records: list[CiView], table: TableTruth, truth: Truth
) -> Iterator[Row]:
    """The rows, some of them spoilt; each spoilt place is entered into the truth."""
    rng = Random(f"{scenario.estate.seed}/servicenow/dirt")
    argued = {*scenario.stale_memory, *scenario.stale_release, *scenario.cmdb_owner}
    sound = [
        index
        for index, record in enumerate(records)
        if not record.manual and record.machine.key not in argued
    ]
    faults = _FAULTS * max(1, len(records) // 400)
    spoilt = dict(zip(rng.sample(sound, len(faults)), faults, strict=True))
    for index, record in enumerate(records):
        cells: list[Cell] = [column.value(record) for column in SERVERS]
        if fault := spoilt.get(index):
            spoilt_cells = _spoil(fault, cells)
            truth.issues.append(
                SeededIssue(
                    table.file, table.table, table.next_row,
                    fault.column, fault.value, fault.kind, fault.usable,
                )
            )  # fmt: skip
            if fault.usable:
                cells = spoilt_cells
            else:
                yield None, spoilt_cells
        yield record.machine.key, cells


def _spoil(fault: _Fault, cells: list[Cell]) -> list[Cell]:
    """A copy of the cells with the fault; an unusable record is a leftover beside a sound one."""
    if fault.kind == "short_row":
        return cells[:-4]
    if fault.kind == "long_row":
        return [*cells, fault.value]
    spoilt = list(cells)
    for column in _IDENTIFYING if fault.kind == "no_name" else (fault.column,):
        spoilt[_INDEX[column]] = fault.value
    return spoilt
