"""The relations between configuration items as ServiceNow exports them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from landbridge.samples.model import Machine
from landbridge.samples.scenario import Scenario
from landbridge.samples.servicenow.servers import class_of
from landbridge.samples.tables import Column, Row, Sheet, constant, write_csv
from landbridge.samples.truth import SeededIssue, TableTruth, Thing, Truth

FILE: Final = "cmdb_rel_ci.csv"

_DEPENDS: Final = "Depends on::Used by"
_RUNS: Final = "Runs on::Runs"
_VIRTUALIZED: Final = "Virtualized by::Virtualizes"
_UNRECORDED: Final = (("FAXGW01", "faxgw01"), ("OLDPRINT2", "oldprint2"))


@dataclass(frozen=True, slots=True)
class RelationView:
    """One relation: display name and class of both ends, and the type's two descriptors."""

    parent: str
    parent_class: str
    type: str
    child: str
    child_class: str


R = Column[RelationView]
_COLUMNS: Final = (
    R("Parent", "rel_source", lambda r: r.parent),
    R("Parent.Class", None, lambda r: r.parent_class, ("asset_type",)),
    R("Type", "rel_type", lambda r: r.type),
    R("Child", "rel_target", lambda r: r.child),
    R("Child.Class", None, lambda r: r.child_class, ("asset_type",)),
    constant("Connection strength", "always"),
)


def render(scenario: Scenario, names: dict[str, str], path: Path, truth: Truth) -> None:
    """Write the relations; `names` are the display names of the recorded machines."""
    table = TableTruth(FILE, Path(FILE).stem, "relations", 1, [column.truth for column in _COLUMNS])
    truth.tables.append(table)
    relations = list(_relations(scenario, names, truth))
    rng = Random(f"{scenario.estate.seed}/relations")
    rng.shuffle(relations)
    relations.extend(relations[:3])

    def rows() -> Iterator[Row]:
        for relation in relations:
            yield None, [column.value(relation) for column in _COLUMNS]
        first = relations[0]
        truth.issues.append(
            SeededIssue(FILE, table.table, table.next_row, "Child", "", "no_endpoint", usable=False)
        )
        yield None, [first.parent, first.parent_class, first.type, "", "", "always"]

    write_csv(path / FILE, Sheet(table, rows()), "utf-8", quote_all=True)


def _relations(scenario: Scenario, names: dict[str, str], truth: Truth) -> Iterator[RelationView]:
    rng = Random(f"{scenario.estate.seed}/relations/drawn")
    estate = scenario.estate
    named = {m.key: m for m in (*estate.machines, *estate.hosts) if m.key in names and not m.twin}

    def between(source: Machine, kind: str, target: Machine) -> RelationView:
        return RelationView(
            names[source.key], class_of(source), kind, names[target.key], class_of(target)
        )

    for link in estate.links:
        known = link.source.key in named and link.target.key in named
        if known and rng.random() < 0.3:
            truth.note_edge(link.source.key, link.target.key, "depends_on", 0, FILE)
            yield between(link.source, _DEPENDS, link.target)
    hosts = {host.fqdn: host for host in estate.hosts}
    for vm in estate.virtual:
        host = hosts[vm.host]
        if vm.key in named and host.key in named and rng.random() < 0.25:
            truth.note_edge(vm.key, host.key, "runs_on", 0, FILE)
            yield between(vm, _VIRTUALIZED, host)
    for application in estate.applications:
        for machine in application.members:
            if machine.key in named and rng.random() < 0.8:
                truth.note_member(application.key, machine.key)
                yield RelationView(
                    application.name, "Business Application", _DEPENDS,
                    names[machine.key], class_of(machine),
                )  # fmt: skip
    yield from _databases(list(named.values()), names, rng, truth)
    yield from _unrecorded(list(named.values()), names, truth)


def _databases(
    machines: list[Machine], names: dict[str, str], rng: Random, truth: Truth
) -> Iterator[RelationView]:
    for machine in machines:
        database = machine.database
        if database and rng.random() < 0.6:
            truth.things[database.key] = Thing("database", database.name, machine.environment)
            truth.note_edge(database.key, machine.key, "runs_on", 0, FILE)
            yield RelationView(
                database.name, database.engine.snow_class, _RUNS,
                names[machine.key], class_of(machine),
            )  # fmt: skip


def _unrecorded(
    machines: list[Machine], names: dict[str, str], truth: Truth
) -> Iterator[RelationView]:
    """Ends that no other file mentions, and a relation of a thing with itself."""
    for machine, (name, slug) in zip(machines, _UNRECORDED, strict=False):
        key = f"named-only-{slug}"
        truth.things[key] = Thing("server", name, "unknown")
        truth.note_edge(machine.key, key, "depends_on", 0, FILE)
        yield RelationView(names[machine.key], class_of(machine), _DEPENDS, name, "Server")
    itself = machines[0]
    yield RelationView(
        names[itself.key], class_of(itself), _DEPENDS, names[itself.key], class_of(itself)
    )
