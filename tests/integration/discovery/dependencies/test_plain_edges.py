"""Edges of one column of one row come out the same, by batches of text or united one by one."""

from __future__ import annotations

from typing import Any

import pytest

from landbridge.discovery.dependencies.analysis import DependencyBuilder
from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table
from tests.support.two_doors import TwoDoors

VMS = table(
    TableRole.ASSETS,
    "rvtools_vinfo",
    name="vInfo",
    attributes=("hostname", "host_system", "cluster", "depends_on", "uuid"),
)
LISTED = table(TableRole.ASSETS, name="list", attributes=("hostname", "depends_on"))
RELATIONS = table(
    TableRole.RELATIONS, "servicenow_rel_ci", columns=["Parent", "Parent.Class", "Type", "Child"]
)
ROWS: list[dict[str, Any]] = [
    {"hostname": f"web{n:02}", "host_system": f"esx{n % 2}.example.com", "cluster": "CL-1",
     "datacenter": "DC"}
    for n in range(6)
]  # fmt: skip
NEEDS: list[dict[str, Any]] = [
    {"hostname": "web01", "depends_on": ["web02", "WEB02", "Shop", "nowhere", "web01"]},
    {"hostname": "web03", "depends_on": ["web02"]},
    {"hostname": "web04", "depends_on": ["web05"], "application_name": ["Shop"]},
]
STATED: list[dict[str, Any]] = [
    {"rel_source": "web03", "rel_type": "Depends on::Used by", "rel_target": "web02",
     "Parent.Class": "Server"},
    {"rel_source": "web00", "rel_type": "Runs on::Runs", "rel_target": "esx0.example.com"},
]  # fmt: skip
_EDGES = """
select f.name as source, t.name as target, d.kind, d.port, d.protocol, d.confidence,
       d.observations, d.status,
       (select jsonb_agg(e - 'import_table_id') from jsonb_array_elements(d.evidence) e) as told
  from app.dependencies d join app.assets f on f.id = d.from_asset_id
  join app.assets t on t.id = d.to_asset_id order by 1, 2, 3, 4"""


@pytest.fixture
def others(make_account, make_flow, databases) -> Bench:
    account = make_account()
    return Bench(TwoDoors(databases), account, make_flow(account))


def test_both_ways_give_the_same_edges(
    bench: Bench, others: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = ((VMS, ROWS), (LISTED, NEEDS), (RELATIONS, STATED))
    one = bench.analyse(*tables)
    monkeypatch.setattr(DependencyBuilder, "_write_plain", lambda *_: None)
    other = others.analyse(*tables)
    assert one == other
    assert one.by_kind == {"depends_on": 4, "member_of": 6, "runs_on": 6}
    edges = bench.query(_EDGES)
    assert edges == others.query(_EDGES)
    sources = {(e.source, e.target, e.kind): len(e.told) for e in edges}
    assert sources["web03", "web02", "depends_on"] == 2


def test_a_second_import_changes_nothing(bench: Bench) -> None:
    bench.analyse((VMS, ROWS), (LISTED, NEEDS))
    before = bench.query(_EDGES)
    again = bench.analyse((VMS, ROWS), (LISTED, NEEDS))
    assert (again.created, again.updated, again.removed) == (0, 0, 0)
    assert bench.query(_EDGES) == before
