"""The commands that let people in."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from landbridge.kit.ids import new_id
from tests.support.commands import Commands
from tests.support.http_fixtures import server
from tests.support.people import make_person

__all__ = ["server"]


@pytest.fixture
def landbridge(databases, tmp_path: Path) -> Commands:
    return Commands.over(databases, tmp_path)


@pytest.fixture
def mine(landbridge: Commands) -> str:
    name = f"Mine {new_id()}"
    landbridge("accounts", "create", name)
    return name


def test_members_are_invited_listed_changed_and_removed(
    landbridge: Commands, mine: str, databases, server
) -> None:
    of = ("--client-account", mine)
    made = landbridge("members", "invite", "n@example.org", *of, "--url", server, "--json").json
    assert httpx.get(made["url"]).status_code == 200
    (listed,) = landbridge("members", "invitations", *of, "--json").json["invitations"]
    assert listed["id"] == made["id"]
    assert landbridge("members", "withdraw", made["id"], *of).code == 0
    assert httpx.get(made["url"]).status_code == 404

    person = make_person(databases)
    landbridge("users", "add", person.email, *of, "--role", "analyst")
    assert landbridge("members", "role", person.email, "approver", *of).code == 0
    rows = landbridge("members", "list", *of, "--json").json["members"]
    assert {r["email"]: r["role"] for r in rows} == {
        "local@localhost": "admin",
        person.email: "approver",
    }
    assert landbridge("members", "remove", person.email, *of).code == 0
    gone = landbridge("members", "remove", person.email, *of, "--json").json
    assert gone["error"]["code"] == "MEMBER_UNKNOWN"
    alone = landbridge("members", "remove", "local@localhost", *of, "--json").json
    assert alone["error"]["code"] == "LAST_ADMIN"


def test_keys_and_members_of_others_are_out_of_reach(landbridge: Commands, account) -> None:
    for command in (("members", "list"), ("api-keys", "list"), ("accounts", "four-eyes")):
        done = landbridge(*command, "--client-account", account.name, "--json")
        assert done.json["error"]["code"] == "CLIENT_ACCOUNT_UNKNOWN"


def test_break_glass_opens_for_a_reason_and_a_time(landbridge: Commands, account) -> None:
    of = ("--account", account.name)
    why = ("--reason", "Ticket 4711: stuck import", "--minutes", "30")
    keys = ("api-keys", "list", "--client-account", account.name)
    short = landbridge("operator", "break-glass", *of, "--reason", "x", "--minutes", "1", "--json")
    assert short.json["error"]["code"] == "REASON_MISSING"
    assert landbridge("operator", "break-glass", *of, *why, "--role", "admin").code == 0
    assert landbridge(*keys).code == 0
    opened = landbridge("operator", "accesses", "--json").json["accesses"]
    assert account.name in {a["client_account"] for a in opened}
    assert landbridge("operator", "end", *of).code == 0
    assert landbridge(*keys).code == 1
    assert landbridge("operator", "end", *of, "--json").json["error"]["code"] == "ACCESS_NOT_OPEN"


def test_four_eyes_are_shown_and_set(landbridge: Commands, mine: str) -> None:
    of = ("accounts", "four-eyes", "--client-account", mine)
    assert landbridge(*of, "--json").json == {"four_eyes": False}
    assert landbridge(*of, "--on", "--json").json == {"four_eyes": True}
    assert "asks for four eyes" in landbridge(*of).out
    assert landbridge(*of, "--no-on", "--json").json == {"four_eyes": False}


def test_the_set_up_link_is_for_the_first_person_only(fresh_databases, tmp_path: Path) -> None:
    landbridge = Commands.over(fresh_databases, tmp_path)
    link = landbridge("sign-in", "set-up", "--url", "https://l.example.com/", "--json").json["url"]
    assert link.startswith("https://l.example.com/set-up?token=lbu_")
    person = make_person(fresh_databases)
    refused = landbridge("sign-in", "set-up", "--json")
    assert refused.json["error"]["code"] == "ALREADY_SET_UP"
    assert landbridge("users", "reset", person.email).code == 0
    assert landbridge("sign-in", "set-up").code == 0
