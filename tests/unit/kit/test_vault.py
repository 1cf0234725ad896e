"""What is sealed opens with each of the keys, for its purpose, and for nothing else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from landbridge.kit.settings import Settings
from landbridge.kit.vault import KEY_FILE, MARK, Vault
from landbridge.kit.vault_errors import SecretsKeyInvalid, SecretsKeyUnavailable, SecretsKeyWrong

KEYS = [Fernet.generate_key().decode() for _ in range(2)]


def vault_of(directory: Path, *keys: str) -> Vault:
    given = SecretStr(" ".join(keys)) if keys else None
    return Vault(Settings(data_dir=directory, secrets_key=given))


def test_a_secret_comes_back_and_is_not_in_what_is_stored(tmp_path: Path) -> None:
    vault = vault_of(tmp_path)
    sealed = vault.seal("a test", b"\0secret\xff")
    assert sealed.decode("ascii").startswith(MARK)
    assert b"secret" not in sealed
    assert vault.seal("a test", b"\0secret\xff") != sealed
    assert vault_of(tmp_path).open("a test", sealed) == b"\0secret\xff"


def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    vault_of(tmp_path).seal("a test", b"x")
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_it_opens_for_its_purpose_alone(tmp_path: Path) -> None:
    vault = vault_of(tmp_path)
    sealed = vault.seal("webhook 1", b"x")
    with pytest.raises(SecretsKeyWrong):
        vault.open("webhook 2", sealed)


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    vault = vault_of(tmp_path)
    old = vault.seal("a test", b"x")
    first = (tmp_path / KEY_FILE).read_text().split()
    assert vault.add_key()
    keys = (tmp_path / KEY_FILE).read_text().split()
    assert keys[1:] == first
    new = vault.renewed("a test", old)
    assert vault_of(tmp_path, keys[0]).open("a test", new) == b"x"
    with pytest.raises(SecretsKeyWrong):
        vault_of(tmp_path, keys[0]).open("a test", old)
    assert [p.name for p in tmp_path.iterdir()] == [KEY_FILE]


def test_configured_keys_leave_the_data_directory_alone(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, *KEYS)
    assert not vault.add_key()
    assert vault_of(tmp_path, KEYS[0]).open("a test", vault.seal("a test", b"x")) == b"x"
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretsKeyInvalid):
        vault_of(tmp_path, "not-a-key").seal("a test", b"x")
    (tmp_path / KEY_FILE).write_bytes(b"\xff")
    with pytest.raises(SecretsKeyInvalid):
        vault_of(tmp_path).seal("a test", b"x")
    (tmp_path / KEY_FILE).unlink()
    (tmp_path / KEY_FILE).mkdir()
    with pytest.raises(SecretsKeyUnavailable):
        vault_of(tmp_path).seal("a test", b"x")


def test_what_was_changed_does_not_open(tmp_path: Path) -> None:
    vault = vault_of(tmp_path)
    sealed = bytearray(vault.seal("a test", b"x"))
    sealed[40] ^= 1
    with pytest.raises(SecretsKeyWrong):
        vault.open("a test", bytes(sealed))
