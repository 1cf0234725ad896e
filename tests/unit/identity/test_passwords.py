"""Passwords are refused when they are easy, and stretched when they are not."""

import hashlib

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.identity.passwords import SCHEME, new_verifier, proof_of, require_strong
from landbridge.identity.sign_in_errors import PasswordWeak


def test_a_proof_is_the_hash_of_argon2id_with_the_salt_and_the_scheme():
    raw = Argon2id(salt=b"s" * 16, length=32, iterations=1, lanes=1, memory_cost=64)
    expected = hashlib.sha256(raw.derive(b"a good password")).digest()
    assert proof_of("a good password", b"s" * 16, "argon2id:64:1:1") == expected


def test_the_same_characters_in_another_unicode_form_are_the_same_password():
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    cheap = "argon2id:64:1:1"
    assert proof_of(composed, b"s" * 16, cheap) == proof_of(decomposed, b"s" * 16, cheap)


def test_two_people_with_one_password_have_two_proofs():
    one, two = new_verifier("four unusual words"), new_verifier("four unusual words")
    assert one.scheme == SCHEME
    assert one.salt != two.salt
    assert one.proof != two.proof
    assert "proof" not in repr(one)


@pytest.mark.parametrize(
    "weak",
    ["short", "elevenchars", "aaaaaaaaaaaaaaaa", "abababababababab", "x" * 257,
     "ada.lovelace@example.com", "Ada.Lovelace!!!!", "ada.lovelace2026"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(weak):
    with pytest.raises(PasswordWeak):
        require_strong(weak, ("ada.lovelace@example.com", "Ada Lovelace"))


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_any_text_is_either_refused_or_stretched(password):
    try:
        require_strong(password, ())
    except PasswordWeak:
        return
    assert len(proof_of(password, b"s" * 16, "argon2id:64:1:1")) == 32


def test_an_unknown_scheme_is_a_defect_and_never_a_weaker_one():
    with pytest.raises(ValueError, match="unknown scheme"):
        proof_of("a good password", b"s" * 16, "plain:1:1:1")
