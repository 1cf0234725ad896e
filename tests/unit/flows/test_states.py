"""The transition table."""

import itertools

from landbridge.flows.states import FLOW_TRANSITIONS, TERMINAL, FlowStatus, is_allowed


def test_every_status_has_its_row() -> None:
    assert set(FLOW_TRANSITIONS) == set(FlowStatus)


def test_nothing_leaves_completed_or_cancelled() -> None:
    for target in FlowStatus:
        assert not is_allowed(FlowStatus.COMPLETED, target)
        assert not is_allowed(FlowStatus.CANCELLED, target)


def test_no_flow_stays_where_it_is_by_transition() -> None:
    assert not any(is_allowed(status, status) for status in FlowStatus)


def test_every_status_can_be_reached() -> None:
    reached = set(itertools.chain.from_iterable(FLOW_TRANSITIONS.values()))
    assert reached == set(FlowStatus)


def test_every_live_status_can_reach_an_end() -> None:
    for status in set(FlowStatus) - TERMINAL:
        assert FLOW_TRANSITIONS[status] & TERMINAL
