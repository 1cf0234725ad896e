"""Where the embedded server may live."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.database.embedded import location
from landbridge.database.embedded.location import ServiceUser, locate
from landbridge.database.errors import DataDirectoryNotWritable

STRANGER = ServiceUser(uid=4_000_001, gid=4_000_002, groups=frozenset({4_000_003}))


def test_a_stranger_passes_only_directories_that_are_open_to_all(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert not STRANGER.may_enter(tmp_path)
    tmp_path.chmod(0o701)
    assert STRANGER.may_enter(tmp_path)


def test_one_closed_directory_above_bars_the_way(tmp_path: Path) -> None:
    inner = tmp_path / "open" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "open").chmod(0o700)
    assert not STRANGER.may_reach(inner)


def test_owner_and_group_are_judged_by_their_own_bits(tmp_path: Path) -> None:
    status = tmp_path.stat()
    tmp_path.chmod(0o070)
    owner = ServiceUser(status.st_uid, 1, frozenset())
    member = ServiceUser(STRANGER.uid, 1, frozenset({status.st_gid}))
    assert not owner.may_enter(tmp_path)
    assert member.may_enter(tmp_path)
    tmp_path.chmod(0o700)


def test_a_user_without_root_keeps_the_cluster_in_the_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location, "is_root", lambda: False)
    found = locate(tmp_path / "data")
    assert found.home == (tmp_path / "data" / "postgres").resolve()
    assert found.user is None
    assert found.home.stat().st_mode & 0o077 == 0


def test_a_directory_that_cannot_be_written_is_named_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location.os, "access", lambda *_: False)
    with pytest.raises(DataDirectoryNotWritable) as caught:
        locate(tmp_path)
    assert caught.value.fields["path"] == str(tmp_path.resolve())


def test_a_data_directory_in_no_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_home(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", without_home)
    with pytest.raises(DataDirectoryNotWritable, match="no home directory"):
        locate(Path("~/x"))
