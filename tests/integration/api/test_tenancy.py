"""Who is asking decides what exists."""

import re
import uuid

import httpx
import pytest

from landbridge.identity.permissions import Role

VOLATILE = re.compile(r'"(trace_id|instance)":"[^"]*"')
OF_THE_TRACE = {"x-trace-id", "traceresponse", "date"}


def sameness(answer):
    """All of an answer that may not differ between a foreign and an absent thing."""
    headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_TRACE}
    headers.pop("content-length")
    return answer.status_code, headers, VOLATILE.sub("", answer.text)


def test_foreign_absent_and_malformed_are_the_same_404(client_of, server, account, other_account):
    client = client_of(account)
    mine, theirs = account.client_account_id, other_account.client_account_id
    root = f"{server}/api/v1/client-accounts"
    answers = [
        client.get(f"{root}/{theirs}/engagements"),
        client.get(f"{root}/{uuid.uuid4()}/engagements"),
        client.get(f"{root}/not-a-uuid/engagements"),
        client.get(f"{root}/{theirs}/engagements/{other_account.engagement_id}/flows"),
        client.get(f"{root}/{mine}/engagements/{other_account.engagement_id}/flows"),
        client.get(f"{root}/{mine}/engagements/{uuid.uuid4()}/flows"),
        client.get(f"{root}/{mine}/engagements/not-a-uuid/flows"),
        client.get(f"/assets/{uuid.uuid4()}"),
        client.get("/assets/not-a-uuid"),
        client.get(f"{root}/{theirs}/engagements?limit=wrong"),
    ]
    assert {a.status_code for a in answers} == {404}
    assert [sameness(a) for a in answers] == [sameness(answers[0])] * len(answers)


def test_a_role_too_weak_is_403_inside_the_own_account_only(client_of, make_account, other_account):
    viewer = make_account(role=Role.VIEWER)
    client = client_of(viewer)
    assert client.get("/flows").status_code == 200
    refused = client.post("/flows", json={"import_id": str(uuid.uuid4())})
    assert refused.status_code == 403
    assert refused.json()["code"] == "PERMISSION_DENIED"
    root = str(client.base_url).split("/client-accounts")[0]
    foreign = client.post(
        f"{root}/client-accounts/{other_account.client_account_id}"
        f"/engagements/{other_account.engagement_id}/flows",
        json={"import_id": str(uuid.uuid4())},
    )
    assert foreign.status_code == 404


def test_only_the_own_accounts_are_listed(server, account, other_account):
    body = httpx.get(f"{server}/api/v1/client-accounts", headers=account.headers).json()
    assert [a["id"] for a in body["items"]] == [str(account.client_account_id)]


class TestIdempotencyKey:
    """A creating request sent twice creates once."""

    @pytest.fixture
    def create(self, server, account):
        url = f"{server}/api/v1/client-accounts/{account.client_account_id}/engagements"

        def post(name, key):
            return httpx.post(
                url, json={"name": name}, headers={**account.headers, "Idempotency-Key": key}
            )

        return post

    def test_the_first_answer_is_repeated(self, create):
        key = str(uuid.uuid4())
        first, second = create("One", key), create("One", key)
        assert first.status_code == second.status_code == 201
        assert first.json() == second.json()
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"

    def test_another_content_under_the_same_key_is_refused(self, create):
        key = str(uuid.uuid4())
        create("One", key)
        assert create("Two", key).json()["code"] == "IDEMPOTENCY_KEY_REUSED"

    def test_a_malformed_key_is_refused(self, create):
        assert create("One", "with space").json()["code"] == "IDEMPOTENCY_KEY_MALFORMED"
        assert create("One", "x" * 201).status_code == 400
