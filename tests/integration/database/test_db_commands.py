"""`landbridge db` and `landbridge doctor`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.commands import Commands
from tests.support.server import remove, run_directory


@pytest.fixture
def embedded() -> Iterator[Commands]:
    """Commands over an embedded server of their own."""
    directory = run_directory() / f"commands-{os.getpid()}"
    directory.mkdir(mode=0o711)
    yield Commands(directory, {})
    remove(directory)


@pytest.fixture
def external(databases, tmp_path: Path) -> Commands:
    return Commands.over(databases, tmp_path)


def test_the_embedded_server_lives_from_start_to_stop_and_keeps_backups(
    embedded: Commands,
) -> None:
    assert embedded("db", "status", "--json").json["running"] is False
    assert embedded("db", "start", "--json").json["running"] is True
    assert embedded("accounts", "create", "Acme").code == 0

    made = embedded("db", "backup", "kept.backup", "--json").json
    assert made["verified"] is True
    assert (embedded.data_dir / "kept.backup").stat().st_mode & 0o077 == 0
    assert embedded("accounts", "create", "Later").code == 0

    refused = embedded("db", "restore", "kept.backup", "--json")
    assert refused.json["error"]["code"] == "RESTORE_WOULD_REPLACE"
    restored = embedded("db", "restore", "kept.backup", "--replace", "--json").json
    assert restored["rows"] == made["rows"]
    assert restored["kept_as"].startswith("landbridge_replaced_")
    listed = embedded("accounts", "list", "--json").json["accounts"]
    assert [row["name"] for row in listed] == ["Acme"]
    checks = embedded("doctor", "--json").json["checks"]
    assert [check for check in checks if not check["passed"]] == []

    url = embedded("db", "url", "worker").out.strip()
    with psycopg.connect(url) as connection:
        assert connection.info.user == "app_worker"
    assert embedded("db", "stop", "--json").json == {"stopped": True}
    assert embedded("db", "stop", "--json").json == {"stopped": False}


def test_a_file_that_is_no_backup_is_refused_before_anything_happens(
    external: Commands, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    for name in ("letter.txt", "missing.backup"):
        done = external("db", "restore", name, "--replace", "--json")
        assert done.json["error"]["code"] == "BACKUP_FILE_UNREADABLE"


def test_an_external_server_is_neither_started_nor_stopped(external: Commands) -> None:
    assert external("db", "stop", "--json").json["error"]["code"] == "DATABASE_NOT_EMBEDDED"
    status = external("db", "status", "--json").json
    assert status["embedded"] is False
    assert status["release"] == status["release_needed"]
    assert ":***@" in status["url"]


def test_migrating_again_changes_nothing(external: Commands) -> None:
    assert external("db", "migrate", "--json").code == 0


def test_doctor_names_an_unreachable_database_and_its_remedy(tmp_path: Path) -> None:
    url = "postgresql://nobody:x@127.0.0.1:1/none"
    done = Commands(tmp_path, {"LANDBRIDGE_DATABASE_URL": url})("doctor", "--json")
    assert done.code == 1
    failed = [check for check in done.json["checks"] if not check["passed"]]
    assert [check["name"] for check in failed] == ["database"]
    assert "DATABASE_UNAVAILABLE" in failed[0]["evidence"]
    assert failed[0]["remedy"]
