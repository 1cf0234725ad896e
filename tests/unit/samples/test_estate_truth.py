"""The truth of the sample estate: complete, consistent, and full of the promised trouble."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from landbridge.samples import connections, german_list
from landbridge.samples.estate import build
from landbridge.samples.model import Kind
from landbridge.samples.rvtools import workbook
from landbridge.samples.scenario import imagine
from landbridge.samples.servicenow import records, relations
from landbridge.samples.truth import Truth
from landbridge.samples.writing import write

EOL = Path(__file__).parents[4] / "shared" / "data" / "eol.csv"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return write(tmp_path_factory.mktemp("estate")).truth


def test_every_key_in_the_truth_is_a_true_thing(truth: Truth) -> None:
    keys = {key for table in truth.tables for key in table.entities if key}
    keys |= {end for edge in truth.edges for end in (edge.source, edge.target)}
    keys |= {conflict.entity for conflict in truth.conflicts}
    keys |= {release.entity for release in truth.releases}
    keys |= set(truth.memberships) | {key for keys in truth.memberships.values() for key in keys}
    assert keys <= set(truth.things)


def test_servers_are_known_to_several_tools_and_twice_to_one(truth: Truth) -> None:
    sources = defaultdict(Counter)
    for table in truth.tables:
        if table.role == "assets":
            for key in filter(None, table.entities):
                sources[key][table.file] += 1
    assert sum(len(files) > 1 for files in sources.values()) > 250
    assert sum(files[records.FILE] > 1 for files in sources.values()) >= 10
    assert sum(files[german_list.FILE] > 0 < files[records.FILE]
               for files in sources.values()) >= 15  # fmt: skip


def test_two_machines_share_a_name_and_nothing_else() -> None:
    estate = build(20260302, 400)
    named = defaultdict(list)
    for machine in estate.machines:
        named[machine.name].append(machine)
    twins = [machines for machines in named.values() if len(machines) > 1]
    assert twins
    for first, second in twins:
        assert first.uuid != second.uuid
        assert first.fqdn != second.fqdn
        assert {nic.mac for nic in first.nics}.isdisjoint(nic.mac for nic in second.nics)


def test_identifiers_are_unique_even_in_a_large_estate() -> None:
    estate = build(5, 6000)
    everyone = [*estate.machines, *estate.hosts, *estate.templates, *estate.retired]
    for what in (
        [m.uuid for m in everyone],
        [m.serial for m in everyone],
        [n.mac for m in everyone for n in m.nics],
        [n.ip for m in everyone for n in m.nics if n.ip],
        [m.fqdn for m in everyone],
        [a.name for a in estate.applications],
    ):
        assert not [value for value, count in Counter(what).items() if count > 1]


def test_every_application_has_a_machine_and_every_vm_a_host() -> None:
    estate = build(20260302, 400)
    assert len(estate.applications) == 60
    assert all(application.members for application in estate.applications)
    hosts = {host.fqdn for host in estate.hosts}
    assert all(vm.host in hosts for vm in (*estate.virtual, *estate.templates))
    assert {machine.kind for machine in estate.machines} == {Kind.VIRTUAL_MACHINE, Kind.SERVER}


def test_conflicts_are_seeded_in_memory_system_and_owner(truth: Truth) -> None:
    kinds = Counter(conflict.attribute for conflict in truth.conflicts)
    assert set(kinds) == {"memory_gb", "os_version", "business_owner"}
    assert min(kinds.values()) >= 3
    for conflict in truth.conflicts:
        assert len(set(conflict.values.values())) == 2


def test_edges_come_from_every_kind_of_evidence(truth: Truth) -> None:
    evidence = Counter((edge.kind, file) for edge in truth.edges for file in edge.evidence)
    assert set(evidence) == {
        ("runs_on", workbook.FILE),
        ("runs_on", relations.FILE),
        ("runs_on", german_list.FILE),
        ("depends_on", relations.FILE),
        ("depends_on", german_list.FILE),
        ("connects_to", connections.FILE),
    }
    assert not [edge for edge in truth.edges if edge.source == edge.target]


def test_a_placeholder_is_never_a_serial_number_of_two_machines_by_chance() -> None:
    scenario = imagine(build(20260302, 400))
    assert scenario.placeholder_serials
    assert not set(scenario.placeholder_serials) & set(scenario.listed)


def test_expected_releases_are_in_the_end_of_life_data(truth: Truth) -> None:
    if not EOL.exists():
        pytest.skip("the end-of-life data is not here")
    with EOL.open(encoding="utf-8", newline="") as stream:
        known = {(row["product"], row["cycle"]) for row in csv.DictReader(stream)}
    for release in truth.releases:
        assert any((release.product, cycle) in known for cycle in release.cycles), release
    assert len({release.product for release in truth.releases}) > 10
