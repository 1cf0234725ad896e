"""Leaky buckets: a minute's requests at once, then as many as leak."""

import pytest

from landbridge.api import pace
from landbridge.api.pace import Buckets


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_full_bucket_takes_one_more_for_each_that_leaked(clock):
    buckets = Buckets(60, clock)
    assert [buckets.take("a") for _ in range(60)] == [0] * 60
    assert buckets.take("a") == pytest.approx(1)
    clock.now += 1
    assert buckets.take("a") == 0
    assert buckets.take("a") == pytest.approx(1)
    assert buckets.take("b") == 0


def test_who_waits_is_not_punished_for_asking(clock):
    buckets = Buckets(6, clock)
    while not buckets.take("a"):
        pass
    for _ in range(100):
        assert buckets.take("a") == pytest.approx(10)
    clock.now += 60
    assert [buckets.take("a") for _ in range(6)] == [0] * 6


def test_empty_buckets_are_thrown_away(clock, monkeypatch):
    monkeypatch.setattr(pace, "REMEMBERED", 100)
    buckets = Buckets(60, clock)
    for n in range(1000):
        clock.now += 0.1
        buckets.take(str(n))
    assert len(buckets._empty_at) <= 100
