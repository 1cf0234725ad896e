"""The score is what it says, and a file that is no labelled set is refused."""

import json

import pytest

from landbridge.discovery.mapping.errors import NoLabelledSets, NotALabelledSet
from landbridge.discovery.mapping.evaluate import evaluate
from landbridge.discovery.mapping.scores import upper_bound

COLUMNS = [
    {"name": "Server Name", "samples": ["lonapp01", "lonapp02"], "truth": "hostname"},
    {"name": "IP Address", "samples": ["10.0.0.1"], "truth": "mac_address"},
    {"name": "IP", "samples": [], "truth": None, "alt": ["ip_address"]},
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


def test_the_score_says_what_automatic_approval_is_worth(directory):
    result = evaluate(directory)
    approved = result["auto_approved"]
    assert (approved["columns"], approved["wrong"]) == (3, 1)
    assert approved["wrong_share"] == result["wrong_auto_approved"]
    assert approved["wrong_at_most"] > approved["wrong_share"]
    assert sum(b["columns"] for b in result["calibration"]) == 3
    assert result["per_language"]["und"]["columns"] == 4
    assert set(result["runs"]) == {
        "with_values", "names_only", "with_values_leave_one_out", "names_only_leave_one_out",
    }  # fmt: skip
    assert result["runs"]["with_values"]["top1"] == result["top1"]


@pytest.mark.parametrize(
    ("events", "trials", "bound"),
    [(0, 598, 0.005), (1, 100, 0.0466), (0, 0, 1.0), (5, 5, 1.0), (900, 100_000, 0.0095)],
)
def test_the_upper_bound_is_that_of_clopper_and_pearson(events, trials, bound):
    assert upper_bound(events, trials) == pytest.approx(bound, abs=2e-4)


def test_odd_sets_are_scored_as_far_as_they_go(tmp_path):
    columns = [
        {"name": "Host", "truth": "hostname"},
        {"name": "IP", "samples": None, "truth": "ip_address", "alt": "source_ip"},
        {"name": "RAM", "samples": [16, 32.5, None], "truth": "ram"},
    ]
    (tmp_path / "odd.json").write_text(json.dumps({"lang": "de", "columns": columns}))
    (tmp_path / "empty.json").write_text(json.dumps({"source": "empty", "columns": []}))
    result = evaluate(tmp_path)
    assert result["columns"] == 3
    assert result["unknown_attributes"] == ["ram"]
    assert list(result["per_language"]) == ["de"]
    assert set(result["per_source"]) == {"odd"}


def test_a_directory_of_empty_sets_or_none_at_all_is_refused(tmp_path):
    (tmp_path / "empty.json").write_text('{"source": "empty", "columns": []}')
    for directory in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NoLabelledSets):
            evaluate(directory)
