"""Checkpoints, keys and exports: what is left when nobody trusts the server."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landbridge.audit import export, keys, service
from landbridge.audit.anchor import Anchor
from landbridge.audit.anchoring import Checkpointing, sign_due
from landbridge.audit.errors import (
    AuditCheckpointNotKept,
    AuditExportUnreadable,
    AuditKeyConfigured,
    AuditKeyInvalid,
)
from landbridge.audit.notes import SigningKey, VerifierKey
from landbridge.audit.verify import FaultKind
from landbridge.kit.settings import Settings
from tests.support.audit import settings_in, signed, superuser, verified, write_history
from tests.support.repository import ROOT


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    key = keys.signing_key(settings)
    assert keys.signing_key(settings) == key
    file = tmp_path / "data" / keys.KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.seed.hex() not in repr(key)
    assert SigningKey.parse(key.text) == key
    assert VerifierKey.parse(key.verifier.text) == key.verifier


@pytest.mark.parametrize("spoil", [lambda t: t[:-6], lambda t: t.replace("+", "-", 1), str.upper])
def test_a_mistyped_key_is_recognised(spoil, tmp_path: Path) -> None:
    key = keys.signing_key(settings_in(tmp_path))
    with pytest.raises(AuditKeyInvalid):
        VerifierKey.parse(spoil(key.verifier.text))
    with pytest.raises(AuditKeyInvalid):
        SigningKey.parse(spoil(key.text))


def test_a_rotated_key_stays_trusted(databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    signed(databases, account, settings)
    old = keys.signing_key(settings)
    new = keys.rotate(settings)
    assert new.verifier != old.verifier
    assert keys.trusted_keys(settings) == [new.verifier, old.verifier]
    write_history(databases, account, 1)
    signed(databases, account, settings)
    found = verified(databases, account, settings)
    assert (found.intact, found.checkpoints) == (True, 2)


def test_a_configured_key_is_used_and_not_rotated(databases, account, tmp_path: Path) -> None:
    key = SigningKey.generate("elsewhere")
    settings = Settings(data_dir=tmp_path, audit_signing_key=key.text)
    assert keys.signing_key(settings) == key
    assert not list(tmp_path.iterdir())
    with pytest.raises(AuditKeyConfigured):
        keys.rotate(settings)
    note = signed(databases, account, settings)
    stranger = settings_in(tmp_path / "other")
    kinds = {f.kind for f in verified(databases, account, stranger).faults}
    assert kinds == {FaultKind.CHECKPOINT_NOT_SIGNED}
    knowing = Settings(data_dir=tmp_path / "other", audit_trusted_keys=key.verifier.text)
    assert verified(databases, account, knowing).intact
    assert "elsewhere" in note


def test_signing_twice_gives_the_same_note(databases, account, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    note = signed(databases, account, settings)
    assert signed(databases, account, settings) == note
    [file] = (tmp_path / "audit-checkpoints" / str(account.client_account_id)).iterdir()
    assert file.read_text() == note


def test_nothing_is_signed_where_nothing_can_be_kept(databases, account, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(data_dir=tmp_path, audit_directory=tmp_path / "file" / "below")
    with pytest.raises(AuditCheckpointNotKept):
        signed(databases, account, settings)
    with databases.app.open(account.access) as session:
        assert service.checkpoints(session) == []


def test_a_worker_signs_what_is_new_in_every_account(
    databases, account, other_account, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    assert sign_due(databases.worker, settings) >= 2
    assert sign_due(databases.worker, settings) == 0
    write_history(databases, other_account, 1)
    assert sign_due(databases.worker, settings) == 1
    for one, signatures in ((account, 1), (other_account, 2)):
        found = verified(databases, one, settings)
        assert (found.intact, found.checkpoints) == (True, signatures)
        assert found.anchored == found.links


def test_a_worker_signs_nothing_on_top_of_a_changed_chain(
    databases, account, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account, 2)
    sign_due(databases.worker, settings)
    with superuser(databases) as db:
        db.execute(
            "update app.audit_links set hash = %s where client_account_id = %s",
            [b"\0" * 32, account.client_account_id],
        )
    write_history(databases, account, 1, "Later")
    assert sign_due(databases.worker, settings) == 0
    assert len(Anchor.of(settings).notes(account.client_account_id)) == 1


def test_the_thread_ends_with_its_block(databases, tmp_path: Path) -> None:
    began = time.monotonic()
    with Checkpointing(databases.worker, settings_in(tmp_path)):
        pass
    assert time.monotonic() - began < 5


def exported(databases, account, settings: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "audit.jsonl"
    with databases.app.open(account.access) as session:
        notes = Anchor.of(settings).notes(account.client_account_id)
        file.write_text("".join(export.lines(session, notes)), encoding="utf-8")
    return file


def test_an_export_is_verified_with_the_public_key_alone(
    databases, account, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    write_history(databases, account)
    signed(databases, account, settings)
    file = exported(databases, account, settings, tmp_path)
    trusted = [keys.signing_key(settings).verifier]
    with file.open(encoding="utf-8") as lines:
        found = export.verify_file(lines, trusted)
    live = verified(databases, account, settings)
    assert (found.intact, found.head, found.links) == (True, live.head, live.links)
    assert found.checkpoints == 1
    changed = file.read_text().replace("Wave 3", "Cave 3")
    file.write_text(changed)
    with file.open(encoding="utf-8") as lines:
        assert {f.kind for f in export.verify_file(lines, trusted).faults} == {
            FaultKind.ENTRY_CHANGED
        }


def test_the_described_program_is_enough(databases, account, tmp_path: Path) -> None:
    """The one in the documentation, which has nothing of ours."""
    settings = settings_in(tmp_path)
    write_history(databases, account)
    signed(databases, account, settings)
    file = exported(databases, account, settings, tmp_path)
    page = (ROOT / "docs" / "how-to" / "verify-the-audit-log.md").read_text(encoding="utf-8")
    program = tmp_path / "verify.py"
    program.write_text(page.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    key = keys.signing_key(settings).verifier.text

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, program, file, key]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert "links are what was signed" in run().stdout
    file.write_text(file.read_text().replace("Wave 3", "Cave 3"))
    assert "AssertionError: link" in run().stderr
    key = SigningKey.generate("somebody else").verifier.text
    file = exported(databases, account, settings, tmp_path)
    assert "InvalidSignature" in run().stderr


@pytest.mark.parametrize("content", ["", "no JSON\n", '{"rows": 1}\n', "[1]\n", '{"seq": 1}\n'])
def test_another_file_is_no_export(content: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    with file.open(encoding="utf-8") as lines, pytest.raises(AuditExportUnreadable):
        export.verify_file(lines, [])


def test_a_checkpoint_of_another_account_proves_nothing(
    databases, account, other_account, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    note = signed(databases, other_account, settings)
    with databases.app.open(account.access) as session:
        found = service.verify(session, settings, [note])
    assert {f.kind for f in found.faults} == {FaultKind.CHECKPOINT_FOREIGN}
