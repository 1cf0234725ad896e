from __future__ import annotations

import gc

from landbridge.kit.collecting import SELDOM, seldom_collected


def test_overlapping_blocks_restore_what_was_before_the_first() -> None:
    before = gc.get_threshold()
    first, second = seldom_collected(), seldom_collected()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == SELDOM
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
