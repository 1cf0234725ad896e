"""The audit log over the API."""

from __future__ import annotations

import io
import uuid

import httpx
import pytest

from landbridge.audit import export
from landbridge.audit.notes import VerifierKey
from landbridge.identity.permissions import Role


@pytest.fixture
def log_at(server):
    """The log of an account, as an address."""
    return lambda account: f"{server}/api/v1/client-accounts/{account.client_account_id}/audit"


def test_a_request_is_told_with_its_origin(client_of, log_at, account) -> None:
    client = client_of(account)
    trace = uuid.uuid4().hex
    made = client.post(
        log_at(account).replace("/audit", "/engagements"),
        json={"name": "Wave two"},
        headers={"traceparent": f"00-{trace}-{trace[:16]}-01"},
    )
    assert made.status_code == 201
    [entry, *_] = client.get(log_at(account)).json()["items"]
    assert entry["action"] == "engagement.created"
    assert entry["actor"]["email"] == account.email
    assert entry["origin"] == {
        "via": "http",
        "address": "127.0.0.1",
        "trace_id": trace,
        "credential": "key " + account.api_key.split("_")[1],
    }
    assert entry["engagement_id"] == made.json()["id"]


def test_pages_and_filters(client_of, log_at, account) -> None:
    client = client_of(account)
    first = client.get(log_at(account), params={"limit": 2}).json()
    assert len(first["items"]) == 2
    second = client.get(log_at(account), params={"limit": 2, "cursor": first["next"]}).json()
    assert second["items"][0]["seq"] < first["items"][-1]["seq"]
    keys = client.get(log_at(account), params={"action": "api_key.created"}).json()["items"]
    assert {e["action"] for e in keys} == {"api_key.created"}
    here = client.get(log_at(account), params={"engagement_id": str(account.engagement_id)})
    assert [e["action"] for e in here.json()["items"]] == ["engagement.created"]
    far = client.get(log_at(account), params={"since": "3612-05-22T10:09:57-17:06"})
    assert far.json()["items"] == []
    for beyond in ({"until": "9999-12-31"}, {"since": "0001-01-01T00:00:00+01:00"}):
        refused = client.get(log_at(account), params=beyond)
        assert refused.json()["code"] == "AUDIT_FILTER_INVALID"
    wrong = client.get(log_at(account), params={"since": "yesterday"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "AUDIT_FILTER_INVALID")
    spoilt = client.get(log_at(account), params={"cursor": "WyJ4IiwgMV0"})
    assert (spoilt.status_code, spoilt.json()["code"]) == (404, "INVALID_CURSOR")


def test_reading_an_export_is_audited_before_a_byte_is_sent(client_of, log_at, account) -> None:
    client = client_of(account)
    with client.stream("GET", "/exports/inventory.csv"):
        told = client.get(log_at(account)).json()["items"][0]
    assert (told["action"], told["stated"]) == ("export.read", True)
    assert told["object"] == {"type": "export", "id": "exports/inventory.csv"}
    missing = f"imports/{uuid.uuid4()}/failed-rows.csv"
    assert client.get(f"/{missing}").status_code == 404
    assert client.get(log_at(account)).json()["items"][0]["object"]["id"] == missing


def test_sign_export_and_verify_elsewhere(client_of, log_at, account) -> None:
    client = client_of(account)
    signed = client.post(f"{log_at(account)}/checkpoints")
    assert signed.status_code == 200
    assert client.post(f"{log_at(account)}/checkpoints").json() == signed.json()
    assert client.get(f"{log_at(account)}/checkpoints").json()["items"] == [signed.json()]
    file = client.get(f"{log_at(account)}/export.jsonl")
    assert file.headers["content-disposition"].startswith("attachment")
    keys = client.get(f"{log_at(account)}/keys").json()["keys"]
    found = export.verify_file(io.StringIO(file.text), [VerifierKey.parse(k) for k in keys])
    assert (found.intact, found.checkpoints) == (True, 1)
    live = client.get(f"{log_at(account)}/verification").json()
    assert (live["intact"], live["head"]) == (True, found.head and found.head.hex())
    assert client.get(log_at(account)).json()["items"][0]["action"] == "audit.exported"


ADDRESSES = ["", "/export.jsonl", "/verification", "/checkpoints", "/keys"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_log_is_for_approvers_and_never_for_others(
    address, client_of, log_at, make_account, other_account
) -> None:
    analyst, approver = make_account(role=Role.ANALYST), make_account(role=Role.APPROVER)
    own = client_of(analyst).get(log_at(analyst) + address)
    assert (own.status_code, own.json()["code"]) == (403, "PERMISSION_DENIED")
    assert client_of(approver).get(log_at(approver) + address).status_code == 200
    assert client_of(approver).get(log_at(other_account) + address).status_code == 404
    assert httpx.get(log_at(approver) + address).status_code == 401
