"""Members, invitations, keys, settings and sessions over the API."""

import contextlib
import uuid

import httpx
import pytest

from landbridge.identity.permissions import Role
from tests.integration.api.test_tenancy import sameness


@pytest.fixture
def api(server):
    with contextlib.ExitStack() as stack:

        def client(account):
            base = f"{server}/api/v1/client-accounts/{account.client_account_id}"
            made = httpx.Client(base_url=base, headers=account.headers, timeout=30)
            return stack.enter_context(made)

        yield client


def test_a_key_is_made_used_listed_and_revoked(api, server, account):
    client = api(account)
    made = client.post("/api-keys", json={"label": "nightly", "role": "analyst", "days": 30})
    assert made.status_code == 201
    key = made.json()
    program = {"Authorization": f"Bearer {key['key']}"}
    seen = httpx.get(f"{server}/api/v1/client-accounts", headers=program).json()["items"]
    assert [(a["id"], a["role"]) for a in seen] == [(str(account.client_account_id), "analyst")]
    listed = client.get("/api-keys")
    assert key["id"] in {k["id"] for k in listed.json()["items"]}
    assert key["key"] not in listed.text
    assert client.delete(f"/api-keys/{key['id']}").status_code == 204
    assert client.delete(f"/api-keys/{key['id']}").json()["code"] == "API_KEY_UNKNOWN"
    assert httpx.get(f"{server}/api/v1/client-accounts", headers=program).status_code == 401


def test_an_invitation_is_made_listed_without_its_link_and_withdrawn(api, account):
    client = api(account)
    made = client.post("/invitations", json={"email": "ada@example.org", "role": "approver"})
    assert made.status_code == 201
    link = made.json()["link"]
    assert httpx.get(link).status_code == 200
    listed = client.get("/invitations")
    assert [i["email"] for i in listed.json()["items"]] == ["ada@example.org"]
    assert link.rpartition("/")[2] not in listed.text
    invitation = f"/invitations/{made.json()['id']}"
    assert client.delete(invitation).status_code == 204
    assert client.delete(invitation).json()["code"] == "INVITATION_UNKNOWN"
    assert httpx.get(link).json()["code"] == "LINK_ENDED"
    assert client.post("/invitations", json={"email": "a@b", "role": "king"}).status_code == 422


def test_roles_change_and_the_last_admin_stays(api, account):
    client = api(account)
    (me,) = client.get("/members").json()["items"]
    path = f"/members/{me['user_id']}"
    assert client.patch(path, json={"role": "viewer"}).json()["code"] == "LAST_ADMIN"
    assert client.delete(path).status_code == 409
    assert client.delete(f"/members/{uuid.uuid4()}").json()["code"] == "MEMBER_UNKNOWN"


def test_four_eyes_are_asked_for_by_admins_and_read_by_members(api, make_account):
    viewer = make_account(role=Role.VIEWER)
    assert api(viewer).get("/settings").json() == {"four_eyes": False}
    assert api(viewer).put("/settings", json={"four_eyes": True}).status_code == 403
    admin = api(make_account())
    assert admin.put("/settings", json={"four_eyes": True}).json() == {"four_eyes": True}
    assert admin.get("/settings").json() == {"four_eyes": True}
    assert admin.get("/operator-accesses").json()["items"] == []


def test_a_role_too_weak_is_403_inside_and_404_outside(api, server, make_account, other_account):
    analyst = make_account(role=Role.ANALYST)
    client = api(analyst)
    answers = [client.get(p) for p in ("/members", "/invitations", "/api-keys")]
    assert {a.status_code for a in answers} == {403}
    root = f"{server}/api/v1/client-accounts"
    foreign = [
        client.get(f"{root}/{place}{path}")
        for path in ("/members", "/invitations", "/api-keys", "/settings")
        for place in (other_account.client_account_id, uuid.uuid4(), "not-a-uuid")
    ]
    assert {a.status_code for a in foreign} == {404}
    assert [sameness(a) for a in foreign] == [sameness(foreign[0])] * len(foreign)


def test_a_foreign_id_and_an_unknown_one_are_the_same_to_an_admin(api, account, other_account):
    client = api(account)
    for path in ("/members/{}", "/invitations/{}"):
        bodies = []
        for identity in (str(other_account.user_id), str(uuid.uuid4())):
            answer = client.delete(path.format(identity))
            bodies.append((answer.status_code, sameness(answer)[2].replace(identity, "")))
        assert bodies[0] == bodies[1]


def test_who_you_are_and_where_you_are_signed_in(server, account, browser_of):
    me = httpx.get(f"{server}/api/v1/me", headers=account.headers).json()
    assert me["email"] == account.email
    assert not me["has_password"]
    browser = browser_of(account)
    sessions = browser.get("/api/v1/me/sessions").json()["items"]
    assert [s["is_this"] for s in sessions] == [True]
    gone = f"{server}/api/v1/me/sessions/{sessions[0]['id']}"
    assert httpx.delete(gone, headers=account.headers).status_code == 204
    again = httpx.delete(gone, headers=account.headers)
    assert again.json()["code"] == "SESSION_UNKNOWN"
    assert browser.get("/api/v1/me").status_code == 401
    everywhere = httpx.delete(f"{server}/api/v1/me/sessions", headers=account.headers)
    assert everywhere.status_code == 204


def test_only_who_may_creates_client_accounts(server, databases, account):
    url = f"{server}/api/v1/client-accounts"
    refused = httpx.post(url, json={"name": "Mine"}, headers=account.headers)
    assert refused.json()["code"] == "ACCOUNT_CREATION_DENIED"
