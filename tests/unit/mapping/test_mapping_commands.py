"""`landbridge mapping`: JSON as agreed, and nothing but JSON on standard output."""

import json

from landbridge.cli.mapping import evaluate, suggest


def test_suggest_reads_any_file_and_prints_json(tmp_path, capsys):
    file = tmp_path / "servers.csv"
    file.write_text("Server Name;IP-Adresse\nlonapp01;10.0.0.1\n")
    assert suggest(file, json=True) == 0
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert (table["name"], table["source"], table["role"]) == ("servers", None, "assets")
    assert [c["attribute"] for c in table["columns"]] == ["hostname", "ip_address"]
    assert set(table["columns"][0]) == {
        "column", "target", "attribute", "confidence", "evidence", "alternatives",
    }  # fmt: skip


def test_suggest_takes_a_labelled_set(tmp_path, capsys):
    file = tmp_path / "set.json"
    column = {"name": "Server", "samples": ["a1"], "truth": "hostname"}
    file.write_text(json.dumps({"source": "mine", "columns": [column]}))
    assert suggest(file, json=True) == 0
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert (table["name"], table["columns"][0]["attribute"]) == ("mine", "hostname")


def test_suggest_speaks_to_people_too(tmp_path, capsys):
    file = tmp_path / "servers.csv"
    file.write_text("Server Name,IP\nlonapp01,10.0.0.1\n")
    assert suggest(file) == 0
    assert "hostname" in capsys.readouterr().out


def test_a_missing_file_is_an_error_with_its_code(tmp_path, capsys):
    assert suggest(tmp_path / "none.csv", json=True) == 1
    assert "FILE_UNREADABLE" in "".join(capsys.readouterr())


def test_evaluate_prints_its_score(tmp_path, capsys):
    column = {"name": "Server", "samples": ["a1"], "truth": "hostname"}
    (tmp_path / "a.json").write_text(json.dumps({"source": "mine", "columns": [column]}))
    assert evaluate(tmp_path, json=True) == 0
    assert json.loads(capsys.readouterr().out)["top1"] == 1.0
    assert evaluate(tmp_path, names_only=True) == 0
    assert "100.00%" in capsys.readouterr().out


def test_evaluate_says_what_is_wrong_with_a_directory(tmp_path, capsys):
    assert evaluate(tmp_path, json=True) == 1
    assert "NO_LABELLED_SETS" in "".join(capsys.readouterr())
