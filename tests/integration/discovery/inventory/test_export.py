from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from landbridge.discovery.inventory.errors import ExportNotInstalled, UnknownExportFormat
from landbridge.discovery.inventory.export import COLUMNS, export_to
from landbridge.discovery.vocabulary import TableRole
from tests.support.tables import Bench, table

VINFO = table(
    TableRole.ASSETS, "rvtools_vinfo", name="vInfo", attributes=["hostname", "host_system"]
)
VDISK = table(TableRole.DISKS, "rvtools_vdisk", name="vDisk")
VNETWORK = table(TableRole.NICS, "rvtools_vnetwork", name="vNetwork")
VMS: list[dict[str, Any]] = [
    {"hostname": "web01", "cpu_cores": 4, "memory_gb": 2.171875, "ip_address": ["10.0.0.1"],
     "host_system": "esx1", "description": '=HYPERLINK("http://example.com")', "asset_id": "vm-1",
     "is_virtual": True, "application_name": ["Shop"], "Notes": "blue"},
    {"hostname": "-odd", "description": "+1", "location": "@home"},
]  # fmt: skip
DISKS: list[dict[str, Any]] = [
    {"hostname": "web01", "component_name": f"Hard disk {n}", "component_capacity_gb": 40.0}
    for n in (1, 2)
]
NICS: list[dict[str, Any]] = [
    {"hostname": "web01", "component_name": "Network adapter 1",
     "mac_address": ["00:50:56:aa:00:01"], "ip_address": ["10.0.0.1", "10.0.0.9"]},
]  # fmt: skip


@pytest.fixture
def filled(bench: Bench) -> Bench:
    bench.analyse((VINFO, VMS), (VDISK, DISKS), (VNETWORK, NICS))
    return bench


def export(bench: Bench, kind: str, folder: Path) -> Path:
    with bench.door.open(bench.account.access) as session:
        return export_to(session, bench.account.engagement_id, kind, folder / "deep" / f"i.{kind}")


