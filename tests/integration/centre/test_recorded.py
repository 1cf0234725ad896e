"""Each error that a program or a browser is shown is written down and found by its trace id."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx

from landbridge.api.routes import me
from landbridge.flows.engine import FlowClient
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.identity.permissions import Role
from tests.support.toy import toy_types
from tests.support.waiting import eventually


def only(moments):
    errors = [m for m in moments if m["kind"] == "error"]
    assert len(errors) == 1, errors
    return errors[0]


def test_what_belongs_to_an_account_is_the_accounts(client_of, account, story_of) -> None:
    answer = client_of(account).get(f"flows/{uuid4()}")
    assert answer.status_code == 404
    error = only(story_of(answer))
    assert error["code"] == "NOT_FOUND"
    assert error["client_account_id"] == str(account.client_account_id)
    assert error["place"].startswith("GET /api/v1/client-accounts/{client_account_id}/")
    assert error["user_id"] == str(account.user_id)
    assert error["detail"]["credential"].startswith("key ")
    assert error["flow_id"] is None  # it is not there


def test_an_invalid_request_and_a_refusal_are_recorded_with_their_flow(
    client_of, account, databases, story_of
) -> None:
    orchestrator = MasterFlowOrchestrator(FlowClient(databases.app), toy_types())
    with databases.app.open(account.access) as session:
        flow = orchestrator.create(session, account.engagement_id, "toy", {})
    invalid = client_of(account).get("flows", params={"limit": "many"})
    assert only(story_of(invalid))["code"] == "INVALID_REQUEST"
    refused = client_of(account).post(f"flows/{flow}/retry", json={})
    assert refused.status_code == 409
    error = only(story_of(refused))
    assert error["code"] == refused.json()["code"]
    assert error["flow_id"] == str(flow)


def test_what_belongs_to_no_account_is_nobodys(
    server, account, other_account, story_of, desk
) -> None:
    """Also what a stranger asks of an account: it is not for its members to see who."""
    path = f"/api/v1/client-accounts/{account.client_account_id}/engagements"
    stranger = httpx.get(server + path, headers=other_account.headers)
    assert stranger.status_code == 404
    error = only(story_of(stranger))
    assert error.get("client_account_id") is None
    assert error["user_id"] == str(other_account.user_id)
    nowhere = httpx.get(server + "/no/such/secret-value")
    error = only(story_of(nowhere))
    assert error["place"] == "GET unmatched"
    unknown = httpx.get(server + path)
    assert only(story_of(unknown))["code"] == "SIGN_IN_REQUIRED"


def test_a_page_leads_to_the_trace_of_its_error(browser_of, account, story_of) -> None:
    answer = browser_of(account).get(f"/accounts/{account.client_account_id}/engagements/{uuid4()}")
    assert answer.status_code == 404
    trace = re.search(r'href="/traces/([0-9a-f]{32})"', answer.text)
    assert trace
    assert trace[1] == answer.headers["x-trace-id"]
    assert only(story_of(answer))["place"].startswith("GET /accounts/{client_account_id}")
    mistake = browser_of(account).post("/sign-in", data={"token": "wrong"})
    assert mistake.status_code >= 400
    assert only(story_of(mistake))["place"] == "POST /sign-in"


def test_a_defect_is_counted_with_its_frames_and_without_its_message(
    server, account, story_of, monkeypatch, desk
) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("a client's secret value")

    monkeypatch.setattr(me.own, "settings_of", broken)
    answer = httpx.get(server + "/api/v1/me", headers=account.headers, timeout=60)
    assert answer.status_code == 500
    error = only(story_of(answer))
    assert error["code"] == "INTERNAL_ERROR"
    assert error["detail"]["category"] == "BUG"
    assert error["detail"]["error_type"] == "builtins.ZeroDivisionError"
    assert any(frame.endswith(" broken") for frame in error["detail"]["frames"])
    assert "secret value" not in str(error)
    assert eventually(lambda: desk.ask("groups", "INTERNAL_ERROR"))[0]["state"] == "open"


def test_the_counts_are_exact(server, client_of, make_account, desk) -> None:
    viewer = make_account(role=Role.VIEWER)
    client = client_of(viewer)
    path = f"{server}/api/v1/client-accounts/{viewer.client_account_id}/members"
    for _ in range(30):
        assert client.get(path).status_code == 403

    def times() -> int:
        rows = desk.ask("accounts", "PERMISSION_DENIED")
        mine = str(viewer.client_account_id)
        return sum(r["times"] for r in rows if r["client_account_id"] == mine)

    assert eventually(lambda: times() == 30)
