"""What an account may have is enforced by the database, in the transaction that goes beyond."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.refusals import QuotaExceeded
from landbridge.discovery.imports import service as imports
from landbridge.identity import api_keys, keys, quotas, users
from landbridge.identity.permissions import Role
from landbridge.identity.quotas import Quota
from tests.support.accounts import Account, make_member
from tests.support.commands import Commands
from tests.support.estate import make_estate


def limit(databases: Databases, account: Account, **wanted: int | None) -> None:
    limits = {Quota(name): most for name, most in wanted.items()}
    quotas.set_by_owner(databases.owner, account.client_account_id, limits)


def used(databases: Databases, account: Account) -> dict[str, tuple[int | None, int]]:
    with databases.app.open(account.access) as session:
        return {q.quota.value: (q.limit, q.used) for q in quotas.use(session)}


def add_import(databases: Databases, account: Account, content: bytes | None = None) -> None:
    with databases.app.open(account.access) as session:
        made = imports.create_import(session, account.engagement_id)
        if content is not None:
            imports.receive_file(session, made.id, "a.csv", [content])


def test_without_a_quota_there_is_no_limit(databases: Databases, account: Account) -> None:
    add_import(databases, account, b"x" * 100)
    assert used(databases, account) == {
        "storage_bytes": (None, 100),
        "assets": (None, 0),
        "imports_per_day": (None, 1),
        "members": (None, 1),
    }


def test_storage_is_refused_beyond_the_limit_and_nothing_is_kept(
    databases: Databases, account: Account, other_account: Account
) -> None:
    limit(databases, account, storage_bytes=150)
    add_import(databases, account, b"x" * 100)
    with pytest.raises(QuotaExceeded) as refused:
        add_import(databases, account, b"y" * 51)
    assert refused.value.fields == {"quota": "storage_bytes", "limit": 150, "wanted": 151}
    assert "at most 150" in refused.value.detail
    assert used(databases, account)["imports_per_day"] == (None, 1)
    add_import(databases, account, b"y" * 50)
    add_import(databases, account, b"x" * 100)  # known content takes no room
    add_import(databases, other_account, b"z" * 500)


def test_imports_and_assets_are_counted(databases: Databases, account: Account) -> None:
    limit(databases, account, assets=1)
    with pytest.raises(QuotaExceeded, match="assets"):
        make_estate(databases, account)
    limit(databases, account, imports_per_day=2)
    add_import(databases, account)
    with pytest.raises(QuotaExceeded, match="imports_per_day"):
        add_import(databases, account)
    limit(databases, account, imports_per_day=None, assets=None)
    add_import(databases, account)


def test_members_are_counted_programs_are_not(databases: Databases, account: Account) -> None:
    limit(databases, account, members=2)
    where = account.client_account_id
    make_member(databases, where, account.name, Role.VIEWER)
    with pytest.raises(QuotaExceeded, match="members"):
        make_member(databases, where, account.name, Role.VIEWER)
    with databases.app.open(account.access) as session:
        api_keys.create(session, Role.VIEWER, "nightly", None)
    users.set_membership(databases.owner, account.user_id, where, Role.ADMIN)


def test_two_at_once_cannot_both_take_the_last_room(databases: Databases, account: Account) -> None:
    limit(databases, account, imports_per_day=1)
    both = threading.Barrier(2)
    refused: list[QuotaExceeded] = []

    def add() -> None:
        try:
            with databases.app.open(account.access) as session:
                session.connection()
                both.wait(10)
                imports.create_import(session, account.engagement_id)
        except QuotaExceeded as error:
            refused.append(error)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert used(databases, account)["imports_per_day"] == (1, 1)


def test_nobody_in_the_account_can_change_a_quota(databases: Databases, account: Account) -> None:
    limit(databases, account, assets=5)
    for statement in (
        "insert into app.account_quotas (quota, most) values ('members', 9)",
        "update app.account_quotas set most = 9",
        "delete from app.account_quotas",
    ):
        with (
            pytest.raises(Exception, match=r"login lacks|not allowed"),
            databases.app.open(account.access) as session,
        ):
            session.execute(text(statement))


def test_an_operator_sets_it_over_the_api_and_the_refusal_says_what_to_do(
    databases: Databases, account: Account, client_of: Callable[[Account], httpx.Client],
    server: str,
) -> None:  # fmt: skip
    client = client_of(account)
    where = f"{server}/api/v1/operator/client-accounts/{account.client_account_id}/quotas"
    path = f"{where}/imports_per_day"
    assert client.put(path, json={"limit": 0}).status_code == 404
    operator = users.ensure_user(databases.owner, "operator@example.com", "Operator")
    with databases.owner.begin() as connection:
        connection.execute(
            text("update app_private.users set may_create_accounts = true where id = :id"),
            {"id": operator},
        )
    key = keys.create_api_key(databases.owner, operator, label="operator")
    headers = {"Authorization": f"Bearer {key.text}"}
    assert httpx.put(path, json={"limit": 0}, headers=headers).status_code == 204
    assert httpx.put(f"{where}/beans", json={"limit": 0}, headers=headers).status_code == 404
    base = f"{server}/api/v1/client-accounts/{account.client_account_id}/quotas"
    shown = {q["quota"]: q for q in client.get(base).json()["items"]}
    assert shown["imports_per_day"] == {"quota": "imports_per_day", "limit": 0, "used": 0}
    refused = client.post("imports", files={"files": ("a.csv", b"a\n1\n")})
    assert refused.status_code == 409
    assert refused.json()["code"] == "QUOTA_EXCEEDED"
    assert "ask your operator" in refused.json()["remedy"]
    assert refused.json()["fields"] == {"quota": "imports_per_day", "limit": 0, "wanted": 1}
    with databases.app.open(account.access) as session:
        told = session.execute(
            text(
                "select entry #>> '{actor,email}' from app.audit_entries"
                " where entry ->> 'action' = 'quota.set'"
            )
        ).scalar_one()
    assert told == "operator@example.com"


def test_the_page_shows_what_is_used(
    databases: Databases, account: Account, browser_of: Callable[[Account], httpx.Client]
) -> None:
    home = f"/accounts/{account.client_account_id}"
    browser = browser_of(account)
    assert 'id="quotas"' not in browser.get(home).text
    limit(databases, account, members=4)
    assert "1 of 4" in browser.get(home).text


def test_the_command_shows_and_sets(databases: Databases, account: Account, tmp_path: Path) -> None:
    commands = Commands.over(databases, tmp_path)
    shown = commands("accounts", "quotas", account.name, "--assets", "7", "--json").json
    assert {"quota": "assets", "limit": 7, "used": 0} in shown["quotas"]
    assert "7" in commands("accounts", "quotas", account.name).out
    shown = commands("accounts", "quotas", account.name, "--remove", "assets", "--json").json
    assert {"quota": "assets", "limit": None, "used": 0} in shown["quotas"]
