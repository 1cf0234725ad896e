"""The commands that make accounts, users and keys."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from landbridge.database.session import CredentialAccess
from landbridge.identity.credentials import hash_of
from landbridge.kit.ids import new_id
from tests.support.commands import Commands


@pytest.fixture
def landbridge(databases, tmp_path: Path) -> Commands:
    return Commands.over(databases, tmp_path)


def test_a_key_made_on_the_command_line_opens_its_account_with_its_role(
    landbridge: Commands, door
) -> None:
    name = f"Acme {new_id()}"
    account = landbridge("accounts", "create", name, "--json").json
    made = landbridge(
        "api-keys", "create", "--client-account", name.upper(), "--role", "analyst", "--json"
    ).json
    access = CredentialAccess(hash_of(made["key"]), UUID(account["id"]))
    with door.open(access) as session:
        assert session.role == "analyst"
    listed = landbridge("api-keys", "list", "--client-account", name, "--json")
    assert made["id"] in {key["id"] for key in listed.json["api_keys"]}
    assert made["key"] not in listed.out
    revoke = ("api-keys", "revoke", made["id"], "--client-account", name)
    assert landbridge(*revoke).code == 0
    assert landbridge(*revoke, "--json").json["error"]["code"] == "API_KEY_UNKNOWN"


def test_the_local_user_is_admin_of_what_it_creates_and_of_nothing_else(
    landbridge: Commands, account
) -> None:
    name = f"Mine {new_id()}"
    landbridge("accounts", "create", name)
    listed = landbridge("accounts", "list", "--json").json["accounts"]
    roles = {row["name"]: row["role"] for row in listed}
    assert roles[name] == "admin"
    assert roles[account.name] is None


def test_wrong_names_and_roles_say_what_is_wrong(landbridge: Commands, account) -> None:
    def code(*arguments: str) -> str:
        done = landbridge(*arguments, "--json")
        assert done.code == 1
        return str(done.json["error"]["code"])

    taken = ("accounts", "create", account.name.lower())
    assert code(*taken) == "CLIENT_ACCOUNT_NAME_TAKEN"
    user = ("users", "add", "ada@example.com", "--client-account")
    assert code(*user, "Nobody") == "CLIENT_ACCOUNT_UNKNOWN"
    assert code(*user, account.name, "--role", "king") == "ROLE_UNKNOWN"
    assert code("users", "add", "ada", "--client-account", account.name) == "EMAIL_INVALID"
    assert code("sign-in", "link", "--user", "no@example.com") == "USER_UNKNOWN"


def test_a_sign_in_link_starts_a_session_of_its_user(landbridge: Commands, databases) -> None:
    from sqlalchemy import text

    link = landbridge("sign-in", "link", "--url", "https://l.example.com/", "--json").json["url"]
    assert link.startswith("https://l.example.com/sign-in?token=lbs_")
    token = link.rpartition("=")[2]
    with databases.app.anonymous() as connection:
        started = connection.execute(
            text("select app.start_session(:token, :session, interval '1 hour')"),
            {"token": hash_of(token), "session": hash_of("a session")},
        )
        assert started.scalar_one() is True
        who = connection.execute(
            text("select email, kind from app.who(:session)"), {"session": hash_of("a session")}
        ).one()
    assert who == ("local@localhost", "session")


def test_the_lint_command_is_clean_and_exits_zero(landbridge: Commands) -> None:
    done = landbridge("tenancy", "lint", "--json")
    assert done.json["violations"] == []
    assert done.json["rules"] > 50
    assert done.code == 0
