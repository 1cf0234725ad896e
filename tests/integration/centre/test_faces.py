"""The error centre as API, pages and commands."""

from __future__ import annotations

import httpx
import pytest

from landbridge.identity.permissions import Role
from tests.support.command import command_for
from tests.support.commands import Commands


@pytest.fixture
def refused(client_of, server, account, story_of) -> httpx.Response:
    """An answer with an error, written down."""
    path = f"{server}/api/v1/client-accounts/{account.client_account_id}/audit"
    answer = client_of(account).get(path, params={"since": "never"})
    assert answer.json()["code"] == "AUDIT_FILTER_INVALID"
    story_of(answer)
    return answer


@pytest.fixture
def pages(server, operator):
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}) as browser:
        assert browser.post("/sign-in", data={"token": operator.api_key}).status_code == 303
        yield browser


def test_the_api_of_operators(server, operator, account, refused) -> None:
    with httpx.Client(base_url=server + "/api/v1", headers=operator.headers) as api:
        found = api.get("/operator/errors", params={"q": "audit_filter"}).json()
        assert [g["code"] for g in found["groups"]] == ["AUDIT_FILTER_INVALID"]
        detail = api.get("/operator/errors/AUDIT_FILTER_INVALID").json()
        assert account.name in {a["client_account"] for a in detail["accounts"]}
        traces = {e["trace_id"] for e in detail["examples"]}
        assert refused.headers["x-trace-id"] in traces
        path = "/operator/errors/AUDIT_FILTER_INVALID/state"
        said = api.put(path, json={"state": "acknowledged", "note": "Known"})
        assert (said.status_code, said.json()["state"]) == (200, "acknowledged")
        assert api.put(path, json={"state": "muted"}).json()["code"] == "MUTE_HAS_NO_END"
        assert api.get("/operator/errors/NOT_A_CODE").json()["code"] == "ERROR_NOT_COUNTED"
        trace = api.get(f"/operator/traces/{refused.headers['x-trace-id']}").json()
        assert trace["codes"] == ["AUDIT_FILTER_INVALID"]


def test_it_is_not_there_for_others(server, account, make_account, refused) -> None:
    for path in ("errors", "errors/AUDIT_FILTER_INVALID", f"traces/{'0' * 32}"):
        answer = httpx.get(f"{server}/api/v1/operator/{path}", headers=account.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    own = f"{server}/api/v1/client-accounts/{account.client_account_id}/errors"
    mine = httpx.get(own, headers=account.headers).json()["items"]
    assert [g["code"] for g in mine] == ["AUDIT_FILTER_INVALID"]
    detail = httpx.get(f"{own}/AUDIT_FILTER_INVALID", headers=account.headers).json()
    assert [e["trace_id"] for e in detail["examples"]] == [refused.headers["x-trace-id"]]
    viewer = make_account(role=Role.VIEWER)
    theirs = f"{server}/api/v1/client-accounts/{viewer.client_account_id}/errors"
    assert httpx.get(theirs, headers=viewer.headers).status_code == 403


def test_the_pages_of_operators(pages, refused) -> None:
    path = "/operator/errors"
    assert "AUDIT_FILTER_INVALID" in pages.get(path, params={"category": "USER"}).text
    assert "Nothing matches" in pages.get(path, params={"q": "nothing such"}).text
    page = pages.get(f"{path}/AUDIT_FILTER_INVALID").text
    assert f"/traces/{refused.headers['x-trace-id']}" in page
    form = {"state": "muted", "note": "Over the weekend", "hours": "8"}
    assert pages.post(f"{path}/AUDIT_FILTER_INVALID", data=form).status_code == 303
    page = pages.get(f"{path}/AUDIT_FILTER_INVALID").text
    assert "Over the weekend" in page
    assert "Reopen" in page
    wrong = pages.post(f"{path}/AUDIT_FILTER_INVALID", data={"state": "muted", "hours": "9999"})
    assert wrong.status_code == 422 or wrong.status_code == 303
    story = pages.get(f"/traces/{refused.headers['x-trace-id']}").text
    assert "Error AUDIT_FILTER_INVALID at GET" in story
    assert pages.get("/errors/AUDIT_FILTER_INVALID").status_code == 200


def test_the_pages_of_members(browser_of, account, other_account, refused) -> None:
    browser, root = browser_of(account), f"/accounts/{account.client_account_id}"
    assert f'href="{root}/errors"' in browser.get(root).text
    assert "AUDIT_FILTER_INVALID" in browser.get(f"{root}/errors").text
    assert refused.headers["x-trace-id"] in browser.get(f"{root}/errors/AUDIT_FILTER_INVALID").text
    trace = f"/traces/{refused.headers['x-trace-id']}"
    assert browser.get(trace).status_code == 200
    assert browser_of(other_account).get(trace).status_code == 404
    assert browser.get("/operator/errors").status_code == 404


def test_the_commands(databases, tmp_path, refused) -> None:
    command, run = command_for(databases, tmp_path), Commands.over(databases, tmp_path)
    code = "AUDIT_FILTER_INVALID"
    assert run("errors", "reopen", code, "--json").json["group"]["state"] == "open"
    listed = run("errors", "centre", "--state", "open", "--category", "user", "--json").json
    assert code in {g["code"] for g in listed["groups"]}
    assert run("errors", "show", code.lower(), "--json").json["places"]
    assert code in run("errors", "show", code).out
    quiet = run("errors", "mute", code, "--hours", "2", "--note", "Maintenance", "--json")
    muted = quiet.json["group"]
    assert (muted["state"], muted["note"]) == ("muted", "Maintenance")
    assert run("errors", "resolve", code, "--json").json["group"]["state"] == "resolved"
    assert run("errors", "acknowledge", code, "--json").json["group"]["state"] == "acknowledged"
    wrong = command.json("errors", "mute", code, "--hours", "9999", expect=1)
    assert wrong["error"]["code"] == "MUTE_HAS_NO_END"
    told = run("errors", "trace", wrong["error"]["trace_id"], "--json")
    assert told.json["moments"][0]["place"] == "command errors mute"
