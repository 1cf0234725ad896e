"""The written sample estate: the same for a seed, shaped like real exports, true to its truth."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from landbridge.discovery.vocabulary import ATTRIBUTES, TableRole
from landbridge.samples import connections, german_list
from landbridge.samples.names import APPLICATIONS
from landbridge.samples.rvtools import workbook
from landbridge.samples.servicenow import applications, records, relations
from landbridge.samples.writing import SampleEstate, write

HEADERS = Path(__file__).parents[4] / "shared" / "data" / "headers"
ENCODINGS = {
    records.FILE: "cp1252",
    applications.FILE: "utf-8-sig",
    relations.FILE: "utf-8",
    connections.FILE: "utf-8",
}


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> SampleEstate:
    return write(tmp_path_factory.mktemp("estate"))


def lines(estate: SampleEstate, file: str, table: str) -> list[list[str]]:
    """Every record of a table as text, header and preamble included."""
    path = next(path for path in estate.files if path.name == file)
    if path.suffix == ".csv":
        with path.open(encoding=ENCODINGS[file], newline="") as stream:
            return list(csv.reader(stream))
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(table)
    return [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def header(name: str) -> list[str]:
    path = HEADERS / f"{name}.txt"
    if not path.exists():
        pytest.skip("the collection of real headers is not here")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("# ") or "source:" not in line]


def test_the_same_seed_gives_the_same_bytes_and_truth(estate: SampleEstate, tmp_path: Path) -> None:
    again = write(tmp_path)
    assert [p.name for p in again.files] == [p.name for p in estate.files]
    for first, second in zip(estate.files, again.files, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name
    assert again.truth.as_json() == estate.truth.as_json()


def test_another_seed_gives_another_estate(estate: SampleEstate, tmp_path: Path) -> None:
    other = write(tmp_path, seed=1, servers=120)
    assert other.files[0].read_bytes() != estate.files[0].read_bytes()


def test_the_default_estate_takes_less_than_two_seconds_of_processor_time(tmp_path: Path) -> None:
    start = time.process_time()
    write(tmp_path)
    assert time.process_time() - start < 2


def test_an_estate_too_small_to_hold_every_kind_of_thing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 100"):
        write(tmp_path, servers=99)


@pytest.mark.parametrize("servers", [100, 137, 1200])
def test_an_estate_of_any_size_has_as_many_servers_as_asked_for(
    tmp_path: Path, servers: int
) -> None:
    truth = write(tmp_path, seed=3, servers=servers).truth
    kinds = Counter(
        thing.kind
        for key, thing in truth.things.items()
        if not thing.retired and not key.startswith("named-only") and "tpl-" not in thing.name
    )
    assert kinds["virtual_machine"] + kinds["server"] == servers


def test_every_record_of_every_file_is_in_the_truth(estate: SampleEstate) -> None:
    for table in estate.truth.tables:
        rows = lines(estate, table.file, table.table)
        assert rows[table.header_row - 1][: len(table.columns)] == [c.name for c in table.columns]
        assert len(rows) == table.header_row + len(table.entities), table.table


def test_the_truth_speaks_the_shared_vocabulary(estate: SampleEstate) -> None:
    for table in estate.truth.tables:
        assert table.role in set(TableRole)
        for column in table.columns:
            for attribute in (column.attribute, *column.also):
                assert attribute is None or attribute in ATTRIBUTES, (table.table, column)


@pytest.mark.parametrize(
    "sheet", ["vInfo", "vCPU", "vMemory", "vDisk", "vPartition", "vNetwork", "vTools", "vHost"]
)
def test_rvtools_sheets_have_the_columns_of_a_real_export_with_custom_ones_between(
    estate: SampleEstate, sheet: str
) -> None:
    names = [column.name for column in estate.truth.table(workbook.FILE, sheet).columns]
    custom = ["Backup status", "Business service", "Service owner"]
    if sheet != "vHost":
        place = names.index("Annotation")
        assert names[place + 1 : place + 4] == custom
    assert [name for name in names if name not in custom] == header(f"rvtools47_full_{sheet}")


def test_servicenow_columns_carry_labels_of_the_product(estate: SampleEstate) -> None:
    truth = estate.truth
    servers = {c.name for c in truth.table(records.FILE, "cmdb_ci_server").columns}
    added_by_customers = {"Business criticality"}
    assert servers - added_by_customers <= set(header("servicenow_cmdb_ci_server_labels"))
    table = truth.table(applications.FILE, "cmdb_ci_business_app")
    labels = header("servicenow_apprat_business_application")
    assert {column.name for column in table.columns} <= set(labels)


def test_every_seeded_issue_is_in_the_file_where_the_truth_says(estate: SampleEstate) -> None:
    kinds = Counter()
    for issue in estate.truth.issues:
        table = estate.truth.table(issue.file, issue.table)
        row = lines(estate, issue.file, issue.table)[issue.row - 1]
        kinds[issue.kind] += 1
        if issue.kind == "short_row":
            assert len(row) < len(table.columns)
        elif issue.kind == "long_row":
            assert len(row) > len(table.columns)
        else:
            names = [column.name for column in table.columns]
            assert row[names.index(issue.column)] == issue.value
        entity = table.entities[issue.row - table.header_row - 1]
        assert (entity is not None) == issue.usable
    assert set(kinds) == {"short_row", "long_row", "bad_date", "bad_ip", "no_name", "no_endpoint"}


def test_the_german_list_is_written_the_german_way(estate: SampleEstate) -> None:
    rows = lines(estate, german_list.FILE, german_list.SHEET)
    table = estate.truth.table(german_list.FILE, german_list.SHEET)
    names = [column.name for column in table.columns]
    body = [row for row in rows[table.header_row : -1] if row[1]]
    assert table.header_row == 3
    assert {row[names.index("Umgebung")] for row in body} <= {"Produktion", "Test", "Entwicklung"}
    assert all("," in row[names.index("Arbeitsspeicher (GB)")] for row in body)
    assert any("." in row[names.index("Inbetriebnahme")] for row in body)
    keys = Counter(key for key in table.entities if key)
    assert max(keys.values()) == 2


def test_names_and_addresses_are_nobodys(estate: SampleEstate) -> None:
    table = estate.truth.table(workbook.FILE, "vInfo")
    names = [column.name for column in table.columns]
    body = lines(estate, workbook.FILE, "vInfo")[1:]
    assert {
        row[names.index("DNS Name")].rsplit(".", 1)[-1]
        for row in body
        if row[names.index("DNS Name")]
    } == {"example"}
    assert len({name for name, *_ in APPLICATIONS}) == 60
