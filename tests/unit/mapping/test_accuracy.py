"""How often a suggestion is right: on column sets of our own, and on shared ones where present."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from landbridge.discovery.mapping.evaluate import evaluate
from landbridge.discovery.mapping.suggest import suggest_table
from landbridge.discovery.vocabulary import ATTRIBUTES
from tests.support.column_sets import column_sets

SHARED = Path(__file__).parents[4] / "shared" / "data" / "mapping_eval"
SURE = 0.9


@pytest.fixture(scope="module")
def sets():
    return list(column_sets())


def judged(sets, *, names_only):
    for found in sets:
        suggestion = suggest_table(found.columns, [] if names_only else found.samples)
        for column, truth in zip(suggestion.columns, found.truths, strict=True):
            yield found, column, column.attribute in truth


def test_the_sets_name_attributes_that_exist(sets):
    assert len(sets) > 150
    named = {t for found in sets for truth in found.truths for t in truth if t is not None}
    assert named <= set(ATTRIBUTES)


@pytest.mark.parametrize(("names_only", "floor"), [(False, 0.985), (True, 0.975)])
def test_suggestions_are_right(sets, names_only, floor):
    outcomes = list(judged(sets, names_only=names_only))
    wrong = [f"{s.name}: {c.column} → {c.attribute}" for s, c, right in outcomes if not right]
    assert len(wrong) <= (1 - floor) * len(outcomes), "\n".join(wrong)


@pytest.mark.parametrize("names_only", [False, True])
def test_what_is_approved_without_a_person_is_wrong_at_most_once_in_two_hundred(sets, names_only):
    sure = [
        (s, c, right)
        for s, c, right in judged(sets, names_only=names_only)
        if c.attribute is not None and c.confidence >= SURE
    ]
    wrong = [f"{s.name}: {c.column} → {c.attribute}" for s, c, right in sure if not right]
    assert len(sure) > 1000
    assert len(wrong) <= 0.005 * len(sure), "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_names_alone_are_enough_in_the_languages_we_know_well(sets, language):
    own = [s for s in sets if s.language == language]
    outcomes = [right for _, _, right in judged(own, names_only=True)]
    assert sum(outcomes) >= 0.95 * len(outcomes)


def test_names_alone_are_often_enough_in_other_languages(sets):
    wrong = defaultdict(list)
    total = 0
    for found, column, right in judged(sets, names_only=True):
        if found.language not in {"en", "de", "fr", "es"}:
            total += 1
            if not right:
                wrong[found.language].append(f"{column.column} → {column.attribute}")
    assert total > 500
    assert sum(map(len, wrong.values())) <= 0.05 * total, dict(wrong)


def test_columns_that_fit_nothing_are_left_alone(sets):
    missed = defaultdict(list)
    total = 0
    for found in sets:
        suggestion = suggest_table(found.columns, found.samples)
        for column, truth in zip(suggestion.columns, found.truths, strict=True):
            if truth == [None]:
                total += 1
                if column.attribute is not None:
                    missed[found.name].append(f"{column.column} → {column.attribute}")
    assert sum(map(len, missed.values())) <= 0.04 * total, dict(missed)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared column sets are not here")
@pytest.mark.parametrize(
    ("options", "floor"),
    [
        ({}, 1.0),
        ({"leave_one_out": True}, 0.99),
        ({"leave_one_out": True, "names_only": True}, 0.98),
    ],
)
def test_the_shared_sets_are_mapped_right(options, floor):
    result = evaluate(SHARED, **options)
    assert result["top1"] >= floor, result["wrong"]
    assert result["wrong_auto_approved"] <= 0.005
    assert result["precision_at"]["0.9"] >= 0.98
