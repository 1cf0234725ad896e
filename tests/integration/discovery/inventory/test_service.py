from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import queries, service
from landbridge.discovery.inventory.errors import (
    ConflictChanged,
    ConflictNotDecided,
    NotAConflict,
)
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.vocabulary import TableRole
from landbridge.errors.common import NotFound
from tests.support.accounts import Account
from tests.support.tables import Bench, table

VINFO = table(TableRole.ASSETS, "rvtools_vinfo", name="vInfo")
CMDB = table(TableRole.ASSETS, "servicenow_server_labels", name="servers.csv")
VMEMORY = table(TableRole.DETAILS, "rvtools_vmemory", name="vMemory")
VM: dict[str, Any] = {"hostname": "web01", "cpu_cores": 4}
CI: dict[str, Any] = {"hostname": "WEB01", "cpu_cores": 8, "business_owner": "Jane Doe"}


def conflict(bench: Bench) -> UUID:
    return bench.query("select id from app.asset_conflicts")[0][0]


def decide(bench: Bench, value: Any, conflict_id: UUID | None = None) -> None:
    with bench.door.open(bench.account.access) as session:
        service.decide(session, bench.account.engagement_id, conflict_id or conflict(bench), value)


def test_a_decision_changes_the_asset_and_says_who_decided(bench: Bench) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    decide(bench, 8)
    assert bench.query("select cpu_cores from app.assets") == [(8,)]
    assert bench.query("select status, decided_by from app.asset_conflicts") == [
        ("resolved", bench.account.user_id)
    ]
    before = bench.snapshot()
    out = bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    assert (out.conflicts, out.assets_updated) == (0, 0)
    assert bench.snapshot() == before


def test_a_value_that_no_source_gave_may_be_chosen_if_it_is_of_the_same_type(
    bench: Bench,
) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    with pytest.raises(NotAConflict):
        decide(bench, "many")
    decide(bench, 6)
    assert bench.query("select cpu_cores from app.assets") == [(6,)]
    with pytest.raises(ConflictChanged):
        decide(bench, 8)


def test_possible_duplicates_can_be_kept_apart_for_good(bench: Bench) -> None:
    rows = [{"hostname": "web01"}, {"hostname": "web01 (old)"}]
    bench.run((CMDB, rows))
    with pytest.raises(NotAConflict):
        decide(bench, "web01")
    with bench.door.open(bench.account.access) as session:
        service.keep_both(session, bench.account.engagement_id, conflict(bench))
    bench.run((CMDB, rows))
    assert bench.query("select status from app.asset_conflicts") == [("resolved",)]


def test_every_value_says_which_rows_and_columns_it_comes_from(bench: Bench) -> None:
    bench.run((VINFO, [VM]), (VMEMORY, [{"hostname": "web01", "memory_gb": 8.0}]))
    bench.run((CMDB, [CI]))
    asset_id = bench.query("select id from app.assets")[0][0]
    with bench.door.open(bench.account.access) as session:
        listed = service.provenance(session, bench.account.engagement_id, asset_id)
    found = {p.attribute: p for p in listed}
    assert found["business_owner"].rule == "authority.cmdb"
    assert [(s.source, s.table, s.row) for s in found["cpu_cores"].sources] == [
        ("hypervisor", "vInfo", 2)
    ]
    assert [(s.table, s.row) for s in found["memory_gb"].sources] == [("vMemory", 2)]


def test_another_account_finds_none_of_it(
    bench: Bench, make_account: Callable[..., Account]
) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    stranger = make_account()
    asset_id, conflict_id = bench.query("select id from app.assets")[0][0], conflict(bench)
    for engagement in (bench.account.engagement_id, stranger.engagement_id):
        with bench.door.open(stranger.access) as session, pytest.raises(NotFound):
            service.provenance(session, engagement, asset_id)
        with bench.door.open(stranger.access) as session, pytest.raises(NotFound):
            service.decide(session, engagement, conflict_id, 8)


def test_conflicts_are_listed_with_names_and_the_value_in_use(bench: Bench) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    bench.run((CMDB, [{"hostname": "db01"}, {"hostname": "db01-old"}]))
    with bench.door.open(bench.account.access) as session:
        page = queries.conflicts(session, bench.account.engagement_id, Wanted())
    duplicate, cores = page.items
    assert (cores.attribute, cores.chosen) == ("cpu_cores", 4)
    assert [(c["value"], c["file"], c["row"]) for c in cores.candidates] == [
        (4, "vInfo", 2),
        (8, "servers.csv", 2),
    ]
    assert {duplicate.asset_name, duplicate.candidates[0]["name"]} == {"db01", "db01-old"}
    decide(bench, 8, cores.id)
    with bench.door.open(bench.account.access) as session:
        page = queries.conflicts(session, bench.account.engagement_id, Wanted())
    assert page.items[1].chosen == 8


def told(bench: Bench) -> str:
    with bench.door.open(bench.account.access) as session:
        return inventory_hash(session, bench.account.engagement_id)


def reopen(bench: Bench) -> str:
    with bench.door.open(bench.account.access) as session:
        return service.reopen(session, bench.account.engagement_id, conflict(bench))


def test_a_decision_taken_back_leaves_everything_as_it_was(bench: Bench) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    before = told(bench)
    with pytest.raises(ConflictNotDecided):
        reopen(bench)
    decide(bench, 8)
    assert told(bench) != before
    assert reopen(bench) == "open"
    assert told(bench) == before
    decide(bench, 6)
    assert bench.query("select cpu_cores from app.assets") == [(6,)]


def test_a_decision_about_what_sources_agree_on_is_settled_when_it_is_taken_back(
    bench: Bench,
) -> None:
    bench.run((VINFO, [VM]), (CMDB, [CI]), one_file=False)
    decide(bench, 6)
    bench.run((CMDB, [CI | {"cpu_cores": 4}]))
    assert bench.query("select cpu_cores from app.assets") == [(6,)]
    assert reopen(bench) == "settled"
    assert bench.query("select cpu_cores from app.assets") == [(4,)]
    assert bench.query("select count(*) from app.asset_conflicts") == [(0,)]


def test_possible_duplicates_kept_apart_are_asked_again_when_that_is_taken_back(
    bench: Bench,
) -> None:
    bench.run((CMDB, [{"hostname": "web01"}, {"hostname": "web01 (old)"}]))
    with bench.door.open(bench.account.access) as session:
        service.keep_both(session, bench.account.engagement_id, conflict(bench))
    assert reopen(bench) == "open"
    assert bench.query("select status, decided_by from app.asset_conflicts") == [("open", None)]


def test_a_value_in_words_becomes_what_sources_state(bench: Bench) -> None:
    bench.run((VINFO, [VM | {"os_version": "7"}]), (CMDB, [CI]), one_file=False)
    with bench.door.open(bench.account.access) as session:
        where = (session, bench.account.engagement_id, conflict(bench))
        assert service.as_stated(*where, "8") == 8
        assert service.as_stated(*where, "[8]") == "[8]"
        with pytest.raises(NotFound):
            service.as_stated(session, bench.account.engagement_id, bench.account.user_id, "8")
