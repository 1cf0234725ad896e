"""The report: its numbers are the API's, it needs nothing else, and it is the same each time."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import python_calamine
from sqlalchemy import text

from landbridge.discovery.inventory.errors import UnknownExportFormat
from landbridge.reporting import page
from landbridge.reporting.report import write_report
from tests.support.estate import make_estate

EVIL = "<script>alert(1)</script><img src=//evil.test>"


@pytest.fixture
def estate(databases, account):
    made = make_estate(databases, account)
    with databases.app.open(account.access) as session:
        for number, severity in enumerate(("critical", "high", "low")):
            session.execute(
                text(
                    "insert into app.findings (id, engagement_id, asset_id, code, severity, title,"
                    " detail, remedy, data, cache_key) values (gen_random_uuid(), :e, :a,"
                    " 'OS_END_OF_LIFE', :s, :t, :t, 'Move it.', cast(:d as jsonb), :s)"
                ),
                {
                    "e": account.engagement_id,
                    "a": made.asset_id,
                    "s": severity,
                    "t": EVIL,
                    "d": f'{{"title": "Thing", "end_of_life": "201{number}-01-01"}}',
                },
            )
        session.execute(
            text(
                "update app.assets set memory_mb = 8192, attributes = attributes ||"
                ' \'{"cpu_utilization": 10, "memory_utilization": 90}\' where id = :a'
            ),
            {"a": made.asset_id},
        )
    return made


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def numbers(rows: list[list[object]]) -> dict[object, object]:
    return {row[0]: row[1] for row in rows}


def test_the_numbers_of_the_workbook_are_those_of_the_api(client_of, account, estate):
    client = client_of(account)
    content = client.get("/exports/report.xlsx").content
    found = sheets(content)
    assert list(found) == [
        *("Summary", "Assets", "End of life", "Findings", "Sizes", "Dependencies"),
        *("Move groups", "Strategies", "Sources"),
    ]
    summary = numbers(found["Summary"])
    assert summary["Assets"] == len(client.get("/assets").json()["items"]) == 2
    openly = client.get("/findings", params={"status": "open"}).json()["items"]
    assert summary["Open findings"] == len(openly)
    points = {"critical": 40, "high": 25, "medium": 10, "low": 3, "info": 0}
    debt = next(row for row in found["Summary"] if row[0] == "All")
    assert debt[3] == sum(points[f["severity"]] for f in openly)
    assert numbers(found["End of life"])["2010"] == 1
    severities = numbers(found["Findings"])
    for severity in points:
        assert severities[severity.capitalize()] == sum(f["severity"] == severity for f in openly)
    totals = client.get("/sizes/totals").json()
    vcpus = next(row for row in found["Sizes"] if row[0] == "vCPUs")
    assert vcpus[1:4] == [totals["cpu"][k] for k in ("servers", "now", "recommended")]
    groups = client.get("/groups").json()["items"]
    assert {g["name"] for g in groups} <= set(numbers(found["Move groups"]))
    chosen = client.get("/recommendations").json()["items"]
    assert {r["name"] for r in chosen} <= set(numbers(found["Strategies"]))
    charts = [n for n in zipfile.ZipFile(io.BytesIO(content)).namelist() if "charts/chart" in n]
    assert len(charts) == 8


def test_the_page_says_the_same_and_runs_nothing(client_of, account, estate, monkeypatch):
    answer = client_of(account).get("/exports/report.html")
    assert "attachment" in answer.headers["content-disposition"]
    html = answer.text
    for name in ("Summary", "End of life", "Sizes", "Move groups", "Strategies", "Sources"):
        assert f">{name}</h2>" in html
    assert "4 vCPU × 10 % average use × 2 = 0.8" in html
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r"<(script|img|link|iframe|object|embed)|\bon\w+=|url\(|@import", html)
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert html.count("<svg") == 8
    monkeypatch.setattr(page, "SHOWN", 1)
    assert "The first 1 of" in client_of(account).get("/exports/report.html").text


def test_the_same_estate_gives_the_same_bytes(client_of, browser_of, account, estate):
    for kind in ("xlsx", "html"):
        first, second = (client_of(account).get(f"/exports/report.{kind}") for _ in range(2))
        assert first.content == second.content
    assert "exports/report.html" in browser_of(account).get(estate.pages).text


def test_what_does_not_exist_is_left_out(client_of, account, databases, tmp_path):
    found = sheets(client_of(account).get("/exports/report.xlsx").content)
    assert list(found) == ["Summary"]
    assert "<svg" in client_of(account).get("/exports/report.html").text
    with databases.app.open(account.access) as session, pytest.raises(UnknownExportFormat):
        write_report(session, account.engagement_id, "docx", tmp_path / "report.docx")
