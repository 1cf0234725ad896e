"""Cells that break databases become assets like any other."""

from __future__ import annotations

from typing import Any

import pytest

from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

SERVERS = table(
    TableRole.ASSETS,
    "servicenow_server_labels",
    attributes=["hostname", "asset_id", "depends_on", "cpu_cores", "memory_gb"],
)
DISKS = table(TableRole.DISKS, "servicenow_disks")
RELATIONS = table(TableRole.RELATIONS, "servicenow_rel_ci")
CONNECTIONS = table(
    TableRole.CONNECTIONS, "netflow_export", columns=["SrcPort", "DstPort", "Packets"]
)
HUGE = "n" * 40_000


@pytest.mark.parametrize(
    "row",
    [
        {"hostname": HUGE, "asset_id": HUGE, "serial_number": HUGE, "application_name": [HUGE]},
        {"hostname": "half\ud83d", "description": "\ud83d", "Note\udc00": "\udc00"},
        {"hostname": "nul\0", "description": "a\0b", "Note": "\0"},
        {"hostname": "huge", "cpu_cores": 6_377_020_000_000_000, "memory_gb": 1e300},
        {"hostname": "huger", "cpu_cores": 10**30},
        {"hostname": "'; drop table app.assets; --", "description": '{"a": "\\u0000"}'},
        {"hostname": "\u202eevil", "fqdn": "xn--e1afmkfd.example.com"},
        {"hostname": "tab\tand\nline", "asset_id": "a\tb\\N"},
    ],
    ids=["long", "surrogate", "nul", "numbers", "integer", "sql", "direction", "copy"],
)
def test_a_nasty_row_is_an_asset_and_stays_one(bench: Bench, row: dict[str, Any]) -> None:
    files = (
        (SERVERS, [row, {"hostname": "web01", "depends_on": [row["hostname"]]}]),
        (DISKS, [{"hostname": row["hostname"], "component_name": HUGE}]),
        (RELATIONS, [{"rel_source": row["hostname"], "rel_target": "web01", "rel_type": HUGE}]),
        (CONNECTIONS, [{"rel_source": row["hostname"], "rel_target": "web01", "port": 443,
                        "SrcPort": "99999999999999999999", "Packets": "9" * 30}]),
    )  # fmt: skip
    bench.analyse(*files)
    assert bench.query("select count(*) from app.assets where asset_type = 'server'") == [(2,)]
    before = bench.snapshot()
    bench.analyse(*files)
    assert bench.snapshot() == before
