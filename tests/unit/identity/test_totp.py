"""Codes of six digits, as RFC 6238 computes them."""

import pytest

from landbridge.identity import totp

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "last_six"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(at, last_six):
    assert totp.code_at(RFC_SECRET, at // 30) == last_six
    assert totp.matching_counter(RFC_SECRET, last_six, at) == at // 30


def test_the_code_before_and_after_counts_and_names_its_own_half_minute():
    for step in (-1, 0, 1):
        assert totp.matching_counter(RFC_SECRET, totp.code_at(RFC_SECRET, 100 + step), 3000) == (
            100 + step
        )
    assert totp.matching_counter(RFC_SECRET, totp.code_at(RFC_SECRET, 102), 3000) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000"])
def test_anything_else_is_wrong(typed):
    assert totp.matching_counter(RFC_SECRET, typed, 59) is None


def test_blanks_do_not_matter_and_the_key_can_be_typed():
    assert totp.matching_counter(RFC_SECRET, " 287 082 ", 59) == 1
    assert totp.key_text(RFC_SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.address(RFC_SECRET, "ada@example.com").startswith("otpauth://totp/Landbridge:ada")
