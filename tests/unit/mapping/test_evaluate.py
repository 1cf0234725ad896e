"""The score is what it says, and a file that is no labelled set is refused."""

import json

import pytest

from landbridge.discovery.mapping.errors import NoLabelledSets, NotALabelledSet
from landbridge.discovery.mapping.evaluate import evaluate

COLUMNS = [
    {"name": "Server Name", "samples": ["lonapp01", "lonapp02"], "truth": "hostname"},
    {"name": "IP Address", "samples": ["10.0.0.1"], "truth": "mac_address"},
    {"name": "IPv6", "samples": [], "truth": None, "alt": ["ip_address"]},
    {"name": "Tags", "samples": ["a", None], "truth": None},
]


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps({"source": "one", "columns": COLUMNS}))
    (tmp_path / "_schema.json").write_text("{}")
    return tmp_path


def test_the_score_counts_what_is_right(directory):
    result = evaluate(directory)
    assert set(result) >= {
        "columns", "top1", "precision_at", "coverage_at", "abstention", "calibration_error",
        "wrong_auto_approved", "ms_per_column", "per_source",
    }  # fmt: skip
    assert result["columns"] == 4
    assert result["top1"] == 0.75
    assert result["per_source"] == {"one": 0.75}
    assert result["wrong_auto_approved"] == pytest.approx(1 / 3, abs=1e-4)
    assert result["precision_at"]["0.8"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["coverage_at"]["0.8"] == 1.0
    assert result["abstention"] == 0.25
    assert [w["column"] for w in result["wrong"]] == ["IP Address"]


def test_names_alone_and_without_the_own_vendor(directory):
    assert evaluate(directory, names_only=True)["columns"] == 4
    assert evaluate(directory, leave_one_out=True)["columns"] == 4


@pytest.mark.parametrize("text", ["no json", "[]", '{"source": "x"}', '{"columns": [{"name": 1}]}'])
def test_another_file_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(NotALabelledSet):
        evaluate(tmp_path)


def test_an_empty_directory_is_refused(tmp_path):
    with pytest.raises(NoLabelledSets):
        evaluate(tmp_path)
