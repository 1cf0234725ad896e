"""Editing assets by hand, against imports, undo and each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import editing, queries, service
from landbridge.discovery.inventory.edit_errors import (
    AttributeNotEditable,
    EditAlreadyUndone,
    NothingSelected,
    SelectionChanged,
    TooManySelected,
    ValueDoesNotFit,
)
from landbridge.discovery.inventory.edit_reports import MadeEdit, UndoneEdit
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.inventory.selecting import Selection
from landbridge.discovery.vocabulary import TableRole
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id
from tests.support.tables import Bench, table

VINFO = table(TableRole.ASSETS, "rvtools_vinfo", name="vInfo")
CMDB = table(TableRole.ASSETS, "servicenow_server_labels", name="servers.csv")
VM: dict[str, Any] = {"hostname": "web01", "cpu_cores": 4, "environment": "test"}
CI: dict[str, Any] = {"hostname": "WEB01", "cpu_cores": 8, "business_owner": "Jane Doe"}
ALL = Selection(filters={})


def edit(bench: Bench, changes: dict[str, Any], chosen: Selection = ALL, **how: Any) -> MadeEdit:
    with bench.door.open(bench.account.access) as session:
        return editing.edit(session, bench.account.engagement_id, chosen, changes, **how)


def undo(bench: Bench, edit_id: UUID | None) -> UndoneEdit:
    assert edit_id is not None
    with bench.door.open(bench.account.access) as session:
        return editing.undo(session, bench.account.engagement_id, edit_id)


def fingerprint(bench: Bench) -> str:
    with bench.door.open(bench.account.access) as session:
        return inventory_hash(session, bench.account.engagement_id)


def attributes(bench: Bench) -> dict[str, Any]:
    return dict(bench.query("select name, attributes from app.assets"))


def test_an_edit_stands_above_imports_and_asks_nobody(bench: Bench) -> None:
    bench.run((VINFO, [VM]))
    edit(bench, {"cpu_cores": 16, "environment": "PRD"}, reason="Agreed with the owner")
    assert bench.query("select cpu_cores, environment from app.assets") == [(16, "production")]
    same = bench.run((VINFO, [VM]))
    assert (same.assets_unchanged, same.assets_updated, same.conflicts) == (1, 0, 0)
    other = bench.run((VINFO, [VM | {"cpu_cores": 6}]), (CMDB, [CI]), one_file=False)
    assert other.conflicts == 0
    assert bench.query("select cpu_cores, environment from app.assets") == [(16, "production")]
    assert bench.query("select 1 from app.asset_conflicts") == []


def test_provenance_says_by_hand_who_when_why_and_what_it_was(bench: Bench) -> None:
    bench.run((VINFO, [VM]))
    made = edit(bench, {"cpu_cores": "16"}, reason="Resized")
    asset_id = bench.query("select id from app.assets")[0][0]
    with bench.door.open(bench.account.access) as session:
        listed = service.provenance(session, bench.account.engagement_id, asset_id)
    found = {p.attribute: p for p in listed}
    hand = found["cpu_cores"].by_hand
    assert hand is not None
    assert (found["cpu_cores"].rule, hand.edit_id, hand.before, hand.reason, hand.by) == (
        "by_hand", made.id, 4, "Resized", bench.account.user_id,
    )  # fmt: skip
    assert found["environment"].by_hand is None


def test_one_undo_takes_an_edit_back_with_its_conflicts_and_decisions(bench: Bench) -> None:
    bench.run((VINFO, [VM, {"hostname": "db01"}]), (CMDB, [CI]), one_file=False)
    before, asked = fingerprint(bench), bench.query("select attribute from app.asset_conflicts")
    assert asked == [("cpu_cores",)]
    made = edit(bench, {"cpu_cores": 16, "cost_center": "A-1"})
    assert (made.selected, made.changed, made.unchanged) == (2, 2, 0)
    assert bench.query("select 1 from app.asset_conflicts") == []
    undone = undo(bench, made.id)
    assert (undone.restored, undone.kept) == (2, 0)
    assert fingerprint(bench) == before
    with pytest.raises(EditAlreadyUndone):
        undo(bench, made.id)


def test_an_undo_leaves_and_counts_what_a_later_edit_changed(bench: Bench) -> None:
    bench.run((CMDB, [{"hostname": n, "location": "Bonn"} for n in ("a1", "b1", "c1")]))
    first = edit(bench, {"location": "Berlin"})
    one = Selection(ids=[bench.query("select id from app.assets where name = 'a1'")[0][0]])
    second = edit(bench, {"location": "Paris"}, one)
    assert (undone := undo(bench, first.id)).kept == 1
    assert undone.restored == 2
    assert {n: a["location"] for n, a in attributes(bench).items()} == {
        "a1": "Paris", "b1": "Bonn", "c1": "Bonn",
    }  # fmt: skip
    undo(bench, second.id)
    assert attributes(bench)["a1"]["location"] == "Bonn"


def test_undoing_the_later_edit_brings_the_earlier_one_back(bench: Bench) -> None:
    bench.run((CMDB, [{"hostname": "a1", "location": "Bonn"}]))
    edit(bench, {"location": "Berlin"})
    second = edit(bench, {"location": None})
    assert "location" not in attributes(bench)["a1"]
    undo(bench, second.id)
    assert attributes(bench)["a1"]["location"] == "Berlin"


def test_what_assets_have_already_is_left_alone(bench: Bench) -> None:
    bench.run((VINFO, [VM, VM | {"hostname": "web02", "environment": "production"}]))
    with bench.door.open(bench.account.access) as session:
        seen = editing.preview(session, bench.account.engagement_id, ALL, {"environment": "prod"})
    assert (seen.selected, seen.changed, seen.unchanged) == (2, 1, 1)
    assert seen.values == {"environment": "production"}
    assert [(v.asset, v.before, v.value) for v in seen.sample] == [("web01", "test", "production")]
    assert edit(bench, {"environment": "prod"}).changed == 1
    again = edit(bench, {"environment": "prod"})
    assert (again.id, again.changed) == (None, 0)


def test_an_exported_row_comes_back_unchanged_and_a_later_one_overrules(bench: Bench) -> None:
    bench.run((CMDB, [{"hostname": "a1", "location": "Bonn"}]))
    made = edit(bench, {"location": "Berlin", "cost_center": "<b>=1+1</b>"})
    asset_id = str(bench.query("select id from app.assets")[0][0])
    own = table(TableRole.ASSETS, "landbridge_inventory", name="inventory.csv")
    row = {"asset_id": asset_id, "hostname": "a1", **attributes(bench)["a1"]}
    assert bench.run((own, [row])).assets_unchanged == 1
    assert bench.run((own, [row | {"location": "Paris"}])).assets_updated == 1
    assert attributes(bench)["a1"]["location"] == "Paris"
    assert bench.run((CMDB, [{"hostname": "a1", "location": "Rome"}])).conflicts == 0
    undone = undo(bench, made.id)
    assert (undone.restored, undone.kept) == (1, 1)
    left = attributes(bench)["a1"]
    assert left["location"] == "Paris"
    assert "cost_center" not in left


def test_a_system_names_its_version_and_is_cleansed_as_a_cell_is(bench: Bench) -> None:
    bench.run((VINFO, [{"hostname": "a1", "os_name": "CentOS", "os_version": "7"}]))
    made = edit(
        bench, {"os_name": "Microsoft Windows Server 2019 Standard", "memory_gb": "16384 MB"}
    )
    found = bench.query("select os_name, os_version, memory_mb from app.assets")
    assert found == [("Windows Server", "2019", 16384)]
    undo(bench, made.id)
    assert bench.query("select os_name, os_version, memory_mb from app.assets") == [
        ("CentOS", "7", None)
    ]


@pytest.mark.parametrize(
    ("changes", "chosen", "error"),
    [
        ({"hostname": "b1"}, ALL, AttributeNotEditable),
        ({"no such\0thing": "b1"}, ALL, AttributeNotEditable),
        ({"environment": "moon"}, ALL, ValueDoesNotFit),
        ({"cpu_cores": "=1+1"}, ALL, ValueDoesNotFit),
        ({"cpu_cores": [4]}, ALL, ValueDoesNotFit),
        ({"memory_gb": -1}, ALL, ValueDoesNotFit),
        ({"location": "x" * 2001}, ALL, ValueDoesNotFit),
        ({}, ALL, NothingSelected),
        ({"location": "x"}, Selection(), NothingSelected),
        ({"location": "x"}, Selection(ids=[]), NothingSelected),
        ({"location": "x"}, Selection(ids=[UUID(int=1)], filters={}), NothingSelected),
        ({"location": "x"}, Selection(filters={"enviroment": "test"}), NothingSelected),
        ({"location": "x"}, Selection(ids=[new_id() for _ in range(10_001)]), TooManySelected),
    ],
)
def test_what_cannot_be_set_changes_nothing(
    bench: Bench, changes: dict[str, Any], chosen: Selection, error: type[Exception]
) -> None:
    bench.run((VINFO, [VM]))
    before = fingerprint(bench)
    with pytest.raises(error):
        edit(bench, changes, chosen)
    assert fingerprint(bench) == before


def test_a_preview_that_is_out_of_date_is_not_carried_out(bench: Bench) -> None:
    bench.run((VINFO, [VM]))
    bench.run((VINFO, [{"hostname": "web02"}]))
    with pytest.raises(SelectionChanged):
        edit(bench, {"location": "Bonn"}, expected=1)
    with pytest.raises(NotFound):
        undo(bench, new_id())


def test_assets_of_nobody_here_are_not_edited(bench: Bench) -> None:
    bench.run((VINFO, [VM]))
    assert edit(bench, {"location": "Bonn"}, Selection(ids=[new_id()])).selected == 0
    with bench.door.open(bench.account.access) as session:
        assert queries.ASSETS.ids(session, new_id(), Wanted()) == []
