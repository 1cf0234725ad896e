"""Sizes from utilisation: the arithmetic, its settings, and where they are read."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from sqlalchemy import text

from landbridge.kit import jsonio
from landbridge.kit.ids import new_id
from tests.support.accounts import make_flow

SERVERS = {
    "idle": ("server", "on", 8, 16, 100, (5, 10, 20)),
    "busy": ("virtual_machine", "on", 4, 8, 50, (95.5, 99, 49.5)),
    "mixed": ("server", None, 4, 8, None, (10, 90, None)),
    "silent": ("server", "on", 4, 8, 100, (None, None, None)),
    "off": ("virtual_machine", "off", 4, 8, 100, (1, 1, 30)),
    "odd": ("server", "on", 4, None, 100, (180, "much", -3)),
    "host": ("hypervisor_host", "on", 64, 512, 100, (5, 5, 5)),
}


@pytest.fixture
def ids(databases, account):
    flow = make_flow(databases, account)
    made = {}
    with databases.app.open(account.access) as session:
        for name, (kind, power, cores, memory, disk, used) in SERVERS.items():
            made[name] = new_id()
            named = zip(
                ("cpu_utilization", "memory_utilization", "storage_used_gb"), used, strict=True
            )
            session.execute(
                text(
                    "insert into app.assets (id, engagement_id, asset_type, name, environment,"
                    " power_state, cpu_cores, memory_mb, storage_mb, attributes, provenance,"
                    " content_hash, first_seen_flow_id) values (:id, :e, :kind, :name,"
                    " 'production', :power, :cores, :memory, :disk, cast(:attributes as jsonb),"
                    " '{}', 'x', :flow)"
                ),
                {
                    "id": made[name],
                    "e": account.engagement_id,
                    "kind": kind,
                    "name": name,
                    "power": power,
                    "cores": cores,
                    "memory": memory and memory * 1024,
                    "disk": disk and disk * 1024,
                    "attributes": jsonio.dumps({k: v for k, v in named if v is not None}),
                    "flow": flow.flow_id,
                },
            )
    return made


def expected(now, percent, headroom, step, least):
    needs = Decimal(str(now)) * Decimal(str(percent)) / 100 * (100 + headroom) / 100
    return max(least, math.ceil(needs / step) * step)


def test_sizes_are_what_is_used_with_headroom_rounded_up(client_of, account, ids):
    client = client_of(account)
    rows = {r["name"]: r for r in client.get("/sizes").json()["items"]}
    assert set(rows) == set(SERVERS) - {"host"}
    for name in ("idle", "busy", "mixed"):
        _, _, cores, memory, _, (cpu, mem, disk) = SERVERS[name]
        row = rows[name]
        assert row["cpu"]["recommended"] == expected(cores, cpu, 100, 1, 1)
        assert row["memory"]["recommended"] == expected(memory, mem, 100, 1, 2)
        if disk:
            assert row["disk"]["recommended"] == expected(disk, 100, 25, 10, 20)
    assert {n: r["change"] for n, r in rows.items()} == {
        "idle": "smaller",
        "busy": "larger",
        "mixed": "both",
        "silent": "unknown",
        "off": "smaller",
        "odd": "unknown",
    }
    assert rows["idle"]["cpu"]["arithmetic"] == (
        "8 vCPU × 5 % average use × 2 = 0.8, rounded up to whole vCPUs, at least 1: 1 vCPU"
    )
    assert rows["busy"]["disk"]["arithmetic"] == (
        "49.5 GiB used × 1.25 = 61.875, rounded up to a multiple of 10 GiB: 70 GiB"
    )
    totals = client.get("/sizes/totals").json()
    assert (totals["servers"], totals["sized"]) == (6, 4)
    assert totals["cpu"] == {"servers": 3, "now": 16, "recommended": 1 + 8 + 1}


def test_what_is_not_measured_is_not_sized(client_of, account, ids):
    rows = {r["name"]: r for r in client_of(account).get("/sizes").json()["items"]}
    for name, resource in (("silent", "cpu"), ("silent", "disk"), ("odd", "cpu"), ("off", "cpu")):
        assert rows[name][resource]["recommended"] is None
        assert rows[name][resource]["arithmetic"].endswith("no size is recommended.")
    assert "switched off" in rows["off"]["memory"]["arithmetic"]
    assert "how much memory it has" in rows["odd"]["memory"]["arithmetic"]
    unknown = client_of(account).get("/sizes", params={"change": "unknown"}).json()["items"]
    assert {r["name"] for r in unknown} == {"silent", "odd"}


def test_settings_are_changed_kept_audited_and_refused(client_of, account, databases, ids):
    client = client_of(account)
    usual = client.get("/sizes/settings").json()
    assert usual["measured"] == "average"
    wanted = {"measured": "peak", "headroom_peak": 0, "least_memory_gib": 4, "memory_step_gib": 4}
    changed = client.put("/sizes/settings", json=wanted)
    assert changed.json() == usual | wanted == client.get("/sizes/settings").json()
    row = next(r for r in client.get("/sizes").json()["items"] if r["name"] == "busy")
    assert (row["cpu"]["recommended"], row["memory"]["recommended"]) == (4, 8)
    assert "95.5 % peak use × 1 = 3.82" in row["cpu"]["arithmetic"]
    for wrong in ({"headroom_disk": -1}, {"disk_step_gib": 0}, {"measured": "guess"}, {"x": 1}):
        assert client.put("/sizes/settings", json=wrong).status_code == 422
    with databases.app.open(account.access) as session:
        actions = session.execute(text("select action from app.audit_entries")).scalars().all()
    assert "engagement.changed" in actions


def test_a_size_is_explained_and_shown(client_of, browser_of, account, ids):
    told = client_of(account).get(f"/explanations/{ids['idle']}", params={"of": "size"}).json()
    assert told["says"] == "1 vCPU, 4 GiB memory, 30 GiB disk"
    assert "8 vCPU × 5 % average use × 2 = 0.8" in told["arithmetic"]
    assert {"cpu_utilization", "headroom_average"} <= {g["name"] for g in told["inputs"]}
    none = client_of(account).get(f"/explanations/{ids['host']}", params={"of": "size"})
    assert none.status_code == 404
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    browser = browser_of(account)
    page = browser.get(f"{place}/sizes").text
    assert "4 of 6" in page
    assert "8 vCPU × 5 % average use × 2 = 0.8" in page
    assert "Recommended size" in browser.get(f"{place}/inventory/{ids['idle']}").text
    assert "Recommended size" not in browser.get(f"{place}/inventory/{ids['host']}").text
    answer = browser.post(f"{place}/sizes/settings", data={"headroom_average": "0"})
    assert answer.status_code == 303
    assert "with 0 % headroom" in browser.get(f"{place}/sizes").text
