"""Leaving over the API, on the page, and by command."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from landbridge.database.engine import Databases
from landbridge.identity.permissions import Role
from tests.support.accounts import Account
from tests.support.commands import Commands, Done
from tests.support.estate import make_estate

API = "/api/v1/client-accounts/{}/"


@pytest.fixture
def api(server: str, account: Account) -> httpx.Client:
    base = server + API.format(account.client_account_id)
    with httpx.Client(base_url=base, headers=account.headers, timeout=60) as client:
        yield client


def test_an_admin_schedules_and_takes_back(api: httpx.Client, account: Account) -> None:
    assert api.get("offboarding").json() == {"scheduled": None, "under_way": []}
    asked = {"name": account.name.upper(), "reason": "The contract has ended"}
    assert api.post("offboarding", json=asked).json()["code"] == "ACCOUNT_NAME_NOT_CONFIRMED"
    made = api.post("offboarding", json={**asked, "name": account.name, "days": 30})
    assert made.status_code == 201
    assert api.get("offboarding").json()["scheduled"]["reason"] == "The contract has ended"
    flow = api.post(f"engagements/{account.engagement_id}/imports", files={"files": b"a,b\n1,2\n"})
    assert (flow.status_code, flow.json()["code"]) == (409, "ACCOUNT_LEAVING")
    assert api.delete("offboarding").status_code == 204
    assert api.delete("offboarding").json()["code"] == "ERASURE_NOT_SCHEDULED"


def test_flows_that_have_not_ended_are_named(
    databases: Databases, api: httpx.Client, account: Account
) -> None:
    estate = make_estate(databases, account)
    asked = {"name": account.name, "reason": "Over"}
    refused = api.post("offboarding", json=asked)
    assert refused.status_code == 409
    assert refused.json()["fields"]["flow_ids"] == [str(estate.flow_id)]
    assert [f["id"] for f in api.get("offboarding").json()["under_way"]] == [str(estate.flow_id)]


def test_the_export_downloads(api: httpx.Client, account: Account) -> None:
    answer = api.get("export.zip")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert account.name.encode() in archive.read("client_accounts.ndjson")
        assert "manifest.sig" in archive.namelist()


def test_only_an_admin_may(make_account: Callable[..., Account], server: str) -> None:
    approver = make_account(role=Role.APPROVER)
    base = server + API.format(approver.client_account_id)
    with httpx.Client(base_url=base, headers=approver.headers) as client:
        for answer in (
            client.get("export.zip"),
            client.get("offboarding"),
            client.delete("offboarding"),
            client.post("offboarding", json={"name": approver.name, "reason": "x"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")


def test_the_page_asks_for_the_name_and_offers_the_way_back(
    browser_of: Callable[[Account], httpx.Client], account: Account
) -> None:
    browser = browser_of(account)
    home = f"/accounts/{account.client_account_id}"
    page = f"{home}/offboarding"
    assert page in browser.get(home).text
    wrong = browser.post(page, data={"name": "x", "reason": "Over"})
    assert wrong.status_code == 422
    assert "Type the name exactly" in wrong.text
    assert browser.post(page, data={"name": account.name, "reason": " "}).status_code == 422
    asked = browser.post(page, data={"name": account.name, "reason": "Over"})
    assert asked.status_code == 303
    assert "will be erased" in browser.get(page).text
    assert browser.post(f"{page}/undo").status_code == 303
    assert "will be erased" not in browser.get(page).text
    assert browser.get(f"{page}/export.zip").content[:2] == b"PK"


def test_the_commands_take_out_schedule_and_erase(
    fresh_databases: Databases, tmp_path: Path
) -> None:
    commands = Commands.over(fresh_databases, tmp_path / "data")
    (tmp_path / "data").mkdir()

    def run(*words: str) -> Done:
        return commands("accounts", *words, "--json")

    assert run("create", "Acme Limited").code == 0
    file = tmp_path / "acme.zip"
    done = run("export", "Acme Limited", "--file", str(file)).json
    assert done["files"] == 0
    checked = run("check-export", str(file)).json
    assert checked["manifest_sha256"] == done["manifest_sha256"]
    assert run("erase", "Acme Limited").json["error"]["code"] == "ACCOUNT_NAME_NOT_CONFIRMED"
    planned = run("erase", "Acme Limited", "--confirm", "Acme Limited", "--days", "3").json
    assert planned["reason"] == "Asked for by the operator"
    assert run("erase", "--due").json == {"erased": []}
    assert run("erase", "Acme Limited", "--undo").json["scheduled"] is None
    gone = run("erase", "Acme Limited", "--confirm", "Acme Limited", "--now").json
    assert gone["rows"].get("app_private.memberships") == 1, gone
    assert run("list").json == {"accounts": []}
    assert run("erase", "Acme Limited", "--now").json["error"]["code"] == "CLIENT_ACCOUNT_UNKNOWN"
