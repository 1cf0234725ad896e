"""`landbridge discover` as an analyst runs it."""

from __future__ import annotations

import csv
import json
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.samples.writing import write
from tests.support.command import Command, command_for

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "real"


@pytest.fixture
def landbridge(fresh_databases: Databases, tmp_path: Path) -> Command:
    return command_for(fresh_databases, tmp_path)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("estate"), servers=100).files


def test_an_estate_in_an_inventory_out_and_nothing_twice(
    landbridge: Command, estate: list[Path], tmp_path: Path
) -> None:
    first = landbridge.json("discover", *estate, "--out", tmp_path / "first")
    assert first["status"] == "completed"
    assert first["rows"]["in"] == first["rows"]["stored"] > 0
    assert first["assets"]["total"] == sum(first["assets"]["by_type"].values())
    assert first["duplicates_merged"] > 0
    assert first["dependencies"] > 0
    assert first["findings"] > 0
    assert [Path(p).suffix for p in first["exports"]] == [".csv", ".xlsx", ".json"]

    with Path(first["exports"][0]).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == first["assets"]["total"]
    sheet = landbridge.json("inspect", first["exports"][1])["tables"][0]
    assert sheet["row_count"] == first["assets"]["total"]
    assert len(json.loads(Path(first["exports"][2]).read_text())) == (first["assets"]["total"])

    second = landbridge.json("discover", *estate, "--out", tmp_path / "second")
    for key in ("assets", "conflicts", "dependencies", "applications", "findings"):
        assert second[key] == first[key], key
    assert Path(second["exports"][2]).read_text() == Path(first["exports"][2]).read_text()


def test_ask_waits_and_goes_on_after_approval(landbridge: Command, estate: list[Path]) -> None:
    waiting = landbridge.json("discover", estate[0], "--approve", "ask")
    assert waiting["status"] == "waiting"
    flow = landbridge.json("flows", "show", waiting["flow_id"])
    assert flow["waits_for"]["gate"] == "mapping_review"
    landbridge.json("flows", "approve", waiting["flow_id"], "--reason", "checked")
    assert landbridge.json("flows", "watch", waiting["flow_id"])["status"] == "completed"


def test_sigkill_at_any_moment_ends_in_the_same_result(
    landbridge: Command, estate: list[Path], tmp_path: Path
) -> None:
    undisturbed = landbridge.json("discover", *estate, "--client-account", "Undisturbed")
    for seed in range(2):
        account = f"Killed {seed}"
        process = landbridge.start("discover", *estate, "--client-account", account)
        flow_id = wait_for_flow(landbridge, account)
        time.sleep(random.Random(seed).uniform(0, undisturbed["seconds"]))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        flow = landbridge.json("flows", "watch", flow_id)
        assert flow["status"] == "completed"
        again = landbridge.json("discover", *estate, "--client-account", account)
        for key in ("assets", "conflicts", "dependencies", "applications", "findings"):
            assert again[key] == undisturbed[key], key


def wait_for_flow(landbridge: Command, account: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        listed = landbridge.run("flows", "list", "--client-account", account, "--json")
        if listed.returncode == 0 and (flows := json.loads(listed.stdout)["flows"]):
            return str(flows[0]["id"])
    raise AssertionError("no flow was created")


def test_a_missing_file_is_named_and_nothing_is_made(landbridge: Command) -> None:
    failed: dict[str, Any] = landbridge.json("discover", "absent.csv", expect=1)
    assert failed["error"]["code"] == "FILE_NOT_READABLE"
    assert "absent.csv" in failed["error"]["detail"]
    assert landbridge.json("flows", "list")["flows"] == []


@pytest.mark.skipif(not DATA.exists(), reason="the collection of real files is not here")
def test_a_real_rvtools_workbook_with_phantom_rows(landbridge: Command, tmp_path: Path) -> None:
    workbook = DATA / "rvtools_kubev2v_example1" / "example1.xlsx"
    result = landbridge.json("discover", workbook, "--approve", "auto", "--out", tmp_path / "D")
    assert result["status"] == "completed"
    assert result["assets"]["by_type"]["virtual_machine"] == 9
    assert result["rows"]["in"] == result["rows"]["stored"]
    assert {Path(p).suffix for p in result["exports"]} == {".csv", ".xlsx", ".json"}


@pytest.mark.skipif(not DATA.exists(), reason="the collection of real files is not here")
def test_servers_known_only_from_connections_become_assets(landbridge: Command) -> None:
    export = DATA / "azure_dependency_export" / "dependency-export-sample.csv"
    result = landbridge.json("discover", export)
    assert result["status"] == "completed"
    assert result["rows"]["in"] == 5
    assert result["dependencies"] == 5
    assert result["assets"]["total"] == 8


def test_cells_that_look_like_markup_are_printed_as_they_are(
    landbridge: Command, tmp_path: Path
) -> None:
    file = tmp_path / "marked [up].csv"
    file.write_text("Server Name,IP Address\nweb01,[/bold] [red]no address\nweb02,10.0.0.2\n")
    landbridge.json("discover", file, "--client-account", "Brackets [/x]")
    listed = landbridge.run("imports", "list", "--client-account", "Brackets [/x]")
    assert listed.returncode == 0
    found = landbridge.json("imports", "list", "--client-account", "Brackets [/x]")
    shown = landbridge.run("imports", "issues", found["imports"][0]["id"])
    assert shown.returncode == 0, shown.stderr
    assert "[red]" in shown.stdout
    assert landbridge.run("inspect", file).returncode == 0
    assert landbridge.run("mapping", "suggest", file).returncode == 0
    assert landbridge.run("flows", "list").returncode == 0
