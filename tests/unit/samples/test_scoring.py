"""The scores: full marks for the truth itself, and fewer for each kind of mistake."""

from __future__ import annotations

from datetime import date

import pytest

from landbridge.samples.truth import Truth
from landbridge.samples.writing import write
from tests.support import scoring

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return write(tmp_path_factory.mktemp("estate"), servers=120).truth


def test_the_truth_itself_gets_full_marks(truth: Truth) -> None:
    columns = {(t.file, t.table): [c.attribute for c in t.columns] for t in truth.tables}
    rows = scoring.true_rows(truth)
    edges = [(edge.source, edge.target, edge.kind) for edge in truth.edges]
    same = {key: key for key in truth.things}
    scores = [
        scoring.score_mapping(truth, columns),
        scoring.score_identity(rows, rows),
        scoring.score_edges(truth, edges, same),
    ]
    for score in scores:
        assert (score.precision, score.recall, score.wrong) == (1.0, 1.0, []), str(score)
    issues = [(issue.file, issue.table, issue.row) for issue in truth.issues]
    assert not scoring.missing_issues(truth, issues)
    conflicts = [(conflict.entity, conflict.attribute) for conflict in truth.conflicts]
    assert not scoring.missing_conflicts(truth, conflicts, same)


def test_a_merge_of_two_things_costs_precision_and_a_split_costs_recall(truth: Truth) -> None:
    rows = scoring.true_rows(truth)
    first, second, *_ = dict.fromkeys(rows.values())
    merged = {row: first if key == second else key for row, key in rows.items()}
    assert scoring.score_identity(rows, merged).precision < 1
    apart = {row: str(number) for number, row in enumerate(rows)}
    assert scoring.score_identity(rows, apart).recall == 0
    assert scoring.score_identity(rows, {}).recall == 0


def test_an_asset_without_inventory_rows_is_known_by_its_name(truth: Truth) -> None:
    name = next(thing.name for key, thing in truth.things.items() if key.startswith("named-only"))
    things = scoring.things_of_assets(truth, {}, {}, {"a": name.upper(), "b": "nobody"})
    assert list(things) == ["a"]


def test_a_reversed_edge_is_both_missing_and_not_true(truth: Truth) -> None:
    same = {key: key for key in truth.things}
    edges = [(edge.source, edge.target, edge.kind) for edge in truth.edges]
    source, target, kind = edges[0]
    edges[0] = (target, source, kind)
    score = scoring.score_edges(truth, edges, same)
    assert score.precision < 1
    assert score.recall < 1
    assert {text.split(":")[0] for text in score.wrong} == {"missing", "not true"}


def test_a_release_past_its_end_must_be_found_and_a_living_one_must_not(truth: Truth) -> None:
    def ended(product: str, cycle: str, today: date) -> bool:
        return product == "centos" or cycle.startswith("2008")

    expected = {
        (r.entity, r.product) for r in truth.releases if ended(r.product, r.cycles[0], TODAY)
    }
    alive = next((r.entity, r.product) for r in truth.releases if r.product == "rhel")
    full = scoring.score_releases(truth, expected, ended, TODAY)
    assert (full.precision, full.recall) == (1.0, 1.0)
    assert scoring.score_releases(truth, [], ended, TODAY).recall == 0
    assert scoring.score_releases(truth, [*expected, alive], ended, TODAY).precision < 1