def test_csv_has_one_row_per_asset_with_canonical_columns(filled: Bench, tmp_path: Path) -> None:
    with export(filled, "csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = {r["hostname"]: r for r in csv.DictReader(file)}
    assert list(next(iter(rows.values()))) == list(COLUMNS)
    assert rows.keys() == {"web01", "'-odd", "esx1"}
    web = rows["web01"]
    assert (web["asset_type"], web["cpu_cores"], web["memory_gb"]) == (
        "virtual_machine",
        "4",
        "2.171875",
    )
    assert web["storage_gb"] == "80.0"
    assert web["ip_address"] == "10.0.0.1; 10.0.0.9"
    assert web["landbridge_disks"] == "Hard disk 1 (40 GiB); Hard disk 2 (40 GiB)"
    assert web["is_virtual"] == "yes"


def test_text_that_a_spreadsheet_would_run_is_guarded_and_numbers_stay_numbers(
    filled: Bench, tmp_path: Path
) -> None:
    with export(filled, "csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = {r["hostname"]: r for r in csv.DictReader(file)}
    assert rows["web01"]["description"].startswith("'=HYPERLINK")
    assert rows["'-odd"]["location"] == "'@home"
    assert rows["'-odd"]["description"] == "+1"


def test_a_workbook_has_sheets_for_components_and_dependencies(
    filled: Bench, tmp_path: Path
) -> None:
    book = CalamineWorkbook.from_path(export(filled, "xlsx", tmp_path))
    assert book.sheet_names == ["Assets", "Disks", "NICs", "Dependencies", "Findings"]
    first = book.get_sheet_by_name("Assets").to_python()
    assert first[0] == list(COLUMNS)
    assert len(first) == 4
    web = dict(zip(first[0], next(r for r in first if r[1] == "web01"), strict=True))
    assert (web["cpu_cores"], web["memory_gb"]) == (4, 2.171875)
    assert web["description"].startswith("'=HYPERLINK")
    assert len(book.get_sheet_by_name("Disks").to_python()) == 3
    adapter = book.get_sheet_by_name("NICs").to_python()[1]
    assert adapter[3:5] == ["00:50:56:aa:00:01", "10.0.0.1; 10.0.0.9"]
    edge = book.get_sheet_by_name("Dependencies").to_python()[1]
    assert (edge[1], edge[2], edge[4]) == ("web01", "runs_on", "esx1")


def test_json_holds_everything_known_about_each_asset(filled: Bench, tmp_path: Path) -> None:
    found = {a["name"]: a for a in json.loads(export(filled, "json", tmp_path).read_bytes())}
    web = found["web01"]
    assert web["custom"] == {"Notes": "blue"}
    assert [d["name"] for d in web["disks"]] == ["Hard disk 1", "Hard disk 2"]
    assert web["nics"][0]["ip_address"] == ["10.0.0.1", "10.0.0.9"]
    assert web["applications"] == ["Shop"]
    assert web["dependencies"][0]["to"] == "esx1"
    assert web["description"].startswith("=HYPERLINK")


def test_an_empty_engagement_exports_empty_files(bench: Bench, tmp_path: Path) -> None:
    assert json.loads(export(bench, "json", tmp_path).read_bytes()) == []
    assert len(export(bench, "csv", tmp_path).read_text("utf-8-sig").splitlines()) == 1


def test_an_unknown_format_is_refused_before_anything_is_written(
    bench: Bench, tmp_path: Path
) -> None:
    with pytest.raises(UnknownExportFormat):
        export(bench, "pdf", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_export_imported_unchanged_changes_nothing(filled: Bench) -> None:
    own = table(TableRole.ASSETS, "landbridge_inventory")
    rows = [
        {**{a: v for a, v in attributes.items() if a not in ("custom", "asset_id")},
         "asset_id": str(asset_id), "hostname": attributes.get("hostname") or name,
         "asset_type": kind, "Disks": "x"}
        for asset_id, name, kind, attributes in filled.query(
            "select id, name, asset_type, attributes from app.assets"
        )
    ]  # fmt: skip
    before = filled.snapshot()
    out = filled.run((own, rows))
    assert (out.assets_created, out.assets_updated, out.assets_unchanged) == (0, 0, 3)
    assert filled.snapshot() == before


def test_an_edit_in_an_export_is_a_decision(filled: Bench) -> None:
    own = table(TableRole.ASSETS, "landbridge_inventory")
    asset_id = filled.query("select id from app.assets where name_key = 'web01'")[0][0]
    edited = {"asset_id": str(asset_id), "hostname": "web01", "cpu_cores": 6, "rack": "B12"}
    out = filled.run((own, [edited]))
    assert (out.assets_created, out.assets_updated) == (0, 1)
    filled.run((VINFO, VMS), (VDISK, DISKS), (VNETWORK, NICS))
    cores, attributes = filled.query(
        "select cpu_cores, attributes from app.assets where name_key = 'web01'"
    )[0]
    assert (cores, attributes["rack"]) == (6, "B12")


def test_ndjson_has_the_objects_of_json(filled: Bench, tmp_path: Path) -> None:
    lines = export(filled, "ndjson", tmp_path).read_text(encoding="utf-8").splitlines()
    documents = json.loads(export(filled, "json", tmp_path).read_text(encoding="utf-8"))
    assert [json.loads(line) for line in lines] == documents


def test_parquet_has_the_columns_of_csv_with_their_types(filled: Bench, tmp_path: Path) -> None:
    arro3_io = pytest.importorskip("arro3.io")
    table = arro3_io.read_parquet(export(filled, "parquet", tmp_path)).read_all()
    assert tuple(table.column_names) == COLUMNS
    rows = {
        name: dict(zip(COLUMNS, values, strict=True))
        for name, *values in zip(
            table["hostname"].to_pylist(), *(table[c].to_pylist() for c in COLUMNS), strict=True
        )
    }
    web = rows["web01"]
    assert (web["cpu_cores"], web["memory_gb"], web["storage_gb"]) == (4, 2.171875, 80.0)
    assert web["ip_address"] == "10.0.0.1; 10.0.0.9"
    assert rows["-odd"]["description"] == "+1"


def test_an_empty_inventory_is_an_empty_parquet_file(bench: Bench, tmp_path: Path) -> None:
    arro3_io = pytest.importorskip("arro3.io")
    table = arro3_io.read_parquet(export(bench, "parquet", tmp_path)).read_all()
    assert (tuple(table.column_names), table.num_rows) == (COLUMNS, 0)


def test_parquet_without_its_extra_says_how_to_get_it(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landbridge.discovery.inventory.export.find_spec", lambda _name: None)
    with pytest.raises(ExportNotInstalled, match="parquet"):
        export(bench, "parquet", tmp_path)
    assert not list(tmp_path.iterdir())
