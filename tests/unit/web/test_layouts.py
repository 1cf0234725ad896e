"""How the phases of a flow are arranged."""

from hypothesis import given
from hypothesis import strategies as st

from landbridge.web.layouts import Step, arrange


def drawn(steps):
    """`a (b c | d) e`"""
    return " ".join(
        step.phase or "(" + " | ".join(drawn(branch) for branch in step.branches) + ")"
        for step in steps
    )


def test_a_sequence_is_a_sequence():
    assert drawn(arrange({"a": [], "b": ["a"], "c": ["b"]})) == "a b c"


def test_branches_stand_side_by_side_and_meet_again():
    after = {"a": [], "b": ["a"], "c": ["b"], "d": ["a"], "e": ["c", "d"]}
    assert drawn(arrange(after)) == "a (b c | d) e"


def test_branches_branch_again():
    after = {"a": [], "b": ["a"], "c": ["b"], "d": ["b"], "e": ["c", "d"], "f": ["a"]}
    assert drawn(arrange(after)) == "a (b (c | d) e | f)"


def test_a_flow_may_begin_and_end_in_branches():
    assert drawn(arrange({"a": [], "b": [], "c": ["b"]})) == "(a | b c)"


def test_two_stages_of_branches_follow_each_other():
    after = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "e": ["b", "c"]}
    assert drawn(arrange(after)) == "a (b | c) (d | e)"


def test_a_branch_of_several_phases_meets_two_that_need_all():
    after = {"a": [], "b": ["a"], "c": ["b"], "d": ["a"], "e": ["c", "d"], "f": ["c", "d"]}
    assert drawn(arrange(after)) == "a (b c | d) (e | f)"


def test_what_is_crossed_is_shown_level_by_level():
    assert drawn(arrange({"a": [], "b": [], "c": ["a"], "d": ["a", "b"]})) == "(a | b) (c | d)"


@st.composite
def graphs(draw):
    after = {}
    for n in range(draw(st.integers(1, 9))):
        after[str(n)] = draw(
            st.lists(st.sampled_from(sorted(after) or ["-"]), unique=True, max_size=3)
        )
    return {key: [n for n in needed if n in after] for key, needed in after.items()}


@given(graphs())
def test_every_phase_is_shown_once(after):
    steps = arrange(after)
    shown = [key for step in steps for key in step.phases]
    assert sorted(shown) == sorted(after)
    assert steps == () or isinstance(steps[0], Step)


@given(graphs())
def test_no_phase_stands_above_what_it_needs(after):
    place = {key: n for n, step in enumerate(arrange(after)) for key in step.phases}
    assert all(place[needed] <= place[key] for key in after for needed in after[key])
