"""Every table that leaves the product is guarded against formulas, and imports as it was."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import python_calamine
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.discovery.imports import service as imports
from landbridge.web.app import PAGES
from tests.support.accounts import Account, make_account
from tests.support.formulas import FORMULAS, PLAIN, RUN_FROM
from tests.support.rediscovered import Estate

SOURCE = Path("src/landbridge")
TABLES = {
    "exports/inventory.csv": "text/csv; charset=utf-8",
    "exports/inventory.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "imports/{import_id}/failed-rows.csv": "text/csv; charset=utf-8",
    "exports/report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Downloads that spreadsheet programs open; each is tested below."""

OTHERS = {
    "exports/inventory.{kind}": "all formats; its tables are above",
    "exports/report.{report_format}": "its workbook is above; its page runs nothing",
    "imports/{import_id}/files/{file_id}/original": "byte by byte what was uploaded",
    "audit/export.jsonl": "JSON lines",
    "audit/checkpoints/{seq}.note": "a signed text of hashes",
    "export.zip": "JSON lines and originals",
    "import-template.csv": "a header of our own words, without rows",
}
"""Downloads that no spreadsheet program opens as a table."""

WRITERS = {
    "cli/learned.py",
    "discovery/imports/templates.py",
    "discovery/imports/failedrows.py",
    "discovery/inventory/export.py",
    "discovery/inventory/workbook.py",
    "reporting/workbook.py",
}
"""The only files that write CSV or XLSX of a client's data; others make up what they write."""

VALUES = [v for v in (*FORMULAS, *PLAIN) if v.strip() == v]


