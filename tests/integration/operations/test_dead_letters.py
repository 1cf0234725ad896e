"""What failed for good is in one list, and is tried again together."""

from __future__ import annotations

import time

import psycopg
import pytest

from landbridge.database import urls
from landbridge.identity.permissions import Role
from landbridge.kit.ids import new_id
from landbridge.worker.runtime import running_worker
from tests.support.toy import toy_types


class Letters:
    """The dead letters of a client's account."""

    def __init__(self, client):
        self.client = client
        self.url = str(client.base_url).partition("/engagements")[0] + "/dead-letters"

    def get(self, path="", **options):
        return self.client.get(self.url + path, **options)

    def post(self, path, **options):
        return self.client.post(self.url + path, **options)


@pytest.fixture
def dead(databases, account, client_of):
    """An account with two failed flows and a message that was given up."""
    client = client_of(account)
    for _ in range(2):
        body = {"flow_type": "toy", "inputs": {"fail_in": "two"}}
        assert client.post("flows", json=body).status_code == 201
    webhook, delivery = new_id(), new_id()
    url = urls.text(databases.admin_url.set(drivername="postgresql"))
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into app.webhooks (client_account_id, id, url, kinds, created_by)"
            " values (%s, %s, 'https://example.com/hook', '{flow.completed}', %s)",
            (account.client_account_id, webhook, account.user_id),
        )
        connection.execute(
            "insert into app.webhook_deliveries (client_account_id, id, webhook_id, kind, status,"
            " attempts, tries, next_attempt_at, finished_at)"
            " values (%s, %s, %s, 'test', 'failed', 1, 8, null, now())",
            (account.client_account_id, delivery, webhook),
        )
        connection.execute(
            "insert into app.webhook_attempts (client_account_id, delivery_id, number, finished_at,"
            """ error) values (%s, %s, 1, now(), '{"code": "WEBHOOK_TIMED_OUT", "title": "Late",
            "remedy": "Answer at once."}')""",
            (account.client_account_id, delivery),
        )
    letters = Letters(client)
    with running_worker(databases.worker, toy_types()):
        deadline = time.monotonic() + 40
        while len(letters.get().json()["items"]) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    return letters


def test_failed_flows_and_messages_are_in_one_list_with_their_cause(dead):
    items = dead.get().json()["items"]
    codes = sorted((d["kind"], d["code"]) for d in items)
    assert codes == [
        ("flow", "TOY_FAILURE"),
        ("flow", "TOY_FAILURE"),
        ("webhook_delivery", "WEBHOOK_TIMED_OUT"),
    ]
    assert all(d["remedy"] and d["failed_at"] for d in items)
    assert len(dead.get(params={"kind": "flow"}).json()["items"]) == 2
    assert len(dead.get(params={"code": "WEBHOOK_TIMED_OUT"}).json()["items"]) == 1
    first = dead.get(params={"limit": 2}).json()
    rest = dead.get(params={"limit": 2, "cursor": first["next"]}).json()
    assert {d["id"] for d in first["items"] + rest["items"]} == {d["id"] for d in items}


def test_all_are_replayed_and_one_that_is_refused_holds_up_none(dead):
    items = dead.get().json()["items"]
    unknown = {"kind": "flow", "id": str(new_id())}
    named = [unknown, *({"kind": d["kind"], "id": d["id"]} for d in items[:1])]
    answer = dead.post("/replay", json={"letters": named}).json()
    assert [i["replayed"] for i in answer["items"]] == [False, True]
    assert answer["items"][0]["code"] == "NOT_FOUND"
    assert answer["left"] == 2
    answer = dead.post("/replay", json={}).json()
    assert all(i["replayed"] for i in answer["items"])
    assert answer["left"] == 0
    assert dead.get().json()["items"] == []


def test_the_page_replays_what_is_chosen(dead, account, browser_of):
    browser = browser_of(account)
    address = f"/accounts/{account.client_account_id}/dead-letters"
    text = browser.get(address).text
    assert "Late" in text
    assert text.count('name="letter"') == 3
    chosen = [f"{d['kind']}:{d['id']}" for d in dead.get().json()["items"]]
    answer = browser.post(
        address, data={"letter": chosen}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 303
    assert "Nothing failed for good" in browser.get(address).text


def test_others_see_and_replay_nothing_and_a_viewer_only_looks(
    dead, make_account, other_account, client_of, account
):
    letters = [{"kind": d["kind"], "id": d["id"]} for d in dead.get().json()["items"]]
    stranger = Letters(client_of(other_account))
    assert stranger.get().json()["items"] == []
    outcomes = stranger.post("/replay", json={"letters": letters}).json()["items"]
    assert {(o["replayed"], o["code"]) for o in outcomes} == {(False, "NOT_FOUND")}
    viewer = Letters(client_of(make_account(role=Role.VIEWER)))
    assert viewer.get().status_code == 200
    assert viewer.post("/replay", json={}).json()["code"] == "PERMISSION_DENIED"
