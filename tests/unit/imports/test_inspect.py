"""`landbridge inspect`: one JSON document, true to the file, and dependable exit codes."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from landbridge.cli.inspect import inspect
from landbridge.cli.output import console, guarded, notices

CSV = "Report\r\nName,IP Address,Owner\r\nsrv1,10.0.0.1,Ann\r\nsrv2,10.0.0.2\r\nTotal: 2\r\n"


@pytest.fixture(autouse=True)
def _fresh_consoles() -> None:
    console.cache_clear()
    notices.cache_clear()


def run(
    capfd: pytest.CaptureFixture[str], path: Path, **options: Any
) -> tuple[int, dict[str, Any]]:
    code = guarded(lambda: inspect(path, json=True, **options), as_json=True)
    return code, json.loads(capfd.readouterr().out)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_report_has_every_record_and_every_issue(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, report = run(capfd, write(tmp_path, "servers.csv", CSV), rows=True)
    (table,) = report["tables"]
    assert code == 0
    assert table["rows"] == [line.split(",") for line in CSV.splitlines()]
    assert (table["name"], table["encoding"], table["delimiter"]) == ("servers", "utf-8", ",")
    assert (table["header_row"], table["row_count"]) == (1, 2)
    assert table["columns"] == table["column_names"] == ["Name", "IP Address", "Owner"]
    assert table["records"] == {"data": 2, "header": 1, "preamble": 1, "footer": 1, "blank": 0}
    assert [(i["row"], i["code"]) for i in table["issues"]] == [
        (1, "PREAMBLE_LINE"),
        (4, "ROW_SHORT"),
        (5, "FOOTER_LINE"),
    ]
    assert all(i["remedy"] for i in table["issues"])
    assert {"row", "column", "value", "code", "remedy"} <= set(table["issues"][0])


def test_rows_are_left_out_unless_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _, report = run(capfd, write(tmp_path, "servers.csv", CSV))
    assert "rows" not in report["tables"][0]


def test_the_source_is_named_when_its_headers_are_known(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    header = "VM,Powerstate,CPUs,Memory,Host,Cluster,Datacenter,Disks,Provisioned MiB"
    known = write(tmp_path, "vInfo.csv", header + "\r\na,poweredOn,2,4,h,c,d,1,9\r\n")
    assert run(capfd, known)[1]["tables"][0]["source"].startswith("rvtools")
    assert run(capfd, write(tmp_path, "x.csv", CSV))[1]["tables"][0]["source"] is None


def test_what_the_reader_decides_can_be_decided_by_hand(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "a.csv", "Größe;x\nName,y;IP\n".encode("cp1252"))
    _, report = run(capfd, path, rows=True, encoding="cp1250", delimiter="comma", header_row=1)
    (table,) = report["tables"]
    assert (table["encoding"], table["delimiter"], table["header_row"]) == ("cp1250", ",", 1)
    assert table["rows"] == [["Größe;x"], ["Name", "y;IP"]]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"encoding": "klingon"}, "UNKNOWN_ENCODING"),
        ({"header_row": 99}, "HEADER_ROW_NOT_FOUND"),
    ],
)
def test_a_wrong_decision_is_answered_with_what_would_work(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], options: dict[str, Any], error: str
) -> None:
    code, report = run(capfd, write(tmp_path, "a.csv", CSV), **options)
    assert (code, report["error"]["code"]) == (1, error)


def test_an_unreadable_file_is_one_problem_and_exit_code_1(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "a.json", '[{"a": 1}, {"a": ')
    code, report = run(capfd, path, rows=True)
    assert (code, list(report)) == (1, ["error"])
    assert report["error"]["code"] == "JSON_MALFORMED"
    assert guarded(lambda: inspect(path), as_json=False) == 1
    shown = capfd.readouterr()
    assert "JSON_MALFORMED" in shown.err
    assert "What to do" in shown.err


def test_a_part_that_cannot_be_read_is_reported_beside_the_others(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1")
        archive.writestr("b.csv", CSV)
    code, report = run(capfd, write(tmp_path, "a.zip", made.getvalue()))
    assert code == 1
    assert report["tables"][0]["error"]["code"] == "FILE_UNSUPPORTED"
    assert report["tables"][1]["row_count"] == 2


def test_people_see_how_a_file_was_read_and_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert inspect(write(tmp_path, "servers.csv", CSV)) == 0
    shown = capfd.readouterr().out
    for part in ("servers", "utf-8", "2 rows", "srv1", "ROW_SHORT", "What to do"):
        assert part in shown


def test_many_issues_need_no_more_memory_than_few(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "short.csv", "a,b,c\n1,2,3\n" + "x,y\n" * 50_000)
    tracemalloc.start()
    try:
        code = inspect(path, json=True, rows=True)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert code == 0
    # Two buffers of 16 MiB, and what is written; the issues as objects would be another 25 MB.
    assert peak < 60 << 20
    report = json.loads(capfd.readouterr().out)
    assert len(report["tables"][0]["issues"]) == 50_000
