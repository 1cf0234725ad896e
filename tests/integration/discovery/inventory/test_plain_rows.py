"""Assets of one row come out the same, by batches of text or one by one."""

from __future__ import annotations

import numpy as np
import pytest

from landbridge.discovery.inventory.clusters import Clusters
from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table
from tests.support.two_doors import TwoDoors

COLUMNS = ("hostname", "fqdn", "ip_address", "host_system", "application_name", "memory_gb")
ROWS = [
    {
        "hostname": "web01",
        "fqdn": "web01.corp.example.com",
        "ip_address": ["10.0.0.1", "10.0.0.1"],
        "environment": "production",
        "host_system": "esx1.example.com",
        "application_name": ["Shop", "shop", "Ledger"],
        "memory_gb": 8.0,
        "Note": "tab\there, back\\slash\nand more",
    },
    {"hostname": "web02", "environment": "unknown", "application_name": ["Shop"], "cpu_cores": 4},
    {"hostname": "10.0.0.9", "is_virtual": True},
    {"hostname": "ORA1", "asset_type": "Oracle database", "os_name": 'Odd "name"\t1'},
    {"hostname": "web01", "fqdn": "web01.corp.example.com", "serial_number": "SN-0001-A"},
    {"hostname": "n/a", "Note": "names nothing"},
]
_WITHOUT = [
    *("id", "asset_id", "application_id", "client_account_id", "engagement_id", "import_id"),
    *("import_table_id", "first_seen_flow_id", "created_at", "updated_at", "provenance"),
    "content_hash",
]
_QUERIES = (
    "select to_jsonb(x) - cast(:w as text[]) as x from app.assets x order by name_key, x::text",
    "select to_jsonb(k) - cast(:w as text[]) || jsonb_build_object('name', a.name) as x"
    " from app.asset_keys k join app.assets a on a.id = k.asset_id"
    " order by a.name_key, kind, value",
    "select to_jsonb(o) - cast(:w as text[]) || jsonb_build_object('name', a.name) as x"
    " from app.asset_observations o join app.assets a on a.id = o.asset_id"
    " order by a.name_key, row_number",
    "select jsonb_build_object('row', s.row_number, 'name', a.name) as x from app.asset_sources s"
    " join app.assets a on a.id = s.asset_id order by a.name_key, s.row_number",
    "select jsonb_build_object('app', p.name, 'name', a.name,"
    " 'text', l.evidence #> '{0,text}') as x from app.application_assets l"
    " join app.assets a on a.id = l.asset_id"
    " join app.applications p on p.id = l.application_id order by p.name, a.name_key",
)


def content(bench):
    return [[row.x for row in bench.query(query, w=_WITHOUT)] for query in _QUERIES]


@pytest.fixture
def others(make_account, make_flow, databases):
    account = make_account()
    return Bench(TwoDoors(databases), account, make_flow(account))


def test_both_ways_give_the_same_inventory(bench, others, monkeypatch):
    listed = table(TableRole.ASSETS, columns=("Note",), attributes=COLUMNS, name="list")
    one = bench.run((listed, ROWS))
    monkeypatch.setattr(Clusters, "alone", lambda c: np.zeros(len(c.of), dtype=bool))
    other = others.run((listed, ROWS))
    assert one == other
    assert (one.records, one.duplicates_merged, one.unidentified) == (6, 1, 1)
    assert content(bench) == content(others)
    hashes = "select encode(content_hash, 'hex') from app.assets order by 1"
    assert bench.query(hashes) == others.query(hashes)
