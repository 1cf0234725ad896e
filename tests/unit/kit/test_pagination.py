"""Keyset cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.kit.pagination import InvalidCursor, decode_cursor, encode_cursor, page_of


@given(st.lists(st.one_of(st.text(), st.integers(-(2**53), 2**53), st.none()), max_size=4))
def test_a_cursor_gives_back_its_values(values):
    assert decode_cursor(encode_cursor(values), len(values)) == values


@given(st.text())
def test_a_foreign_cursor_is_refused_as_such(text):
    with pytest.raises(InvalidCursor):
        decode_cursor(text, 7)


def test_a_full_page_points_to_the_next_and_the_last_does_not():
    page = page_of([1, 2, 3], 2, lambda n: (n,))
    assert page.items == [1, 2]
    assert page.next is not None
    assert decode_cursor(page.next, 1) == [2]
    assert page_of([1, 2], 2, lambda n: (n,)).next is None
