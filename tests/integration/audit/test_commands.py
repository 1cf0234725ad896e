"""`landbridge audit …`"""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.kit.ids import new_id
from tests.support.audit import superuser
from tests.support.commands import Commands


@pytest.fixture
def landbridge(databases, tmp_path: Path) -> Commands:
    return Commands.over(databases, tmp_path)


@pytest.fixture
def name(landbridge: Commands) -> str:
    made = f"Acme {new_id()}"
    landbridge("accounts", "create", made)
    return made


def test_list_says_who_did_what(landbridge: Commands, name: str) -> None:
    landbridge("users", "add", "ada@example.com", "--client-account", name, "--role", "approver")
    listed = landbridge("audit", "list", "--client-account", name, "--limit", 1, "--json").json
    [entry] = listed["entries"]
    assert (entry["action"], entry["object"]["name"]) == ("membership.created", "ada@example.com")
    more = ("audit", "list", "--client-account", name, "--cursor", listed["next"])
    assert "Client account created" in landbridge(*more).out
    nothing = landbridge("audit", "list", "--client-account", name, "--action", "flow.failed")
    assert "No such entries" in nothing.out


def test_sign_export_and_verify_without_the_database(
    landbridge: Commands, name: str, tmp_path: Path
) -> None:
    account = ("--client-account", name)
    signed = landbridge("audit", "checkpoint", *account, "--out", "mine.note")
    assert signed.out == (tmp_path / "mine.note").read_text()
    assert landbridge("audit", "export", *account).code == 0
    [key] = landbridge("audit", "key", "--json").json["keys"]
    elsewhere = Commands(tmp_path / "elsewhere", {})
    elsewhere.data_dir.mkdir()
    verify = ("audit", "verify", "--file", tmp_path / "audit.jsonl", "--json")
    kept = ("--checkpoint", tmp_path / "mine.note")
    done = elsewhere(*verify, "--key", key, *kept)
    assert done.code == 0
    assert (done.json["intact"], done.json["accounts"][0]["checkpoints"]) == (True, 1)
    assert elsewhere(*verify).json["accounts"][0]["faults"][0]["kind"] == "checkpoint_not_signed"
    assert elsewhere(*verify, "--key", "rubbish").json["error"]["code"] == "AUDIT_KEY_INVALID"
    assert not list(elsewhere.data_dir.iterdir())
    missing = elsewhere("audit", "verify", "--file", "nothing.jsonl", "--json")
    assert missing.json["error"]["code"] == "FILE_NOT_READABLE"


def test_verify_fails_loudly(landbridge: Commands, name: str, databases) -> None:
    verify = ("audit", "verify", "--client-account", name)
    assert "Intact. No checkpoint was signed yet" in landbridge(*verify).out
    landbridge("audit", "checkpoint", "--client-account", name)
    assert "1 signed checkpoints agree" in landbridge(*verify).out
    found = landbridge(*verify, "--json").json["accounts"][0]
    with superuser(databases) as db:
        db.execute(
            "update app.audit_entries set entry = replace(entry::text, 'operator', 'worker')::json"
            " where client_account_id = %s",
            [found["client_account_id"]],
        )
    done = landbridge(*verify)
    assert done.code == 1
    assert "NOT INTACT" in done.out
    assert "entry_changed" in done.out


def test_a_rotated_key_is_listed_behind_the_new_one(landbridge: Commands, name: str) -> None:
    [old] = landbridge("audit", "key", "--json").json["keys"]
    new, retired = landbridge("audit", "key", "--rotate").out.split()
    assert retired == old != new


def test_exports_of_the_command_line_are_told(landbridge: Commands, name: str) -> None:
    landbridge("audit", "export", "--client-account", name)
    told = landbridge("audit", "list", "--client-account", name, "--json").json["entries"][0]
    assert told["action"] == "audit.exported"
    assert told["origin"]["via"] == "cli"
