"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from landbridge.webhooks.retries import PAUSES, next_attempt, retry_after

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("tries", range(1, len(PAUSES) + 1))
def test_each_pause_is_longer_and_never_twice_the_same(tries):
    found = {next_attempt(tries, NOW) - NOW for _ in range(50)}
    wanted = PAUSES[tries - 1]
    assert all(0.8 * wanted <= pause <= 1.2 * wanted for pause in found)
    assert len(found) > 10


def test_after_the_last_try_there_is_none():
    assert next_attempt(len(PAUSES) + 1, NOW) is None


def test_a_wish_makes_the_pause_longer_but_not_shorter_and_not_endless():
    assert next_attempt(1, NOW, timedelta(minutes=3)) == NOW + timedelta(minutes=3)
    assert next_attempt(1, NOW, timedelta()) > NOW + timedelta(seconds=3)
    assert next_attempt(1, NOW, timedelta(days=400)) == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        ("120", timedelta(minutes=2)),
        (" 7 ", timedelta(seconds=7)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta()),
        ("Sun, 22 Nov 2026 12:01:00", timedelta(minutes=1)),
        ("-3", None), ("1.5", None), ("soon", None), ("", None), (None, None),
        ("9" * 400, None), ("²", None),
    ],
)  # fmt: skip
def test_what_a_receiver_may_ask_for(value, wish):
    assert retry_after(value, NOW) == wish