@pytest.fixture(scope="module")
def estate(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    path = tmp_path_factory.mktemp("formulas") / "servers.csv"
    path.write_bytes(written(["hostname", "description", "business_owner"]))
    return Estate(databases, make_account(databases), [path])


def written(header: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for number, value in enumerate(VALUES):
        writer.writerow([f"srv{number:03}", value, f"{value} of {number}"])
    return out.getvalue().encode()


@pytest.fixture
def get(client_of: Callable[[Account], httpx.Client], estate: Estate) -> Iterator[httpx.Client]:
    return client_of(estate.account)


def attributes(estate: Estate) -> list[tuple[object, ...]]:
    found = estate.bench.query(
        "select name, attributes ->> 'description', attributes ->> 'business_owner' from app.assets"
    )
    return sorted(tuple(row) for row in found)


def test_the_values_are_in_the_inventory_as_they_were(estate: Estate) -> None:
    kept = {row[1] for row in attributes(estate)}
    nothing = {"-", "=", "@", "+", "- none -", "0"}  # cleansing: these say nothing
    assert {v for v in VALUES if "\t" not in v} - kept <= nothing


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_inventory_is_guarded_and_comes_back_byte_for_byte(
    kind: str, get: httpx.Client, estate: Estate, databases: Databases, tmp_path: Path
) -> None:
    answer = get.get(f"/exports/inventory.{kind}")
    assert answer.headers["content-type"] == TABLES[f"exports/inventory.{kind}"]
    path = tmp_path / f"inventory.{kind}"
    path.write_bytes(answer.content)
    for cell in raw_cells(path):
        assert not runs(cell), cell
    moved = Estate(databases, make_account(databases), [path])
    assert attributes(moved) == attributes(estate)
    again, _ = estate.discover([path])
    assert (again.assets_created, again.assets_updated) == (0, 0)


def test_a_report_is_guarded(
    databases: Databases, client_of: Callable[[Account], httpx.Client], tmp_path: Path
) -> None:
    account = make_account(databases)
    with databases.app.open(account.access) as session:
        for number, value in enumerate(FORMULAS):
            session.execute(
                text(
                    "insert into app.findings (id, engagement_id, code, severity, title, detail,"
                    " remedy, data, cache_key) values (gen_random_uuid(), :e, 'MARKED', 'high',"
                    " :v, :v, :v, '{}', :k)"
                ),
                {"e": account.engagement_id, "v": value, "k": f"marked {number}"},
            )
    answer = client_of(account).get("/exports/report.xlsx")
    assert answer.headers["content-type"] == TABLES["exports/report.xlsx"]
    path = tmp_path / "report.xlsx"
    path.write_bytes(answer.content)
    cells = list(raw_cells(path))
    assert sum("SUM(A1:A9)" in cell for cell in cells) > 10
    assert not [cell for cell in cells if runs(cell)]


def test_failed_rows_are_guarded_and_come_back_byte_for_byte(
    databases: Databases, client_of: Callable[[Account], httpx.Client], tmp_path: Path
) -> None:
    path = tmp_path / "faulty.csv"
    head, *lines = written(["=Name", "@Note", "Owner"]).splitlines()
    fine = [f"fine{n},plain,nobody".encode() for n in range(2 * len(lines))]
    path.write_bytes(b"\r\n".join([head, *fine, *(line + b",x,=x" for line in lines)]))
    faulty = Estate(databases, make_account(databases), [path])
    answer = client_of(faulty.account).get(f"/imports/{faulty.import_id}/failed-rows.csv")
    assert answer.headers["content-type"] == TABLES["imports/{import_id}/failed-rows.csv"]
    again = tmp_path / "failed-rows.csv"
    again.write_bytes(answer.content)
    cells = list(raw_cells(again))
    assert len(cells) > len(VALUES)
    assert not [cell for cell in cells if runs(cell)]
    moved = Estate(databases, make_account(databases), [again])
    here, there = stored(faulty), stored(moved)
    assert len(there) == len(VALUES)
    assert there == [row for row in here if row[1] != "plain"]


def stored(estate: Estate) -> list[list[str]]:
    with estate.databases.app.open(estate.account.access) as session:
        result = imports.import_result(session, estate.import_id)
        page = imports.rows_page(session, result.files[0].tables[0].id, limit=500)
    return [row.cells[:3] for row in page.items if row.kind == "data"]


def raw_cells(path: Path) -> Iterator[str]:
    """What a spreadsheet program finds in the cells, without what our own reader undoes."""
    if path.suffix == ".csv":
        text = path.read_text("utf-8-sig")
        yield from (cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
        return
    book = python_calamine.load_workbook(path)
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield from (cell for cell in row if isinstance(cell, str))


def runs(cell: str) -> bool:
    """Whether a spreadsheet program would run this cell of a CSV."""
    if cell[:1] not in set(RUN_FROM) or not cell:
        return False
    try:
        float(cell.replace(",", "").removesuffix("%"))
    except ValueError:
        return True
    return False


def test_every_download_is_in_a_list(server: str) -> None:
    """A new one has to say whether a spreadsheet program opens it."""
    document = httpx.get(f"{server}/api/v1/openapi.json").json()
    plain = {"application/json", "application/problem+json", "text/event-stream", "text/html"}
    found = set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            kinds = operation["responses"].get("200", {}).get("content", {})
            if "/client-accounts/{" in path and set(kinds) - plain:
                found.add(path)
    for router in PAGES:
        for route in router.routes:
            path = str(getattr(route, "path", ""))
            if "." in path.rpartition("/")[2]:
                found.add(path)
    known = (*TABLES, *OTHERS)
    assert {p for p in found if not p.endswith(known)} == set()
    assert {k for k in OTHERS if not any(p.endswith(k) for p in found)} == set()


def test_tables_are_written_in_these_files_alone() -> None:
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        names = {
            n.attr if isinstance(n, ast.Attribute) else n.id
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, (ast.Attribute, ast.Name))
        }
        text = path.read_text("utf-8")
        writes = "csv.writer" in text or "DictWriter" in names or "xlsxwriter" in names
        if writes and not name.startswith(("samples/", "proving/", "agents/prices")):
            found.add(name)
    assert found == WRITERS
