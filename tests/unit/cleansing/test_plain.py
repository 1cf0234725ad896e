"""The fast way gives what the rules give."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbridge.discovery.cleansing.columns import plain_values
from landbridge.discovery.cleansing.hints import ColumnHints, DateOrder
from landbridge.discovery.cleansing.rules import cleanse
from landbridge.discovery.cleansing.rules.plain import plain_of
from landbridge.discovery.vocabulary import ATTRIBUTES

FAST = sorted(a for a in ATTRIBUTES if plain_of(a))
HEX = "[0-9a-fA-F]"
LOOSE = {
    "mac_address": rf"{HEX}{{2}}(:{HEX}{{2}}){{5}}",
    "uuid": rf"{HEX}{{8}}(-{HEX}{{4}}){{3}}-{HEX}{{12}}",
}
HINTS = [ColumnHints(), ColumnHints(date_order=DateOrder.MONTH_FIRST, decimal=",")]


@pytest.mark.parametrize("attribute", FAST)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_plain_text_is_its_own_value(attribute, data):
    plain = plain_of(attribute)
    loose = LOOSE.get(attribute)
    raw = data.draw(st.from_regex(loose or plain.pattern, fullmatch=True))
    assume(plain.pattern.fullmatch(raw))
    for hints in HINTS:
        cleansed = cleanse(attribute, raw, hints)
        assert (cleansed.rule, cleansed.issue) == (plain.rule, None)
        assert cleansed.values == plain_values(attribute, plain, raw)


@pytest.mark.parametrize(
    ("attribute", "raw"),
    [
        ("hostname", "srv0001234"),
        ("fqdn", "srv0001.corp.example.com"),
        ("ip_address", "10.12.4.17"),
        ("mac_address", "00:50:56:9A:4F:1C"),
        ("uuid", "42237A0C-1D90-BC7E-77AA-30D1F0A3E2B1"),
        ("serial_number", "CZJ1420B7K"),
        ("asset_id", "CI0012345"),
        ("last_seen", "2024-03-14 09:12:44"),
        ("description", "Server 17 of rack A"),
    ],
)
def test_the_usual_texts_are_plain(attribute, raw):
    assert plain_of(attribute).pattern.fullmatch(raw)


@pytest.mark.parametrize(
    ("attribute", "raw"),
    [
        ("hostname", "localhost"),
        ("hostname", "10.1.1.1"),
        ("hostname", "n/a"),
        ("ip_address", "127.0.0.1"),
        ("mac_address", "ff:ff:ff:ff:ff:ff"),
        ("uuid", "03000200-0400-0500-0006-000700080009"),
        ("serial_number", "0123456789"),
        ("serial_number", "6.37702E+15"),
        ("last_seen", "0001-01-01"),
        ("last_seen", "2023-02-30"),
        ("description", " 1 "),
    ],
)
def test_what_needs_a_rule_is_not_plain(attribute, raw):
    assert not plain_of(attribute).pattern.fullmatch(raw)
