"""How values read."""

from datetime import UTC, datetime, timedelta

import pytest

from landbridge.kit.clock import now
from landbridge.web import choices, measures, words
from landbridge.web.pages.sign_in import local


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234567, "1,234,567"), (1.5, "1.5"), (2.0, "2"), (None, "–")]
)
def test_numbers(value, text):
    assert measures.number(value) == text


@pytest.mark.parametrize(
    ("mebibytes", "text"),
    [(512, "512 MiB"), (1024, "1 GiB"), (1536, "1.5 GiB"), (65536, "64 GiB"), (2**21, "2.0 TiB")],
)
def test_sizes(mebibytes, text):
    assert measures.gib(mebibytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (59, "59 s"), (61, "1 min 1 s"), (7500, "2 h 5 min"), (None, "–")],
)
def test_durations(seconds, text):
    assert measures.seconds(seconds) == text


def test_moments():
    assert measures.ago(now()) == "just now"
    assert measures.ago(now() - timedelta(minutes=5)) == "5 min ago"
    assert measures.ago(datetime(2020, 2, 3, tzinfo=UTC)) == "03 Feb 2020"
    assert measures.exact(datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)) == "03 Feb 2020, 04:05:06 UTC"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("os_version", "OS version"),
        ("ip_address", "IP address"),
        ("memory_gb", "Memory (GiB)"),
        ("virtual_machine", "Virtual machine"),
        ("nics", "NICs"),
    ],
)
def test_names_of_the_vocabulary(name, text):
    assert words.words(name) == text


def test_any_value_reads_as_text():
    assert words.value(["a", 1, True]) == "a, 1, Yes"
    assert words.value({"os_name": "CentOS", "cpu_cores": 4}) == "OS name: CentOS, CPU cores: 4"
    assert words.value([]) == "–"


def test_every_attribute_can_be_chosen_once():
    offered = [t.value for group in choices.TARGETS.values() for t in group]
    assert len(offered) == len(set(offered))
    assert all(choices.parse(v) for v in offered)
    assert {v.partition(":")[2] for v in offered} == set(choices.ATTRIBUTES)
    assert choices.parse("attribute:nothing") is None


@pytest.mark.parametrize(
    "target", ["//evil", "https://evil", "\\\\evil", "/\\evil", "evil", "", "/a\nb", "/a\tb"]
)
def test_only_addresses_of_ours_are_followed(target):
    assert local(target) == "/"


def test_an_address_of_ours_is_followed():
    assert local("/accounts/1?x=2") == "/accounts/1?x=2"
