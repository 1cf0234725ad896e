"""Where a browser comes from, and what its session is called."""

import pytest

from landbridge.kit.origin import place_of
from landbridge.web.visits import browser_name


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
         " Chrome/142.0.0.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
         " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("curl/8", "Another program"),
        ("", "Another program"),
    ],
)  # fmt: skip
def test_a_session_is_named_as_people_know_their_browser(agent, name):
    assert browser_name(agent) == name


def test_limits_count_one_network_however_many_addresses_it_has():
    assert place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("2001:db8:1:2:aaaa::1") == place_of("2001:db8:1:2:bbbb::2")
    assert place_of("2001:db8:1:2::1") != place_of("2001:db8:1:3::1")
    assert place_of("testclient") == "testclient"
